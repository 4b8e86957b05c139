<?php
/**
 * Plugin Name: Akismet at Moderator
 * Description: The Akismet plugin, unmodified, asks your own Moderator service.
 * License:     GPL-2.0-or-later
 *
 * Copy this file into wp-content/mu-plugins/ and name the service in wp-config.php:
 *
 *     define( 'MODERATOR_AKISMET_URL', 'https://moderator.example.org' );
 *
 * Nothing else of WordPress or of Akismet is changed: what the plugin would have sent to rest.akismet.com goes to the
 * same path of the service. Without the constant the file does nothing.
 *
 * @package Moderator_Akismet
 */

defined( 'ABSPATH' ) || exit;

add_filter(
	'pre_http_request',
	function ( $answer, $arguments, $url ) {
		$is_ours = defined( 'MODERATOR_AKISMET_URL' ) && preg_match( '#\Ahttps?://(?:[0-9a-z]+\.)?rest\.akismet\.com(/.*)\z#s', (string) $url, $found );
		if ( false !== $answer || ! $is_ours ) {
			return $answer;
		}
		unset( $arguments['headers']['Host'], $arguments['headers']['host'] );
		return wp_remote_request( untrailingslashit( MODERATOR_AKISMET_URL ) . $found[1], $arguments );
	},
	10,
	3
);
