<?php
/**
 * Where the service is, who we are to it, and the secrets we share.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const OPTION = 'moderator_bridge';

/**
 * One setting; a constant such as MODERATOR_BRIDGE_SECRET in wp-config.php goes before the saved value.
 *
 * @param string $name url, site_id, secret, old_secret, doors or doors_url.
 */
function setting( string $name ): string {
	$constant = 'MODERATOR_BRIDGE_' . strtoupper( $name );
	if ( defined( $constant ) ) {
		return (string) constant( $constant );
	}
	$saved = get_option( OPTION, array() );
	return is_array( $saved ) && isset( $saved[ $name ] ) ? (string) $saved[ $name ] : '';
}

/**
 * Every secret that is valid now, the one we sign with first. Two while a secret is being replaced.
 *
 * @return string[]
 */
function secrets(): array {
	return array_values( array_filter( array( setting( 'secret' ), setting( 'old_secret' ) ) ) );
}

/** Whether there is a service to ask. Without one the plugin changes nothing. */
function is_configured(): bool {
	return '' !== setting( 'url' ) && '' !== setting( 'site_id' ) && '' !== setting( 'secret' );
}

/** The address the service sends its verdicts to. */
function callback_url(): string {
	return rest_url( 'moderator/v1/verdict' );
}
