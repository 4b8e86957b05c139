<?php
/**
 * New comments and linkbacks: on hold until there is a verdict, with the event written beside them.
 *
 * pre_comment_approved and wp_insert_comment are the two hooks that the form, XML-RPC, trackbacks and the REST API share.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const HONEYPOT = 'contact_by_fax';

add_filter( 'pre_comment_approved', __NAMESPACE__ . '\hold', PHP_INT_MAX, 2 );
add_action( 'wp_insert_comment', __NAMESPACE__ . '\write_created', 10, 2 );
add_action( 'xmlrpc_call', __NAMESPACE__ . '\note_target', 10, 2 );
add_action( 'comment_form_after_fields', __NAMESPACE__ . '\show_honeypot' );

/**
 * Put a new comment on hold, unless the blog refused it already or its author may moderate.
 *
 * @param int|string|\WP_Error $approved What WordPress decided.
 * @param array<string,mixed>  $comment  The comment to be.
 * @return int|string|\WP_Error
 */
function hold( $approved, $comment ) {
	$author           = (int) ( $comment['user_id'] ?? $comment['user_ID'] ?? 0 );
	$is_refused       = ! in_array( (string) ( is_wp_error( $approved ) ? 'error' : $approved ), array( '0', '1' ), true );
	Turn::$is_holding = is_configured() && ! $is_refused && ! user_can( $author, 'moderate_comments' );
	return Turn::$is_holding ? 0 : $approved;
}

/**
 * Write the event of a comment that hold() has just held.
 *
 * @param int         $id      Comment id.
 * @param \WP_Comment $comment The comment as stored.
 */
function write_created( $id, $comment ): void {
	if ( ! Turn::$is_holding ) {
		return; // Imported, or written by a plugin: nobody asked whether to approve it.
	}
	Turn::$is_holding = false;
	remember( (int) $id, array( 'checksum' => checksum( $comment ) ) );
	$facts = array(
		'status'  => 'hold',
		'version' => 1,
		'target'  => target_for( $comment ),
		'request' => visitor_request(),
	);
	write( $comment, event( 'comment.created', $comment, $facts ) );
}

/**
 * Keep the target of a pingback: WordPress does not store it.
 *
 * @param string $method XML-RPC method.
 * @param mixed  $args   Its arguments.
 */
function note_target( $method, $args = array() ): void {
	if ( 'pingback.ping' === $method && is_array( $args ) && isset( $args[1] ) && is_string( $args[1] ) ) {
		Turn::$target = plain( $args[1] );
	}
}

/**
 * The target the sender named, if it is the post that was commented on.
 *
 * @param \WP_Comment $comment The comment.
 */
function target_for( \WP_Comment $comment ): string {
	$target = 'pingback' === $comment->comment_type ? Turn::$target : '';
	return '' !== $target && url_to_postid( $target ) === (int) $comment->comment_post_ID ? $target : '';
}

/**
 * What the visitor's request tells of man or machine.
 *
 * @return array<string,mixed>
 */
function visitor_request(): array {
	$request = array(
		'referrer'        => header_value( 'HTTP_REFERER', 2000 ),
		'accept_language' => header_value( 'HTTP_ACCEPT_LANGUAGE', 200 ),
	);
	if ( isset( $_POST[ HONEYPOT ] ) && is_string( $_POST[ HONEYPOT ] ) ) { // phpcs:ignore WordPress.Security.NonceVerification
		$request['honeypot'] = array(
			'name'  => HONEYPOT,
			'value' => substr( sanitize_text_field( wp_unslash( $_POST[ HONEYPOT ] ) ), 0, 200 ), // phpcs:ignore WordPress.Security.NonceVerification
		);
	}
	return $request;
}

/**
 * A header of the visitor's request, cut.
 *
 * @param string $name  Key of $_SERVER.
 * @param int    $limit Longest length.
 */
function header_value( string $name, int $limit ): string {
	return isset( $_SERVER[ $name ] ) ? substr( sanitize_text_field( wp_unslash( $_SERVER[ $name ] ) ), 0, $limit ) : '';
}

/** A field that no person sees or fills in. */
function show_honeypot(): void {
	if ( is_configured() ) {
		printf(
			'<p style="position:absolute;left:-9999px" aria-hidden="true"><label>%s <input type="text" name="%s" value="" tabindex="-1" autocomplete="off"></label></p>',
			esc_html__( 'Leave this empty', 'moderator-bridge' ),
			esc_attr( HONEYPOT )
		);
	}
}

/**
 * Tells whether a later save changed what was judged.
 *
 * @param \WP_Comment $comment The comment.
 */
function checksum( \WP_Comment $comment ): string {
	return md5( implode( "\n", array( $comment->comment_author, $comment->comment_author_email, $comment->comment_author_url, $comment->comment_content ) ) );
}
