<?php
/**
 * Linkbacks that came to the service's doors: what it approves becomes a comment here, once, under the service's id.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const DOOR_ID = '_moderator_bridge_door';
const PASSED  = 'moderator_bridge_passed_';
const GONE    = PHP_INT_MAX; // In the place of a sequence: somebody deleted the comment here.
const KEPT    = WEEK_IN_SECONDS; // Longer than the service tries to deliver a callback.

/**
 * The parts of a callback's linkback that make a comment, or null when it is none.
 *
 * @param mixed $said What the service says of it.
 * @return array<string,string>|null
 */
function understood_linkback( $said ): ?array {
	$said   = is_array( $said ) ? $said : array();
	$author = is_array( $said['author'] ?? null ) ? $said['author'] : array();
	$parts  = array( 'name' => $author['name'] ?? '' );
	foreach ( array( 'protocol', 'type', 'source', 'target', 'title', 'excerpt' ) as $name ) {
		$parts[ $name ] = $said[ $name ] ?? '';
	}
	$parts    = array_map( 'trim', array_filter( $parts, 'is_string' ) );
	$is_whole = 7 === count( $parts )
		&& in_array( $parts['protocol'], LINKBACKS, true )
		&& '' !== esc_url_raw( $parts['source'], array( 'http', 'https' ) );
	return $is_whole ? $parts : null;
}

/**
 * The comment that was made of a linkback; 0 when there is none.
 *
 * @param string $door_id The service's id.
 */
function comment_of_linkback( string $door_id ): int {
	global $wpdb;
	return (int) $wpdb->get_var( $wpdb->prepare( "SELECT comment_id FROM {$wpdb->commentmeta} WHERE meta_key = %s AND meta_value = %s ORDER BY comment_id LIMIT 1", DOOR_ID, $door_id ) );
}

/**
 * The service's name for a comment: the linkback's own, or WordPress' number.
 *
 * @param int $comment_id Which comment.
 */
function platform_id( int $comment_id ): string {
	$door_id = get_comment_meta( $comment_id, DOOR_ID, true );
	return is_string( $door_id ) && '' !== $door_id ? $door_id : (string) $comment_id;
}

/**
 * Make a comment on hold of a linkback that has none, for judge() to approve. The caller has its lock.
 *
 * @param array<string,mixed> $verdict From understood().
 * @return int|\WP_REST_Response Comment id, or why there is none.
 */
function admit( array $verdict ) {
	$passed = (int) get_transient( PASSED . md5( $verdict['comment'] ) );
	if ( GONE === $passed ) {
		return not_applied( 404, 'deleted' );
	}
	if ( $verdict['sequence'] <= $passed ) {
		return not_applied( 200, 'not_newer' );
	}
	if ( 'approved' !== $verdict['status'] ) {
		if ( $verdict['sequence'] > 1 ) { // An earlier approval may still be on its way.
			pass( $verdict['comment'], $verdict['sequence'] );
		}
		return not_applied( 200, 'no_comment' );
	}
	if ( ! is_handed_over() ) {
		return not_applied( 404, 'unknown_comment' );
	}
	$post = get_post( post_of( $verdict['linkback']['target'] ) );
	if ( ! $post || ! is_post_publicly_viewable( $post ) ) {
		return not_applied( 404, 'unknown_post' );
	}
	if ( ! pings_open( $post ) ) {
		return not_applied( 404, 'pings_closed' );
	}
	$id = insert_linkback( $verdict, (int) $post->ID );
	return $id > 0 ? $id : not_applied( 503, 'not_stored' );
}

/**
 * Remember that callbacks up to this sequence make no comment any more.
 *
 * @param string $door_id  The service's id.
 * @param int    $sequence The last one, or GONE.
 */
function pass( string $door_id, int $sequence ): void {
	set_transient( PASSED . md5( $door_id ), $sequence, KEPT );
}

/**
 * The post that is linked to; 0 when it is none. The service knows all names of this blog, WordPress only one.
 *
 * @param string $target An address on this blog.
 */
function post_of( string $target ): int {
	$id = url_to_postid( $target );
	if ( 0 === $id ) {
		$home = wp_parse_url( home_url() );
		$id   = url_to_postid( (string) preg_replace( '#\Ahttps?://[^/?\#]*#i', $home['scheme'] . '://' . $home['host'] . ( isset( $home['port'] ) ? ':' . $home['port'] : '' ), $target ) );
	}
	return $id;
}

/**
 * The comment, its id and its record: all or nothing, so that a repeated callback finds what there is.
 *
 * @param array<string,mixed> $verdict From understood().
 * @param int                 $post_id The post.
 */
function insert_linkback( array $verdict, int $post_id ): int {
	global $wpdb;
	$when   = gmdate( 'Y-m-d H:i:s', $verdict['when'] );
	$fields = array_merge(
		linkback_fields( $verdict['linkback'] ),
		array(
			'comment_post_ID'      => $post_id,
			'comment_type'         => $verdict['linkback']['protocol'],
			'comment_approved'     => 0,
			'comment_date_gmt'     => $when,
			'comment_date'         => get_date_from_gmt( $when ),
			'comment_author_email' => '',
			'comment_author_IP'    => '',
			'comment_agent'        => 'moderator-bridge/' . VERSION,
			'user_id'              => 0,
		)
	);
	$wpdb->query( 'START TRANSACTION' );
	$id = (int) wp_insert_comment( wp_filter_comment( wp_slash( $fields ) ) );
	if ( $id > 0 && add_comment_meta( $id, DOOR_ID, wp_slash( $verdict['comment'] ), true ) ) {
		remember( $id, array( 'checksum' => checksum( get_comment( $id ) ), 'said' => fingerprint( $verdict ) ) );
		$wpdb->query( 'COMMIT' );
		return $id;
	}
	$wpdb->query( 'ROLLBACK' );
	clean_comment_cache( $id );
	return 0;
}

/**
 * Write what the source says now into its comment, unless that is what we wrote last.
 *
 * @param \WP_Comment         $comment The comment.
 * @param array<string,mixed> $verdict From understood().
 */
function refresh_linkback( \WP_Comment $comment, array $verdict ): void {
	$id = (int) $comment->comment_ID;
	if ( ( record_of( $id )['said'] ?? '' ) === fingerprint( $verdict ) ) {
		return;
	}
	Turn::$is_applying = true;
	wp_update_comment( wp_slash( array( 'comment_ID' => $id ) + linkback_fields( $verdict['linkback'] ) ) );
	Turn::$is_applying = false;
	remember( $id, array( 'checksum' => checksum( get_comment( $id ) ), 'said' => fingerprint( $verdict ) ) );
}

/**
 * Tells whether the source says something else than before.
 *
 * @param array<string,mixed> $verdict From understood().
 */
function fingerprint( array $verdict ): string {
	return md5( (string) wp_json_encode( $verdict['linkback'] ) );
}

/**
 * Author, address and text of the comment, in WordPress' own manner. All of it is a stranger's: escaped.
 *
 * @param array<string,string> $linkback From understood_linkback().
 * @return array<string,string>
 */
function linkback_fields( array $linkback ): array {
	global $wpdb;
	$host   = (string) wp_parse_url( $linkback['source'], PHP_URL_HOST );
	$title  = sanitize_text_field( $linkback['title'] );
	$author = 'pingback' === $linkback['protocol'] ? array( $title, $linkback['name'], $host ) : array( $linkback['name'], $title, $host );
	$fields = array(
		'comment_author'     => storable_name( sanitize_text_field( (string) current( array_filter( $author, 'strlen' ) ) ) ),
		'comment_author_url' => storable_url( $linkback['source'] ),
		'comment_content'    => linkback_text( $linkback, $title ),
	);
	foreach ( $fields as $name => $value ) {
		$fitting         = $wpdb->strip_invalid_text_for_column( $wpdb->comments, $name, $value );
		$fields[ $name ] = is_string( $fitting ) ? $fitting : $value;
	}
	return $fields;
}

/**
 * The text of the comment.
 *
 * @param array<string,string> $linkback From understood_linkback().
 * @param string               $title    Its title, as plain text.
 */
function linkback_text( array $linkback, string $title ): string {
	$excerpt = esc_html( sanitize_textarea_field( mb_substr( $linkback['excerpt'], 0, 4096 ) ) );
	if ( 'pingback' === $linkback['protocol'] && '' !== $excerpt ) {
		return '[&#8230;] ' . $excerpt . ' [&#8230;]';
	}
	if ( 'trackback' === $linkback['protocol'] && '' !== $title ) {
		return '<strong>' . esc_html( $title ) . "</strong>\n\n" . $excerpt;
	}
	$reactions = array(
		'like'     => __( 'likes this.', 'moderator-bridge' ),
		'repost'   => __( 'shared this.', 'moderator-bridge' ),
		'bookmark' => __( 'bookmarked this.', 'moderator-bridge' ),
	);
	return '' !== $excerpt ? $excerpt : esc_html( $reactions[ $linkback['type'] ] ?? __( 'mentions this.', 'moderator-bridge' ) );
}

/**
 * As much of a name as the database has room for: 255 bytes, and it is stored escaped.
 *
 * @param string $name Plain text.
 */
function storable_name( string $name ): string {
	$name = mb_substr( $name, 0, 200 );
	while ( strlen( esc_html( $name ) ) > 245 ) {
		$name = mb_substr( $name, 0, -1 );
	}
	return $name;
}

/**
 * The source, if need be without its query or its path: the database has room for 200 characters.
 *
 * @param string $source An http(s) address.
 */
function storable_url( string $source ): string {
	$whole = esc_url_raw( $source, array( 'http', 'https' ) );
	$parts = array( $whole, (string) preg_replace( '/[?#].*/s', '', $whole ), (string) preg_replace( '#\A(https?://[^/?\#]+).*#s', '$1/', $whole ) );
	foreach ( $parts as $part ) {
		if ( strlen( esc_html( $part ) ) <= 200 ) {
			return $part;
		}
	}
	return '';
}
