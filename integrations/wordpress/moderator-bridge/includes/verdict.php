<?php
/**
 * The service's verdicts: POST /wp-json/moderator/v1/verdict, signed as Standard Webhooks.
 *
 * In this order: 401 not genuine, 422 not understood, 404 no such comment, 200 already known, 409 a person was first,
 * 200 applied.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const NATIVE = array(
	'approved' => 'approve',
	'hold'     => 'hold',
	'spam'     => 'spam',
	'trash'    => 'trash',
);

add_action( 'rest_api_init', __NAMESPACE__ . '\register_verdict_route' );

/** The signature is the permission. */
function register_verdict_route(): void {
	register_rest_route(
		'moderator/v1',
		'/verdict',
		array(
			'methods'             => 'POST',
			'callback'            => __NAMESPACE__ . '\receive_verdict',
			'permission_callback' => '__return_true',
		)
	);
}

/**
 * Answer one callback.
 *
 * @param \WP_REST_Request $request The request.
 */
function receive_verdict( \WP_REST_Request $request ): \WP_REST_Response {
	$id   = (string) $request->get_header( 'webhook_id' );
	$body = $request->get_body();
	if ( ! is_configured() || ! is_genuine( $id, (string) $request->get_header( 'webhook_timestamp' ), (string) $request->get_header( 'webhook_signature' ), $body ) ) {
		return not_applied( 401, 'signature' );
	}
	$message = json_decode( $body, true, 32 );
	$verdict = is_array( $message ) ? understood( $message ) : null;
	if ( null === $verdict ) {
		return not_applied( 422, 'unknown_verdict' );
	}
	$comment = get_comment( $verdict['comment_id'] );
	if ( ! $comment ) {
		return not_applied( 404, 'unknown_comment' );
	}
	$lock = 'moderator_bridge_comment_' . $comment->comment_ID;
	if ( ! lock( $lock, 30 ) ) {
		return not_applied( 503, 'busy' );
	}
	try {
		clean_comment_cache( $comment->comment_ID );
		return judge( get_comment( $comment->comment_ID ), $verdict, $id );
	} finally {
		unlock( $lock );
	}
}

/**
 * The parts of a callback that we use, or null when it is none of ours.
 *
 * @param array<string,mixed> $message The decoded body.
 * @return array<string,mixed>|null
 */
function understood( array $message ): ?array {
	$said     = is_array( $message['data'] ?? null ) ? $message['data'] : array();
	$status   = $said['status'] ?? null;
	$sequence = $said['sequence'] ?? null;
	$comment  = $said['comment']['id'] ?? null;
	$is_ours  = preg_match( '/\A"(?:verdict|linkback)\./', (string) wp_json_encode( $message['type'] ?? '' ) )
		&& setting( 'site_id' ) === ( $said['site']['id'] ?? null )
		&& is_string( $status ) && isset( NATIVE[ $status ] )
		&& is_int( $sequence ) && $sequence > 0
		&& ( is_string( $comment ) || is_int( $comment ) ) && preg_match( '/\A[0-9]{1,18}\z/', (string) $comment );
	if ( ! $is_ours ) {
		return null;
	}
	return array(
		'comment_id' => (int) $comment,
		'status'     => $status,
		'sequence'   => $sequence,
		'expected'   => is_string( $said['expected_status'] ?? null ) ? $said['expected_status'] : '',
		'by'         => is_string( $said['decided_by']['name'] ?? null ) ? $said['decided_by']['name'] : '',
		'is_person'  => 'moderator' === ( $said['decided_by']['kind'] ?? '' ),
		'reasons'    => reason_texts( $said['reasons'] ?? null ),
	);
}

/**
 * The first reasons, as texts to show.
 *
 * @param mixed $reasons The service's reasons.
 * @return string[]
 */
function reason_texts( $reasons ): array {
	$texts = array();
	foreach ( is_array( $reasons ) ? array_slice( $reasons, 0, 5 ) : array() as $reason ) {
		if ( is_array( $reason ) && is_string( $reason['text'] ?? null ) ) {
			$texts[] = wp_html_excerpt( sanitize_text_field( $reason['text'] ), 300, '…' );
		}
	}
	return $texts;
}

/**
 * Apply a verdict if it is newer than what we know and nobody on the blog decided since.
 *
 * @param \WP_Comment         $comment    The comment, fresh from the database.
 * @param array<string,mixed> $verdict    From understood().
 * @param string              $message_id The webhook-id.
 */
function judge( \WP_Comment $comment, array $verdict, string $message_id ): \WP_REST_Response {
	$record  = record_of( (int) $comment->comment_ID );
	$current = status_word( $comment->comment_approved );
	if ( null === $record ) {
		return not_applied( 404, 'unknown_comment' ); // Not one we asked about.
	}
	if ( $verdict['sequence'] <= $record['sequence'] ) {
		$is_replay = ( $record['message_id'] ?? '' ) === $message_id;
		return new \WP_REST_Response( array( 'applied' => $is_replay, 'status' => $current, 'reason' => $is_replay ? 'replay' : 'not_newer' ), 200 );
	}
	$is_waiting  = CHECKING === $record['state'] && 'hold' === $current;
	$is_expected = $is_waiting || $current === $verdict['expected'] || $current === $verdict['status'];
	// After a person here, only a person at the service may decide.
	if ( ! $is_expected || ( PERSON === $record['state'] && ! $verdict['is_person'] ) ) {
		return new \WP_REST_Response( array( 'applied' => false, 'status' => $current, 'reason' => 'changed_by_human' ), 409 );
	}
	apply( $comment, $verdict, $message_id );
	return new \WP_REST_Response( array( 'applied' => true, 'status' => $verdict['status'] ), 200 );
}

/**
 * Change the comment and remember why. The record goes first: mails ask it.
 *
 * @param \WP_Comment         $comment    The comment.
 * @param array<string,mixed> $verdict    From understood().
 * @param string              $message_id The webhook-id.
 */
function apply( \WP_Comment $comment, array $verdict, string $message_id ): void {
	$id = (int) $comment->comment_ID;
	remember(
		$id,
		array(
			'state'      => DECIDED,
			'sequence'   => $verdict['sequence'],
			'message_id' => $message_id,
			'status'     => $verdict['status'],
			'by'         => sanitize_text_field( $verdict['by'] ),
			'reasons'    => $verdict['reasons'],
			'decided_at' => time(),
		)
	);
	Turn::$is_applying = true;
	if ( status_word( $comment->comment_approved ) !== $verdict['status'] ) {
		set_status( $id, NATIVE[ $verdict['status'] ] );
	}
	Turn::$is_applying = false;
	if ( 'hold' === $verdict['status'] ) {
		notify_moderator_once( $id );
	}
}

/**
 * WordPress' own ways: spam and trash remember the status before, so that "not spam" and "restore" work.
 *
 * @param int    $id     Comment id.
 * @param string $native approve, hold, spam or trash.
 */
function set_status( int $id, string $native ): void {
	if ( 'spam' === $native ) {
		wp_spam_comment( $id );
	} elseif ( 'trash' === $native && EMPTY_TRASH_DAYS ) {
		wp_trash_comment( $id ); // Without a trash this would delete for good.
	} else {
		wp_set_comment_status( $id, $native );
		delete_comment_meta( $id, '_wp_trash_meta_status' );
		delete_comment_meta( $id, '_wp_trash_meta_time' );
	}
}

/**
 * An answer that changed nothing.
 *
 * @param int    $code   HTTP status.
 * @param string $reason Why.
 */
function not_applied( int $code, string $reason ): \WP_REST_Response {
	return new \WP_REST_Response( array( 'applied' => false, 'reason' => $reason ), $code );
}
