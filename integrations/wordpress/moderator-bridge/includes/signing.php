<?php
/**
 * Standard Webhooks signatures, both directions: `v1,` + base64 HMAC-SHA256 of "id.timestamp.body".
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const TOLERANCE = 300; // Seconds a timestamp may be off, in either direction.

/**
 * The key inside a `whsec_...` secret, or '' when it is not one.
 *
 * @param string $secret The secret as the service shows it.
 */
function secret_key( string $secret ): string {
	if ( 0 !== strpos( $secret, 'whsec_' ) ) {
		return '';
	}
	$key = base64_decode( substr( $secret, 6 ), true );
	return false === $key || strlen( $key ) < 16 ? '' : $key;
}

/**
 * The signature of one message under one secret.
 *
 * @param string $id        Message id.
 * @param string $timestamp Seconds since 1970.
 * @param string $body      The raw body.
 * @param string $secret    The secret.
 */
function signature( string $id, string $timestamp, string $body, string $secret ): string {
	return 'v1,' . base64_encode( hash_hmac( 'sha256', "$id.$timestamp.$body", secret_key( $secret ), true ) );
}

/**
 * The headers of a request of ours.
 *
 * @param string $id   Message id, the same on every try.
 * @param string $body The raw body.
 * @return array<string,string>
 */
function signed_headers( string $id, string $body ): array {
	$now = (string) time();
	return array(
		'Content-Type'      => 'application/json',
		'X-Site-Id'         => setting( 'site_id' ),
		'webhook-id'        => $id,
		'webhook-timestamp' => $now,
		'webhook-signature' => signature( $id, $now, $body, setting( 'secret' ) ),
	);
}

/**
 * Whether a request comes from the service: fresh, and signed with one of our secrets.
 *
 * @param string $id         Header webhook-id.
 * @param string $timestamp  Header webhook-timestamp.
 * @param string $signatures Header webhook-signature; several are separated by spaces.
 * @param string $body       The raw body.
 */
function is_genuine( string $id, string $timestamp, string $signatures, string $body ): bool {
	if ( '' === $id || ! preg_match( '/\A[0-9]{1,12}\z/', $timestamp ) || abs( time() - (int) $timestamp ) > TOLERANCE ) {
		return false;
	}
	$is_genuine = false;
	foreach ( secrets() as $secret ) {
		if ( '' === secret_key( $secret ) ) {
			continue; // An empty key would make every forger's signature right.
		}
		$expected = signature( $id, $timestamp, $body, $secret );
		foreach ( array_slice( explode( ' ', $signatures ), 0, 10 ) as $given ) {
			$is_genuine = hash_equals( $expected, $given ) || $is_genuine;
		}
	}
	return $is_genuine;
}
