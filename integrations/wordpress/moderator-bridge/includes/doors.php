<?php
/**
 * Hands the blog's doors for pingbacks, trackbacks and webmentions over to the service: senders are told its addresses.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

add_filter( 'site_url', __NAMESPACE__ . '\point_pingback', 10, 3 );
add_filter( 'trackback_url', __NAMESPACE__ . '\point_trackback' );
add_filter( 'xmlrpc_methods', __NAMESPACE__ . '\close_pingback' );
add_action( 'template_redirect', __NAMESPACE__ . '\send_link_header' );
add_action( 'wp_head', __NAMESPACE__ . '\show_link_element' );

/** Whether the service receives linkbacks for us. */
function is_handed_over(): bool {
	return '1' === setting( 'doors' ) && is_configured();
}

/**
 * The address of one of our doors at the service.
 *
 * @param string $protocol One of LINKBACKS.
 */
function door( string $protocol ): string {
	$base = '' !== setting( 'doors_url' ) ? setting( 'doors_url' ) : setting( 'url' );
	return untrailingslashit( $base ) . '/doors/' . rawurlencode( setting( 'site_id' ) ) . '/' . $protocol;
}

/**
 * The X-Pingback header and themes' link element ask for this address without a scheme; clients for authors ask with one.
 *
 * @param string      $url    The address so far.
 * @param string      $path   What was asked for.
 * @param string|null $scheme Of the address asked for.
 * @return string
 */
function point_pingback( $url, $path = '', $scheme = null ) {
	return 'xmlrpc.php' === $path && null === $scheme && ! is_admin() && is_handed_over() ? door( 'pingback' ) : $url;
}

/**
 * The trackback address of the present post, also in the RDF comment of older themes.
 *
 * @param string $url The address so far.
 * @return string
 */
function point_trackback( $url ) {
	$target = is_handed_over() ? get_permalink() : false;
	return $target ? door( 'trackback' ) . '?target=' . rawurlencode( $target ) : $url;
}

/**
 * Nobody shall come in by two doors.
 *
 * @param array<string,mixed> $methods What XML-RPC understands.
 * @return array<string,mixed>
 */
function close_pingback( $methods ) {
	if ( is_handed_over() ) {
		unset( $methods['pingback.ping'] );
	}
	return $methods;
}

/** Whether this page takes webmentions. */
function takes_webmentions(): bool {
	return is_handed_over() && is_singular() && pings_open( get_queried_object_id() );
}

/** For senders that only look at the headers. */
function send_link_header(): void {
	if ( takes_webmentions() && ! headers_sent() ) {
		header( 'Link: <' . esc_url_raw( door( 'webmention' ) ) . '>; rel="webmention"', false );
	}
}

/** For those that read the page. A classic theme names the pingback address by itself, a block theme does not. */
function show_link_element(): void {
	if ( ! takes_webmentions() ) {
		return;
	}
	echo '<link rel="webmention" href="' . esc_url( door( 'webmention' ) ) . '">' . "\n";
	if ( wp_is_block_theme() ) {
		echo '<link rel="pingback" href="' . esc_url( door( 'pingback' ) ) . '">' . "\n";
	}
}
