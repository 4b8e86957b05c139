<?php
/**
 * What is still to be sent: one row per event, written in the same breath as the change it tells of.
 *
 * The event is frozen when it is written, so that every try sends the same bytes under the same id. A comment's
 * events are rows of its own meta; what a permanent deletion leaves to say is an option, for the meta is gone.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const UNSENT    = '_moderator_bridge_unsent';
const ORPHAN    = 'moderator_bridge_gone_';
const MAX_TRIES = 12; // Of one row that the service fails on while it takes others.

/** What this request has done so far; forgotten when it ends. */
final class Turn {
	/**
	 * The comment being saved was put on hold by us.
	 *
	 * @var bool
	 */
	public static $is_holding = false;
	/**
	 * A verdict of the service is being applied.
	 *
	 * @var bool
	 */
	public static $is_applying = false;
	/**
	 * Something was written that waits to be sent.
	 *
	 * @var bool
	 */
	public static $has_written = false;
	/**
	 * The target that a pingback named.
	 *
	 * @var string
	 */
	public static $target = '';
}

/**
 * Write an event beside its comment.
 *
 * @param \WP_Comment         $comment The comment.
 * @param array<string,mixed> $event   What to send.
 */
function write( \WP_Comment $comment, array $event ): void {
	add_comment_meta( (int) $comment->comment_ID, UNSENT, wp_slash( sealed( $event ) ) );
	Turn::$has_written = true;
}

/**
 * Write an event about a comment that will be gone in a moment.
 *
 * @param array<string,mixed> $event What to send.
 */
function write_orphan( array $event ): void {
	add_option( ORPHAN . wp_generate_uuid4(), sealed( $event ), '', 'no' );
	Turn::$has_written = true;
}

/**
 * The row of an event. ASCII only, so that no database charset can refuse it.
 *
 * @param array<string,mixed> $event What to send.
 */
function sealed( array $event ): string {
	$row = array(
		'id'    => 'evt_' . wp_generate_uuid4(),
		'event' => $event,
		'tries' => 0,
		'after' => 0,
	);
	return (string) wp_json_encode( $row, JSON_UNESCAPED_SLASHES );
}

/**
 * The next rows in order of comment id, and of time within a comment; a comment's rows never overtake each other.
 *
 * @param int $after_comment Start behind this comment id.
 * @param int $limit         How many rows to look at.
 * @return array<int,array<string,mixed>> Rows with key, comment_id, id, event, tries, after.
 */
function unsent( int $after_comment, int $limit ): array {
	global $wpdb;
	$found = $wpdb->get_results(
		$wpdb->prepare(
			"SELECT meta_id, comment_id, meta_value FROM {$wpdb->commentmeta} WHERE meta_key = %s AND comment_id > %d ORDER BY comment_id, meta_id LIMIT %d",
			UNSENT,
			$after_comment,
			$limit
		)
	);
	$rows = array();
	foreach ( $found as $line ) {
		$row    = json_decode( $line->meta_value, true );
		$rows[] = array_merge(
			is_array( $row ) ? $row : array( 'id' => '', 'event' => null, 'tries' => 0, 'after' => 0 ),
			array(
				'key'        => (int) $line->meta_id,
				'comment_id' => (int) $line->comment_id,
			)
		);
	}
	return $rows;
}

/**
 * The events of deleted comments.
 *
 * @param int $limit How many at most.
 * @return array<int,array<string,mixed>>
 */
function orphans( int $limit ): array {
	global $wpdb;
	$found = $wpdb->get_results(
		$wpdb->prepare(
			"SELECT option_name, option_value FROM {$wpdb->options} WHERE option_name LIKE %s ORDER BY option_id LIMIT %d",
			$wpdb->esc_like( ORPHAN ) . '%',
			$limit
		)
	);
	$rows = array();
	foreach ( $found as $line ) {
		$row = json_decode( $line->option_value, true );
		if ( is_array( $row ) ) {
			$rows[] = array_merge( $row, array( 'key' => $line->option_name, 'comment_id' => 0 ) );
		}
	}
	return $rows;
}

/**
 * Take a row out: it was sent, or never will be.
 *
 * @param array<string,mixed> $row A row of unsent() or orphans().
 */
function clear_row( array $row ): void {
	if ( is_string( $row['key'] ) ) {
		delete_option( $row['key'] );
	} else {
		delete_metadata_by_mid( 'comment', $row['key'] );
	}
}

/**
 * Leave a row for later, longer after every try.
 *
 * @param array<string,mixed> $row A row of unsent() or orphans().
 */
function put_off( array $row ): void {
	$later = array(
		'id'    => $row['id'],
		'event' => $row['event'],
		'tries' => $row['tries'] + 1,
		'after' => time() + min( 3600, 30 * ( 2 ** min( 10, $row['tries'] ) ) ),
	);
	$value = (string) wp_json_encode( $later, JSON_UNESCAPED_SLASHES );
	if ( is_string( $row['key'] ) ) {
		update_option( $row['key'], $value, false );
	} else {
		update_metadata_by_mid( 'comment', $row['key'], $value );
	}
}

/**
 * How much waits, for people to see.
 *
 * @return array{count:int,oldest:?string} Number of rows, and the GMT date of the oldest comment among them.
 */
function waiting(): array {
	global $wpdb;
	$marked = $wpdb->get_row(
		$wpdb->prepare(
			"SELECT COUNT(*) AS rows_waiting, MIN(c.comment_date_gmt) AS oldest FROM {$wpdb->commentmeta} m JOIN {$wpdb->comments} c ON c.comment_ID = m.comment_id WHERE m.meta_key = %s",
			UNSENT
		)
	);
	return array(
		'count'  => (int) $marked->rows_waiting + count( orphans( 1000 ) ),
		'oldest' => $marked->oldest,
	);
}
