<?php
/**
 * Settings -> Moderator: where the service is, whether it answers, and what waits.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const PAGE = 'moderator-bridge';
const TEST = 'moderator_bridge_test';

const PING_PORTS = array( 80, 443, 8080 ); // That wp_safe_remote_post() opens at other hosts.

add_action( 'admin_menu', __NAMESPACE__ . '\add_page' );
add_action( 'admin_init', __NAMESPACE__ . '\register_settings' );
add_action( 'admin_post_' . TEST, __NAMESPACE__ . '\test_connection' );

/** The page in the menu. */
function add_page(): void {
	add_options_page( __( 'Moderator', 'moderator-bridge' ), __( 'Moderator', 'moderator-bridge' ), 'manage_options', PAGE, __NAMESPACE__ . '\show_page' );
}

/** WordPress' settings API brings the nonce and the capability check. */
function register_settings(): void {
	register_setting( PAGE, OPTION, array( 'sanitize_callback' => __NAMESPACE__ . '\checked_settings' ) );
}

/**
 * What may be saved. A new secret keeps the one before it valid, so that it can be replaced without a gap.
 *
 * @param mixed $given The form's fields.
 * @return array<string,string>
 */
function checked_settings( $given ): array {
	$given = is_array( $given ) ? array_map( 'trim', array_filter( $given, 'is_string' ) ) : array();
	$saved = get_option( OPTION, array() );
	$saved = array_merge( array( 'url' => '', 'site_id' => '', 'secret' => '', 'old_secret' => '' ), is_array( $saved ) ? $saved : array() );
	$url   = untrailingslashit( esc_url_raw( $given['url'] ?? '', array( 'http', 'https' ) ) );
	if ( '' === $url && '' !== ( $given['url'] ?? '' ) ) {
		add_settings_error( OPTION, 'url', __( 'The service URL has to begin with https:// or http://.', 'moderator-bridge' ) );
		$url = $saved['url'];
	}
	$secret = $given['secret'] ?? '';
	if ( '' !== $secret && '' === secret_key( $secret ) ) {
		add_settings_error( OPTION, 'secret', __( 'The secret has to be whsec_ followed by base64. The saved one was kept.', 'moderator-bridge' ) );
		$secret = '';
	}
	$old = empty( $given['forget'] ) ? $saved['old_secret'] : '';
	if ( '' !== $secret && '' !== $saved['secret'] && $secret !== $saved['secret'] ) {
		$old = $saved['secret'];
	}
	note_health( array( 'failures' => 0, 'retry_at' => 0 ) );
	warn_of_port( '' !== ( $given['doors_url'] ?? '' ) ? $given['doors_url'] : $url, ! empty( $given['doors'] ) );
	return array(
		'url'        => $url,
		'site_id'    => sanitize_text_field( $given['site_id'] ?? '' ),
		'secret'     => '' !== $secret ? $secret : $saved['secret'],
		'old_secret' => $given['old_secret'] ?? $old,
		'doors'      => empty( $given['doors'] ) ? '' : '1',
		'doors_url'  => untrailingslashit( esc_url_raw( $given['doors_url'] ?? '', array( 'http', 'https' ) ) ),
	);
}

/**
 * Say so when most senders will not reach the service's doors.
 *
 * @param string $url     Where senders are sent.
 * @param bool   $is_used Whether they are.
 */
function warn_of_port( string $url, bool $is_used ): void {
	$port = wp_parse_url( $url, PHP_URL_PORT );
	if ( $is_used && $port && ! in_array( $port, PING_PORTS, true ) ) {
		/* translators: %d: a port */
		add_settings_error( OPTION, 'port', sprintf( __( 'Saved. But other WordPress blogs send pingbacks to the ports 80, 443 and 8080 only, never to %d.', 'moderator-bridge' ), $port ), 'warning' );
	}
}

/** Ask the service as the sweep does, and see that it is the service that answers. Then back to the page. */
function test_connection(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'You may not do this.', 'moderator-bridge' ), 403 );
	}
	check_admin_referer( TEST );
	$outcome = is_configured() ? tested() : __( 'Save the URL, the site id and the secret first.', 'moderator-bridge' );
	set_transient( TEST . '_' . get_current_user_id(), $outcome, MINUTE_IN_SECONDS );
	wp_safe_redirect( admin_url( 'options-general.php?page=' . PAGE ) );
	exit;
}

/**
 * Send no events where events are sent, and put in words what comes of it. '' means that all is well: the service has
 * found the signature right, and says what is wrong with the list of events. Nothing else would answer so.
 */
function tested(): string {
	$answer = post( EVENTS, 'test_' . wp_generate_uuid4(), (string) wp_json_encode( array( 'events' => array() ) ) );
	if ( 0 === $answer['code'] ) {
		/* translators: %s: error message */
		return sprintf( __( 'No answer: %s', 'moderator-bridge' ), $answer['error'] );
	}
	$said = is_array( $answer['answer'] ) ? $answer['answer'] : array();
	if ( 422 === $answer['code'] && '/events' === ( $said['errors'][0]['pointer'] ?? '' ) ) {
		note_health( array( 'failures' => 0, 'retry_at' => 0 ) );
		return '';
	}
	if ( 401 === $answer['code'] || 403 === $answer['code'] ) {
		return __( 'The service answers, but does not accept the site id or the secret. (Also check that both clocks are right.)', 'moderator-bridge' );
	}
	if ( 404 === $answer['code'] || 405 === $answer['code'] ) {
		/* translators: %s: an address */
		return sprintf( __( 'Something answers, but takes no comments at %s. Enter the address of the service without a path like /v1.', 'moderator-bridge' ), setting( 'url' ) . EVENTS );
	}
	/* translators: %s: HTTP status and message */
	return sprintf( __( 'Something answers, but not as the service would: %s', 'moderator-bridge' ), $answer['error'] );
}

/** The page. */
function show_page(): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	echo '<div class="wrap"><h1>' . esc_html__( 'Moderator', 'moderator-bridge' ) . '</h1>';
	show_test_outcome();
	echo '<form method="post" action="options.php">';
	settings_fields( PAGE );
	echo '<table class="form-table" role="presentation">';
	show_field( 'url', 'url', __( 'Service URL', 'moderator-bridge' ), setting( 'url' ), 'https://moderator.example.org', '' );
	show_field( 'site_id', 'text', __( 'Site id', 'moderator-bridge' ), setting( 'site_id' ), '', __( 'What "moderator site add" printed.', 'moderator-bridge' ) );
	$is_saved = '' !== setting( 'secret' );
	show_field( 'secret', 'password', __( 'Secret', 'moderator-bridge' ), '', $is_saved ? __( 'saved; leave empty to keep it', 'moderator-bridge' ) : 'whsec_…', '' );
	if ( '' !== setting( 'old_secret' ) ) {
		printf(
			'<tr><th scope="row">%s</th><td><label><input type="checkbox" name="%s[forget]" value="1"> %s</label></td></tr>',
			esc_html__( 'Older secret', 'moderator-bridge' ),
			esc_attr( OPTION ),
			esc_html__( 'Verdicts signed with it are still accepted. Forget it now.', 'moderator-bridge' )
		);
	}
	show_doors();
	echo '</table>';
	submit_button();
	echo '</form>';
	show_status();
	printf( '<form method="post" action="%s"><input type="hidden" name="action" value="%s">', esc_url( admin_url( 'admin-post.php' ) ), esc_attr( TEST ) );
	wp_nonce_field( TEST );
	submit_button( __( 'Test connection', 'moderator-bridge' ), 'secondary', 'submit', false );
	echo '</form></div>';
}

/** Who receives linkbacks. */
function show_doors(): void {
	printf(
		'<tr><th scope="row">%s</th><td><label><input type="checkbox" name="%s[doors]" value="1"%s%s> %s</label><p class="description">%s</p></td></tr>',
		esc_html__( 'Linkbacks', 'moderator-bridge' ),
		esc_attr( OPTION ),
		checked( '1', setting( 'doors' ), false ),
		disabled( defined( 'MODERATOR_BRIDGE_DOORS' ), true, false ),
		esc_html__( 'Let the service receive pingbacks and webmentions', 'moderator-bridge' ),
		esc_html__( 'It verifies them before this blog hears of them. What it approves appears as a comment.', 'moderator-bridge' )
	);
	show_field( 'doors_url', 'url', __( 'Public URL of the service', 'moderator-bridge' ), setting( 'doors_url' ), setting( 'url' ), __( 'Where senders of pingbacks and webmentions reach it, if not at the service URL. WordPress sends to the ports 80, 443 and 8080 only.', 'moderator-bridge' ) );
}

/**
 * One row of the form.
 *
 * @param string $name        Setting.
 * @param string $type        Type of the input.
 * @param string $label       Its label.
 * @param string $value       Its value.
 * @param string $placeholder Shown while it is empty.
 * @param string $help        Shown below it.
 */
function show_field( string $name, string $type, string $label, string $value, string $placeholder, string $help ): void {
	$is_fixed = defined( 'MODERATOR_BRIDGE_' . strtoupper( $name ) );
	printf(
		'<tr><th scope="row"><label for="moderator-%1$s">%2$s</label></th><td><input id="moderator-%1$s" class="regular-text" type="%3$s" name="%4$s[%1$s]" value="%5$s" placeholder="%6$s" autocomplete="off"%7$s><p class="description">%8$s</p></td></tr>',
		esc_attr( $name ),
		esc_html( $label ),
		esc_attr( $type ),
		esc_attr( OPTION ),
		esc_attr( $value ),
		esc_attr( $placeholder ),
		$is_fixed ? ' readonly' : '',
		esc_html( $is_fixed ? __( 'Set in wp-config.php.', 'moderator-bridge' ) : $help )
	);
}

/** What the last test said, once. */
function show_test_outcome(): void {
	$key     = TEST . '_' . get_current_user_id();
	$outcome = get_transient( $key );
	if ( false === $outcome ) {
		return;
	}
	delete_transient( $key );
	$is_well = '' === $outcome;
	printf(
		'<div class="notice notice-%s"><p>%s</p></div>',
		$is_well ? 'success' : 'error',
		esc_html( $is_well ? __( 'The service answers and knows this site.', 'moderator-bridge' ) : $outcome )
	);
}

/** What waits, and how the sending goes. */
function show_status(): void {
	$health  = health();
	$waiting = waiting();
	$lines   = array(
		__( 'Callback URL for the service', 'moderator-bridge' ) => callback_url(),
		__( 'Last sweep', 'moderator-bridge' )                    => ago( (int) $health['last_sweep'] ),
		__( 'Events not yet sent', 'moderator-bridge' )           => $waiting['count'] . ( $waiting['oldest'] ? ' (' . ago( (int) strtotime( $waiting['oldest'] . ' UTC' ) ) . ')' : '' ),
		__( 'Last error', 'moderator-bridge' )                    => '' === $health['last_error'] ? __( 'none', 'moderator-bridge' ) : $health['last_error'] . ' (' . ago( (int) $health['last_error_at'] ) . ')',
	);
	if ( $health['retry_at'] > time() ) {
		/* translators: %s: a duration */
		$lines[ __( 'Next try', 'moderator-bridge' ) ] = sprintf( __( 'in %s', 'moderator-bridge' ), human_time_diff( time(), (int) $health['retry_at'] ) );
	}
	echo '<h2>' . esc_html__( 'Sending', 'moderator-bridge' ) . '</h2><table class="form-table" role="presentation">';
	foreach ( $lines as $label => $value ) {
		printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $label ), esc_html( $value ) );
	}
	echo '</table>';
}

/**
 * A moment in words.
 *
 * @param int $when Seconds since 1970; 0 for never.
 */
function ago( int $when ): string {
	/* translators: %s: a duration */
	return $when > 0 ? sprintf( __( '%s ago', 'moderator-bridge' ), human_time_diff( $when ) ) : __( 'never', 'moderator-bridge' );
}
