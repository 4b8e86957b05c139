<?php
/**
 * A WordPress comment in the service's words. WordPress stores names and URLs HTML-escaped; they leave decoded.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

/**
 * The event to send about a comment.
 *
 * @param string              $type    comment.created, .updated, .status_changed or .deleted.
 * @param \WP_Comment         $comment The comment as it is stored.
 * @param array<string,mixed> $facts   status, version, and for a new comment target and request.
 * @return array<string,mixed>
 */
function event( string $type, \WP_Comment $comment, array $facts ): array {
	return array(
		'type'      => $type,
		'timestamp' => gmdate( 'Y-m-d\TH:i:s\Z' ),
		'data'      => array(
			'site'     => array(
				'id'               => setting( 'site_id' ),
				'url'              => home_url( '/' ),
				'lang'             => get_bloginfo( 'language' ),
				'platform'         => 'wordpress',
				'platform_version' => get_bloginfo( 'version' ),
			),
			'comment'  => comment_part( $comment, $facts ),
			'author'   => author_part( $comment ),
			'post'     => post_part( (int) $comment->comment_post_ID ),
			'linkback' => linkback_part( $comment, (string) ( $facts['target'] ?? '' ) ),
			'request'  => $facts['request'] ?? array( 'referrer' => '' ),
			'ref'      => 'wp-' . $comment->comment_ID,
		),
	);
}

/**
 * The comment itself.
 *
 * @param \WP_Comment         $comment The comment.
 * @param array<string,mixed> $facts   status and version.
 * @return array<string,mixed>
 */
function comment_part( \WP_Comment $comment, array $facts ): array {
	return array(
		'id'            => platform_id( (int) $comment->comment_ID ),
		'type'          => kind( $comment ),
		'parent_id'     => $comment->comment_parent > 0 ? (string) $comment->comment_parent : null,
		'status'        => $facts['status'],
		'status_native' => (string) $comment->comment_approved,
		'content'       => array(
			'raw'    => (string) $comment->comment_content,
			'format' => 'html',
		),
		'link'          => get_comment_link( $comment ),
		'published'     => utc( $comment->comment_date_gmt ),
		'version'       => (string) $facts['version'],
	);
}

/**
 * Comment, reply, pingback or trackback. Other types (reviews of a shop, ...) are comments to the service.
 *
 * @param \WP_Comment $comment The comment.
 */
function kind( \WP_Comment $comment ): string {
	// The Webmention plugin calls a comment by what it is (like, repost, ...), and keeps the protocol beside it.
	foreach ( array( $comment->comment_type, get_comment_meta( (int) $comment->comment_ID, 'protocol', true ) ) as $word ) {
		if ( in_array( $word, LINKBACKS, true ) ) {
			return $word;
		}
	}
	return $comment->comment_parent > 0 ? 'reply' : 'comment';
}

/**
 * Who wrote it, as far as WordPress knows.
 *
 * @param \WP_Comment $comment The comment.
 * @return array<string,mixed>
 */
function author_part( \WP_Comment $comment ): array {
	$user = $comment->user_id > 0 ? get_userdata( (int) $comment->user_id ) : false;
	return array(
		'id'               => $user ? (string) $user->ID : '',
		'name'             => plain( $comment->comment_author ),
		'email'            => (string) $comment->comment_author_email,
		'url'              => plain( $comment->comment_author_url ),
		'ip'               => (string) filter_var( $comment->comment_author_IP, FILTER_VALIDATE_IP ), // '' when a proxy left a list.
		'user_agent'       => (string) $comment->comment_agent,
		'role'             => $user ? (string) reset( $user->roles ) : '',
		'provider'         => '',
		'is_authenticated' => (bool) $user,
		'trusted'          => false,
	);
}

/**
 * The page that is commented on.
 *
 * @param int $post_id Which post.
 * @return array<string,mixed>
 */
function post_part( int $post_id ): array {
	$post = get_post( $post_id );
	if ( ! $post ) {
		return array( 'id' => (string) $post_id );
	}
	$tags = get_the_tags( $post );
	return array(
		'id'            => (string) $post->ID,
		'url'           => (string) get_permalink( $post ),
		'title'         => plain( $post->post_title ),
		'tags'          => is_array( $tags ) ? array_slice( array_map( __NAMESPACE__ . '\plain', wp_list_pluck( $tags, 'name' ) ), 0, 50 ) : array(),
		'published'     => utc( $post->post_date_gmt ),
		'comments_open' => comments_open( $post ),
	);
}

/**
 * The claim of a pingback or trackback: this page links to that one. Null for a comment.
 *
 * @param \WP_Comment $comment The comment.
 * @param string      $target  The target the sender named, '' when it is not known.
 * @return array<string,string>|null
 */
function linkback_part( \WP_Comment $comment, string $target ): ?array {
	$protocol = kind( $comment );
	if ( ! in_array( $protocol, LINKBACKS, true ) ) {
		return null;
	}
	$title   = plain( $comment->comment_author );
	$excerpt = (string) $comment->comment_content;
	// A trackback is stored as "<strong>title</strong>\n\nexcerpt", with the blog's name as its author.
	if ( 'trackback' === $protocol && preg_match( '#\A<strong>(.*?)</strong>\s*(.*)\z#s', $excerpt, $parts ) ) {
		$title   = plain( $parts[1] );
		$excerpt = $parts[2];
	}
	// The author's own page may stand in the author's place, when a plugin read it from the source.
	$source = (string) get_comment_meta( (int) $comment->comment_ID, 'webmention_source_url', true );
	return array(
		'protocol'     => $protocol,
		'type'         => relation( $comment ),
		'source'       => plain( '' !== $source ? $source : $comment->comment_author_url ),
		'target'       => '' !== $target ? $target : (string) get_permalink( (int) $comment->comment_post_ID ),
		'source_title' => $title,
		'excerpt'      => plain( $excerpt ),
	);
}

/**
 * What the source is to the post, as the plugin knows that received it: like, repost, reply, bookmark or mention.
 *
 * @param \WP_Comment $comment The comment.
 */
function relation( \WP_Comment $comment ): string {
	// Some call every comment a webmention, and keep what it is beside it.
	$kept = get_comment_meta( (int) $comment->comment_ID, 'semantic_linkbacks_type', true );
	$word = is_string( $kept ) && '' !== $kept ? $kept : (string) $comment->comment_type;
	return 'favorite' === $word ? 'like' : $word;
}

/**
 * Text without markup and without HTML escapes.
 *
 * @param string $html Text as WordPress stores it.
 */
function plain( string $html ): string {
	return trim( html_entity_decode( wp_strip_all_tags( $html ), ENT_QUOTES | ENT_HTML5, 'UTF-8' ) );
}

/**
 * A date of the database as RFC 3339 in UTC; null for WordPress' "no date".
 *
 * @param string $mysql A date in GMT.
 */
function utc( string $mysql ): ?string {
	$seconds = 0 === strpos( $mysql, '0000' ) ? false : strtotime( $mysql . ' UTC' );
	return false === $seconds ? null : gmdate( 'Y-m-d\TH:i:s\Z', $seconds );
}
