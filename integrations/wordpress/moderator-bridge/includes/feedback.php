<?php
/**
 * What people do on the blog: decisions, edits and deletions are written down here and sent by the sweep, never at once.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

add_action( 'transition_comment_status', __NAMESPACE__ . '\write_status', 10, 3 );
add_action( 'edit_comment', __NAMESPACE__ . '\write_edit', 10, 1 );
add_action( 'delete_comment', __NAMESPACE__ . '\write_deletion', 10, 2 );

/**
 * A moderator decided: this is what the service learns from.
 *
 * @param string      $new_status approved, unapproved, spam, trash or delete.
 * @param string      $old_status The same words.
 * @param \WP_Comment $comment    The comment.
 */
function write_status( $new_status, $old_status, $comment ): void {
	if ( Turn::$is_applying || 'delete' === $new_status || ! current_user_can( 'moderate_comments' ) ) {
		return;
	}
	$record = record_of( (int) $comment->comment_ID );
	if ( null === $record || ! is_configured() || status_word( $new_status ) === status_word( $old_status ) ) {
		return;
	}
	remember( (int) $comment->comment_ID, array( 'state' => PERSON ) );
	$facts = array(
		'status'  => status_word( $new_status ),
		'version' => $record['version'],
	);
	write( $comment, event( 'comment.status_changed', $comment, $facts ) );
}

/**
 * The text or the author of a comment was edited.
 *
 * @param int $id Comment id.
 */
function write_edit( $id ): void {
	$comment = get_comment( $id );
	$record  = $comment ? record_of( (int) $id ) : null;
	if ( Turn::$is_applying || null === $record || ! is_configured() || ( $record['checksum'] ?? '' ) === checksum( $comment ) ) {
		return;
	}
	$version = (int) $record['version'] + 1;
	$status  = status_word( $comment->comment_approved );
	$changes = array( 'version' => $version, 'checksum' => checksum( $comment ) );
	if ( current_user_can( 'moderate_comments' ) && 'hold' !== $status ) {
		$changes['state'] = PERSON; // Who edits what is published, vouches for it.
	} elseif ( PERSON === $record['state'] && ! current_user_can( 'moderate_comments' ) ) {
		$changes['state'] = DECIDED; // Its author changed what a person had decided on.
	}
	remember( (int) $id, $changes );
	$facts = array(
		'status'  => $status,
		'version' => $version,
	);
	write( $comment, event( 'comment.updated', $comment, $facts ) );
}

/**
 * A comment is about to be deleted for good: the service forgets it too, so nothing of its text is sent.
 *
 * @param int         $id      Comment id.
 * @param \WP_Comment $comment The comment.
 */
function write_deletion( $id, $comment ): void {
	$record = record_of( (int) $id );
	if ( null === $record || ! is_configured() ) {
		return;
	}
	$comment = clone $comment;
	foreach ( array( 'comment_author', 'comment_author_email', 'comment_author_url', 'comment_author_IP', 'comment_agent', 'comment_content' ) as $field ) {
		$comment->$field = '';
	}
	$facts = array(
		'status'  => 'trash',
		'version' => $record['version'],
	);
	$event = event( 'comment.deleted', $comment, $facts );
	unset( $event['data']['comment']['content'], $event['data']['linkback'] );
	write_orphan( $event );
	if ( platform_id( (int) $id ) !== (string) $id ) {
		pass( platform_id( (int) $id ), GONE );
	}
}
