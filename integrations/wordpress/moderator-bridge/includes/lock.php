<?php
/**
 * One at a time: a row of the options table that only one request can insert. An old lock (its holder died) is taken over.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

/**
 * Take a lock, or return false when another has it.
 *
 * @param string $name    Option name.
 * @param int    $seconds When it counts as forgotten.
 */
function lock( string $name, int $seconds ): bool {
	global $wpdb;
	$now = time();
	if ( $wpdb->query( $wpdb->prepare( "INSERT IGNORE INTO {$wpdb->options} (option_name, option_value, autoload) VALUES (%s, %s, 'no')", $name, $now ) ) ) {
		return true;
	}
	$old = (int) $wpdb->get_var( $wpdb->prepare( "SELECT option_value FROM {$wpdb->options} WHERE option_name = %s", $name ) );
	return $old + $seconds < $now
		&& 1 === $wpdb->query( $wpdb->prepare( "UPDATE {$wpdb->options} SET option_value = %s WHERE option_name = %s AND option_value = %s", $now, $name, $old ) );
}

/**
 * Give a lock back.
 *
 * @param string $name Option name.
 */
function unlock( string $name ): void {
	global $wpdb;
	$wpdb->delete( $wpdb->options, array( 'option_name' => $name ) );
}
