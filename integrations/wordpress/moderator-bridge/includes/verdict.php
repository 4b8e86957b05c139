<?php
/**
 * The service's verdicts: POST /wp-json/moderator/v1/verdict, signed as Standard Webhooks.
 *
 * In this order: 401 not genuine, 422 not understood, 404 no such comment, 200 already known, 409 a person was first,
 * 200 applied. A linkback that came to the service's door may become a comment before (linkback.php).
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
	$lock = 'moderator_bridge_comment_' . ( is_door_id( $verdict['comment'] ) ? md5( $verdict['comment'] ) : $verdict['comment'] );
	if ( ! lock( $lock, 30 ) ) {
		return not_applied( 503, 'busy' );
	}
	try {
		return find_and_judge( $verdict, $id );
	} finally {
		unlock( $lock );
	}
}

/**
 * Answer a genuine callback. The caller has its lock.
 *
 * @param array<string,mixed> $verdict    From understood().
 * @param string              $message_id The webhook-id.
 */
function find_and_judge( array $verdict, string $message_id ): \WP_REST_Response {
	$is_by_door = is_door_id( $verdict['comment'] );
	$id         = $is_by_door ? comment_of_linkback( $verdict['comment'] ) : (int) $verdict['comment'];
	if ( $is_by_door && 0 === $id ) {
		$id = admit( $verdict );
		if ( $id instanceof \WP_REST_Response ) {
			return $id;
		}
	}
	clean_comment_cache( $id );
	$comment = $id > 0 ? get_comment( $id ) : null;
	return $comment ? judge( $comment, $verdict, $message_id ) : not_applied( 404, 'unknown_comment' );
}

/**
 * Whether a comment's id is the service's own: it names a linkback that came to one of its doors.
 *
 * @param string $id The id.
 */
function is_door_id( string $id ): bool {
	return 1 === preg_match( '/\A(?:' . implode( '|', LINKBACKS ) . '):[\x21-\x7e]{1,200}\z/', $id );
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
	$comment  = is_string( $comment ) || is_int( $comment ) ? (string) $comment : '';
	$linkback = is_door_id( $comment ) ? understood_linkback( $said['linkback'] ?? null ) : null;
	$is_ours  = preg_match( '/\A"(?:verdict|linkback)\./', (string) wp_json_encode( $message['type'] ?? '' ) )
		&& setting( 'site_id' ) === ( $said['site']['id'] ?? null )
		&& is_string( $status ) && isset( NATIVE[ $status ] )
		&& is_int( $sequence ) && $sequence > 0
		&& ( null !== $linkback || preg_match( '/\A[0-9]{1,18}\z/', $comment ) );
	if ( ! $is_ours ) {
		return null;
	}
	return array(
		'comment'   => $comment,
		'linkback'  => $linkback,
		'when'      => sent_at( $message['timestamp'] ?? null ),
		'status'    => $status,
		'sequence'  => $sequence,
		'expected'  => is_string( $said['expected_status'] ?? null ) ? $said['expected_status'] : '',
		'by'        => is_string( $said['decided_by']['name'] ?? null ) ? $said['decided_by']['name'] : '',
		'is_person' => 'moderator' === ( $said['decided_by']['kind'] ?? '' ),
		'reasons'   => reason_texts( $said['reasons'] ?? null ),
	);
}

/**
 * When the service decided; now, if it does not say or says the future.
 *
 * @param mixed $timestamp RFC 3339.
 */
function sent_at( $timestamp ): int {
	$when = is_string( $timestamp ) ? (int) strtotime( $timestamp ) : 0;
	return $when > 0 ? min( $when, time() ) : time();
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
	if ( null !== $verdict['linkback'] && 'approved' === $verdict['status'] && PERSON !== $record['state'] ) {
		refresh_linkback( $comment, $verdict );
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
