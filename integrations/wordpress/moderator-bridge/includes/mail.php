<?php
/**
 * WordPress' own mails, once and at the right time: the moderator hears of what is on hold when its verdict is known.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

add_filter( 'notify_moderator', __NAMESPACE__ . '\may_notify_moderator', 20, 2 );
add_filter( 'notify_post_author', __NAMESPACE__ . '\may_notify_author', 20, 2 );

/**
 * Not while a comment is being checked.
 *
 * @param bool $may        What was decided before.
 * @param int  $comment_id The comment.
 * @return bool
 */
function may_notify_moderator( $may, $comment_id ) {
	$record = record_of( (int) $comment_id );
	return $may && ( null === $record || CHECKING !== $record['state'] );
}

/**
 * Not a second time when a verdict is revised back and forth. (Approved comments only: WordPress sees to that.)
 *
 * @param bool $may        What was decided before.
 * @param int  $comment_id The comment.
 * @return bool
 */
function may_notify_author( $may, $comment_id ) {
	$record  = record_of( (int) $comment_id );
	$comment = get_comment( $comment_id );
	if ( ! $may || null === $record || ! $comment || '1' !== (string) $comment->comment_approved ) {
		return $may;
	}
	if ( ! empty( $record['author_notified'] ) ) {
		return false;
	}
	remember( (int) $comment_id, array( 'author_notified' => true ) );
	return $may;
}

/**
 * Tell the moderator once that a comment waits for a person.
 *
 * @param int $comment_id The comment.
 */
function notify_moderator_once( int $comment_id ): void {
	$record = record_of( $comment_id );
	if ( null !== $record && empty( $record['moderator_notified'] ) ) {
		remember( $comment_id, array( 'moderator_notified' => true ) );
		wp_new_comment_notify_moderator( $comment_id );
	}
}
