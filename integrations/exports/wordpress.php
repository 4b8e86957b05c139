<?php
/**
 * Comments of every kind and state in a real WordPress, then what its own exporter writes of them.
 *
 * @package Moderator_Bridge
 */

require_once ABSPATH . 'wp-admin/includes/export.php';

/** Store a comment as WordPress does; `$more` are other columns. */
function exports_say( $post, $text, $more = array() ) {
	return wp_insert_comment(
		wp_slash(
			$more + array(
				'comment_post_ID'      => $post,
				'comment_content'      => $text,
				'comment_author'       => 'Alice',
				'comment_author_email' => 'alice@example.org',
				'comment_author_url'   => 'https://alice.example.org/',
				'comment_author_IP'    => '192.0.2.10',
				'comment_approved'     => '1',
				'comment_type'         => 'comment',
				'comment_date'         => '2026-03-04 13:00:00',
				'comment_date_gmt'     => '2026-03-04 12:00:00',
			)
		)
	);
}

/** Change columns behind WordPress' back, as plugins do. */
function exports_slip( $comment, $columns ) {
	global $wpdb;
	$wpdb->update( $wpdb->comments, $columns, array( 'comment_ID' => $comment ) );
}

/** What people and programs leave in a blog. */
function exports_fill() {
	foreach ( get_comments( array( 'status' => array( 'all', 'spam', 'trash' ), 'fields' => 'ids' ) ) as $id ) {
		wp_delete_comment( $id, true );
	}
	$post = wp_insert_post( array( 'post_title' => 'Tea & bridges', 'post_content' => 'Long ago', 'post_status' => 'publish', 'tags_input' => array( 'Tea & cake' ) ) );
	$gone = wp_insert_post( array( 'post_title' => 'Gone', 'post_content' => 'x', 'post_status' => 'publish' ) );
	$one  = exports_say( $post, 'It was <em>finished</em> in 1911. ]]> & more' );
	exports_say( $post, 'No, in 1912.', array( 'comment_parent' => $one, 'user_id' => 1 ) );
	exports_say( $post, 'Has anybody been there since?', array( 'comment_approved' => '0' ) );
	$spam = exports_say( $post, 'Order a lamp', array( 'comment_approved' => 'spam' ) );
	exports_say( $post, 'What lamp?', array( 'comment_parent' => $spam ) );
	wp_trash_comment( exports_say( $post, 'Thrown away' ) );
	exports_say(
		$post,
		'[&#8230;] about tea [&#8230;]',
		array( 'comment_type' => 'pingback', 'comment_author' => 'A page &amp; more', 'comment_author_url' => 'https://far.example.org/?a=1&amp;b=2', 'comment_author_email' => '' )
	);
	exports_say( $post, "<strong>Its title</strong>\n\nIts words", array( 'comment_type' => 'trackback', 'comment_author' => 'Far away' ) );
	exports_say( $post, 'a note', array( 'comment_type' => 'order_note' ) );
	exports_slip( exports_say( $post, 'Before 5.5' ), array( 'comment_type' => '' ) );
	exports_slip(
		exports_say( $post, 'By a plugin' ),
		array( 'comment_date_gmt' => '0000-00-00 00:00:00', 'comment_author_url' => 'https://a.example.org/?a=1&b=2', 'comment_author' => "Tea\x0c &amp; Co" )
	);
	$door = exports_say( $post, 'linked', array( 'comment_type' => 'webmention' ) );
	add_comment_meta( $door, '_moderator_bridge_door', 'abc123' );
	add_comment_meta( $door, 'akismet_as_submitted', array( 'comment_content' => str_repeat( 'x', 500 ) ) );
	exports_say( $gone, 'Under a post that goes' );
	wp_trash_post( $gone );
}

/** The export as the page Tools > Export hands it over. */
function exports_written() {
	exports_fill();
	ob_start();
	export_wp( array( 'content' => 'all' ) );
	return base64_encode( ob_get_clean() );
}
