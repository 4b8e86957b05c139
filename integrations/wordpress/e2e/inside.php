<?php
/**
 * What the tests ask and do inside a blog; each call's answer is echoed as JSON.
 *
 * @package Moderator_Bridge
 */

/** Comment id => status, trash and spam included, in order of id. */
function e2e_statuses( $post_id ) {
	$found = array();
	foreach ( array( 'all', 'spam', 'trash' ) as $status ) {
		foreach ( get_comments( array( 'post_id' => $post_id, 'status' => $status ) ) as $comment ) {
			$found[ $comment->comment_ID ] = wp_get_comment_status( $comment );
		}
	}
	ksort( $found );
	return (object) $found;
}

/** Make the recurring sweep due now. */
function e2e_make_due() {
	wp_clear_scheduled_hook( 'moderator_bridge_sweep' );
	return wp_schedule_event( time() - 1, 'moderator_bridge_minute', 'moderator_bridge_sweep' );
}

/** Keep the recurring sweep away for now. */
function e2e_postpone() {
	wp_clear_scheduled_hook( 'moderator_bridge_sweep' );
	return wp_schedule_event( time() + HOUR_IN_SECONDS, 'moderator_bridge_minute', 'moderator_bridge_sweep' );
}

/** Save the plugin's settings, and forget how it went before. */
function e2e_configure( $settings ) {
	delete_option( 'moderator_bridge_health' );
	return update_option( 'moderator_bridge', $settings );
}

/** Forget what still waits from an earlier test. */
function e2e_forget_unsent() {
	global $wpdb;
	delete_metadata( 'comment', 0, '_moderator_bridge_unsent', '', true );
	return $wpdb->query( "DELETE FROM $wpdb->options WHERE option_name LIKE 'moderator\\_bridge\\_gone\\_%'" );
}

/** The rows that wait. */
function e2e_unsent_rows() {
	global $wpdb;
	return $wpdb->get_col( "SELECT meta_value FROM $wpdb->commentmeta WHERE meta_key = '_moderator_bridge_unsent'" );
}

/** Put a row back, as if the answer to it had been lost. */
function e2e_put_back( $comment_id, $row ) {
	return add_comment_meta( $comment_id, '_moderator_bridge_unsent', wp_slash( $row ) );
}

/** Make a comment older. */
function e2e_age( $comment_id, $seconds ) {
	global $wpdb;
	$when = gmdate( 'Y-m-d H:i:s', time() - $seconds );
	$done = $wpdb->update( $wpdb->comments, array( 'comment_date_gmt' => $when ), array( 'comment_ID' => $comment_id ) );
	clean_comment_cache( $comment_id );
	return $done;
}

/** Save a comment as the administrator. */
function e2e_edit( $comment_id, $changes ) {
	wp_set_current_user( 1 );
	return wp_update_comment( array( 'comment_ID' => $comment_id ) + $changes );
}

/** A reader who may log in but not moderate; returns an application password. */
function e2e_reader( $name, $password ) {
	$user = get_user_by( 'login', $name );
	$id   = $user ? $user->ID : wp_create_user( $name, $password, "$name@reader.example" );
	wp_set_password( $password, $id );
	WP_Application_Passwords::delete_all_application_passwords( $id );
	return WP_Application_Passwords::create_new_application_password( $id, array( 'name' => 'e2e' ) )[0];
}

/** A blog with nothing of ours that holds all comments; returns an application password of the administrator. */
function e2e_bare() {
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	deactivate_plugins( 'moderator-bridge/moderator-bridge.php' );
	update_option( 'comment_moderation', 1 );
	update_option( 'moderation_notify', 0 );
	return WP_Application_Passwords::create_new_application_password( 1, array( 'name' => 'e2e ' . microtime() ) )[0];
}

/** The blog as the lab made it. */
function e2e_dressed() {
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	update_option( 'comment_moderation', 0 );
	update_option( 'moderation_notify', 1 );
	return activate_plugin( 'moderator-bridge/moderator-bridge.php' );
}

/** Akismet's plugin with a key; the blog asks nobody else and publishes what is not spam. */
function e2e_akismet( $key ) {
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	update_option( 'wordpress_api_key', $key );
	update_option( 'akismet_strictness', '0' );
	update_option( 'comment_moderation', 0 );
	return activate_plugin( 'akismet/akismet.php' );
}

/** The blog without it. */
function e2e_without_akismet() {
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	delete_option( 'wordpress_api_key' );
	return deactivate_plugins( 'akismet/akismet.php' );
}

/** What setting a status must not touch. */
function e2e_traces( $post_id ) {
	$found = array();
	foreach ( get_comments( array( 'post_id' => $post_id, 'status' => 'any', 'orderby' => 'comment_ID' ) ) as $comment ) {
		$found[ $comment->comment_ID ] = array( $comment->comment_author_IP, $comment->comment_agent, $comment->comment_date, $comment->comment_date_gmt, $comment->comment_content, $comment->comment_author );
	}
	return (object) $found;
}

/** Change columns of a comment, past all filters. */
function e2e_set( $comment_id, $columns ) {
	global $wpdb;
	$done = $wpdb->update( $wpdb->comments, $columns, array( 'comment_ID' => $comment_id ) );
	clean_comment_cache( $comment_id );
	return $done;
}

/** Uninstall, and count what is left. */
function e2e_uninstall() {
	global $wpdb;
	define( 'WP_UNINSTALL_PLUGIN', 'moderator-bridge/moderator-bridge.php' );
	require WP_PLUGIN_DIR . '/moderator-bridge/uninstall.php';
	return array(
		'options' => (int) $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->options WHERE option_name LIKE '%moderator\\_bridge%'" ),
		'meta'    => (int) $wpdb->get_var( "SELECT COUNT(*) FROM $wpdb->commentmeta WHERE meta_key LIKE '%moderator\\_bridge%'" ),
		'cron'    => wp_next_scheduled( 'moderator_bridge_sweep' ),
	);
}

/** What the button on the settings page says; '' is well. */
function e2e_test_connection() {
	require_once WP_PLUGIN_DIR . '/moderator-bridge/includes/admin-settings.php';
	return \Moderator_Bridge\tested();
}

/** Where a post takes trackbacks. */
function e2e_trackback_url( $post_id ) {
	$GLOBALS['post'] = get_post( $post_id );
	return get_trackback_url();
}
