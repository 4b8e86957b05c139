<?php
/**
 * Removes what the plugin wrote: options, comment meta and its cron event. Comments stay as they are.
 *
 * @package Moderator_Bridge
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** One site of the installation. */
function moderator_bridge_uninstall_site() {
	global $wpdb;
	wp_clear_scheduled_hook( 'moderator_bridge_sweep' );
	delete_metadata( 'comment', 0, '_moderator_bridge', '', true );
	delete_metadata( 'comment', 0, '_moderator_bridge_unsent', '', true );
	delete_metadata( 'comment', 0, '_moderator_bridge_door', '', true );
	$names = $wpdb->get_col(
		$wpdb->prepare(
			"SELECT option_name FROM {$wpdb->options} WHERE option_name = 'moderator_bridge' OR option_name LIKE %s OR option_name LIKE %s OR option_name LIKE %s",
			$wpdb->esc_like( 'moderator_bridge_' ) . '%',
			$wpdb->esc_like( '_transient_moderator_bridge_' ) . '%',
			$wpdb->esc_like( '_transient_timeout_moderator_bridge_' ) . '%'
		)
	);
	array_map( 'delete_option', $names );
}

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $moderator_bridge_site ) {
		switch_to_blog( $moderator_bridge_site );
		moderator_bridge_uninstall_site();
		restore_current_blog();
	}
} else {
	moderator_bridge_uninstall_site();
}
