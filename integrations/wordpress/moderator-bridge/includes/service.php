<?php
/**
 * One request to the service and what its answer means.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

// What an answer means for the row it is about.
const TAKEN   = 'taken';
const REFUSE  = 'refuse'; // The service will never take these bytes.
const LATER   = 'later';

const EVENTS = '/v1/submissions/bulk';

/**
 * POST a signed body.
 *
 * @param string $path Path at the service.
 * @param string $id   Message id, the same on every try.
 * @param string $body JSON.
 * @return array{code:int,error:string,retry_after:int,answer:mixed} Code 0 when there was no answer.
 */
function post( string $path, string $id, string $body ): array {
	$response = wp_remote_post(
		setting( 'url' ) . $path,
		array(
			'body'        => $body,
			'headers'     => signed_headers( $id, $body ),
			'timeout'     => 10,
			'redirection' => 0,
			'user-agent'  => 'ModeratorBridge/' . VERSION . '; WordPress/' . get_bloginfo( 'version' ),
		)
	);
	if ( is_wp_error( $response ) ) {
		return array( 'code' => 0, 'error' => $response->get_error_message(), 'retry_after' => 0, 'answer' => null );
	}
	$code   = (int) wp_remote_retrieve_response_code( $response );
	$answer = json_decode( wp_remote_retrieve_body( $response ), true );
	return array(
		'code'        => $code,
		'error'       => $code >= 200 && $code < 300 ? '' : problem( $code, $answer ),
		'retry_after' => (int) wp_remote_retrieve_header( $response, 'retry-after' ),
		'answer'      => $answer,
	);
}

/**
 * A problem+json answer in one line.
 *
 * @param int   $code   HTTP status.
 * @param mixed $answer The decoded body.
 */
function problem( int $code, $answer ): string {
	$parts = array( (string) $code );
	foreach ( array( 'title', 'detail' ) as $field ) {
		if ( is_array( $answer ) && is_string( $answer[ $field ] ?? null ) ) {
			$parts[] = $answer[ $field ];
		}
	}
	foreach ( is_array( $answer ) && is_array( $answer['errors'] ?? null ) ? array_slice( $answer['errors'], 0, 3 ) : array() as $error ) {
		if ( is_array( $error ) ) {
			$parts[] = implode( ' ', array_filter( $error, 'is_string' ) );
		}
	}
	return substr( sanitize_text_field( implode( ' ', $parts ) ), 0, 300 );
}

/**
 * What the answer to one event means.
 *
 * @param int $code HTTP status of that event.
 */
function meaning( int $code ): string {
	if ( $code >= 200 && $code < 300 ) {
		return TAKEN;
	}
	return $code >= 400 && $code < 500 && ! in_array( $code, array( 408, 425, 429 ), true ) ? REFUSE : LATER;
}
