<?php
/**
 * The way to the settings: a link in the plugin's row, and a notice as long as they are not filled in.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

add_filter( 'plugin_action_links_' . plugin_basename( FILE ), __NAMESPACE__ . '\link_settings' );
add_action( 'admin_notices', __NAMESPACE__ . '\show_what_is_missing' );

/** Where the settings are. */
function settings_url(): string {
	return admin_url( 'options-general.php?page=' . PAGE );
}

/**
 * The link goes first.
 *
 * @param string[] $links The links in the plugin's row.
 * @return string[]
 */
function link_settings( $links ) {
	$link = sprintf( '<a href="%s">%s</a>', esc_url( settings_url() ), esc_html__( 'Settings', 'moderator-bridge' ) );
	return array_merge( array( 'settings' => $link ), (array) $links );
}

/** Where somebody looks who has just activated the plugin. */
function show_what_is_missing(): void {
	$screen = get_current_screen();
	if ( is_configured() || ! $screen || ! in_array( $screen->id, array( 'plugins', 'dashboard' ), true ) || ! current_user_can( 'manage_options' ) ) {
		return;
	}
	printf(
		'<div class="notice notice-info"><p>%s <a href="%s">%s</a></p></div>',
		esc_html__( 'Moderator Bridge is active, and changes nothing until it knows its service.', 'moderator-bridge' ),
		esc_url( settings_url() ),
		esc_html__( 'Enter its URL, the site id and the secret.', 'moderator-bridge' )
	);
}
