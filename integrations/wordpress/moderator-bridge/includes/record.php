<?php
/**
 * What we remember of a comment beside it: where its verdict stands, and why.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const RECORD = '_moderator_bridge';

// Where a comment stands. Checking: on hold, no verdict yet. Refused: the service would not take it.
const CHECKING = 'checking';
const DECIDED  = 'decided';
const REFUSED  = 'refused';
const PERSON   = 'person';

/**
 * The record of a comment, or null when it never went through us.
 *
 * @param int $comment_id Which comment.
 * @return array<string,mixed>|null
 */
function record_of( int $comment_id ): ?array {
	$record = get_comment_meta( $comment_id, RECORD, true );
	return is_array( $record ) && isset( $record['state'] ) ? $record : null;
}

/**
 * Change some fields of a comment's record.
 *
 * @param int                 $comment_id Which comment.
 * @param array<string,mixed> $changes    Fields and their new values.
 */
function remember( int $comment_id, array $changes ): void {
	$start  = array(
		'state'    => CHECKING,
		'sequence' => 0,
		'version'  => 1,
		'reasons'  => array(),
	);
	$record = array_merge( $start, record_of( $comment_id ) ?? array(), $changes );
	update_comment_meta( $comment_id, RECORD, wp_slash( $record ) );
}

/**
 * The service's word for a WordPress status.
 *
 * @param string $native comment_approved, or a word of transition_comment_status.
 */
function status_word( string $native ): string {
	$words = array(
		'1'            => 'approved',
		'approve'      => 'approved',
		'approved'     => 'approved',
		'spam'         => 'spam',
		'trash'        => 'trash',
		'post-trashed' => 'trash',
	);
	return $words[ $native ] ?? 'hold';
}
