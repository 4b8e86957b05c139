<?php
/**
 * Where a comment's verdict stands and why, in the list of comments and on the page of one.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

add_filter( 'manage_edit-comments_columns', __NAMESPACE__ . '\add_column' );
add_action( 'manage_comments_custom_column', __NAMESPACE__ . '\show_column', 10, 2 );
add_action( 'add_meta_boxes_comment', __NAMESPACE__ . '\add_box' );
add_action( 'admin_notices', __NAMESPACE__ . '\warn' );
add_action( 'admin_init', __NAMESPACE__ . '\suggest_privacy_text' );

/** On the list of comments: say when what is on hold waits for a service that is not there. */
function warn(): void {
	$screen  = get_current_screen();
	$waiting = $screen && 'edit-comments' === $screen->id && is_configured() ? waiting() : array( 'oldest' => null );
	$since   = $waiting['oldest'] ? (int) strtotime( $waiting['oldest'] . ' UTC' ) : time();
	if ( time() - $since < 10 * MINUTE_IN_SECONDS ) {
		return;
	}
	$error = health()['last_error'];
	/* translators: 1: a duration, 2: an error message */
	$text = sprintf( __( 'Comments have been waiting for %1$s to be sent to the Moderator service. %2$s', 'moderator-bridge' ), human_time_diff( $since ), $error );
	echo '<div class="notice notice-warning"><p>' . esc_html( $text ) . '</p></div>';
}

/** Something for the blog's privacy policy. */
function suggest_privacy_text(): void {
	wp_add_privacy_policy_content(
		__( 'Moderator', 'moderator-bridge' ),
		'<p>' . esc_html__( 'Comments are checked by a moderation service that we run: their text, the name, e-mail address and website given, the IP address and the browser are sent to it. When a comment is deleted, the service forgets it.', 'moderator-bridge' ) . '</p>'
	);
}

/**
 * A column of our own.
 *
 * @param array<string,string> $columns Columns and their titles.
 * @return array<string,string>
 */
function add_column( $columns ) {
	$columns[ PAGE ] = __( 'Moderator', 'moderator-bridge' );
	return $columns;
}

/**
 * One cell.
 *
 * @param string $column     Which column.
 * @param int    $comment_id Which comment.
 */
function show_column( $column, $comment_id ): void {
	if ( PAGE === $column ) {
		show_record( (int) $comment_id );
	}
}

/**
 * The box beside the edit form of a comment that went through us.
 *
 * @param \WP_Comment $comment The comment.
 */
function add_box( $comment ): void {
	if ( null !== record_of( (int) $comment->comment_ID ) ) {
		add_meta_box(
			PAGE,
			__( 'Moderator', 'moderator-bridge' ),
			static function () use ( $comment ) {
				show_record( (int) $comment->comment_ID );
			},
			'comment',
			'normal'
		);
	}
}

/**
 * State and reasons. Everything here was written by strangers or by the service: escaped.
 *
 * @param int $comment_id Which comment.
 */
function show_record( int $comment_id ): void {
	$record = record_of( $comment_id );
	if ( null === $record ) {
		echo '—';
		return;
	}
	echo '<strong>' . esc_html( state_in_words( $record ) ) . '</strong>';
	if ( $record['reasons'] ) {
		echo '<ul style="margin:4px 0 0 1em;list-style:disc">';
		foreach ( (array) $record['reasons'] as $reason ) {
			echo '<li>' . esc_html( (string) $reason ) . '</li>';
		}
		echo '</ul>';
	}
}

/**
 * Where it stands, for people.
 *
 * @param array<string,mixed> $record The record.
 */
function state_in_words( array $record ): string {
	$statuses = array(
		'approved' => __( 'Approved', 'moderator-bridge' ),
		'hold'     => __( 'Held for a person', 'moderator-bridge' ),
		'spam'     => __( 'Spam', 'moderator-bridge' ),
		'trash'    => __( 'Discarded', 'moderator-bridge' ),
	);
	$states = array(
		CHECKING => __( 'Being checked', 'moderator-bridge' ),
		REFUSED  => __( 'The service did not take it; please decide', 'moderator-bridge' ),
		PERSON   => __( 'Decided here', 'moderator-bridge' ),
	);
	return $states[ $record['state'] ] ?? $statuses[ $record['status'] ?? 'hold' ] ?? '';
}
