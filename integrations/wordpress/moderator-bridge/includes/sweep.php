<?php
/**
 * The sweep: sends what is written, in order of comment id. It recurs by wp-cron, so that a lost run costs a minute and
 * never a comment; under php-fpm it also runs behind the visitor's answer.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const CRON        = 'moderator_bridge_sweep';
const HEALTH      = 'moderator_bridge_health';
const SWEEP_LOCK  = 'moderator_bridge_sweeping';
const BATCH       = 50;
const BATCH_BYTES = 1000000;

add_filter( 'cron_schedules', __NAMESPACE__ . '\every_minute' );
add_action( 'init', __NAMESPACE__ . '\schedule' );
add_action( CRON, __NAMESPACE__ . '\sweep' );
add_action( 'shutdown', __NAMESPACE__ . '\sweep_behind_the_answer', PHP_INT_MAX );

/**
 * Teach wp-cron what a minute is.
 *
 * @param array<string,array<string,mixed>> $schedules What it knows.
 * @return array<string,array<string,mixed>>
 */
function every_minute( $schedules ) {
	$schedules['moderator_bridge_minute'] = array(
		'interval' => MINUTE_IN_SECONDS,
		'display'  => __( 'Every minute', 'moderator-bridge' ),
	);
	return $schedules;
}

/** One recurring event. Single events scheduled while wp-cron runs get lost. */
function schedule(): void {
	if ( ! wp_next_scheduled( CRON ) ) {
		wp_schedule_event( time(), 'moderator_bridge_minute', CRON );
	}
}

/** The plugin is switched off. What waits stays on hold, for a person. */
function unschedule(): void {
	wp_clear_scheduled_hook( CRON );
}

/** Where the server can end the answer first, send at once instead of within a minute. */
function sweep_behind_the_answer(): void {
	if ( ! Turn::$has_written || ! is_configured() ) {
		return;
	}
	if ( function_exists( 'fastcgi_finish_request' ) ) {
		fastcgi_finish_request();
	} elseif ( function_exists( 'litespeed_finish_request' ) ) {
		litespeed_finish_request();
	} else {
		return;
	}
	sweep();
}

/** Send what is due, for at most 20 seconds, one sweep at a time. */
function sweep(): void {
	$health = health();
	if ( ! is_configured() || $health['retry_at'] > time() || ! lock( SWEEP_LOCK, 120 ) ) {
		return;
	}
	try {
		note_health( array( 'last_sweep' => time() ) );
		send_all( time() + 20 );
	} finally {
		unlock( SWEEP_LOCK );
	}
}

/**
 * Batch after batch, comments first, until nothing is due, time is up or the service is not there.
 *
 * @param int $until When to stop.
 */
function send_all( int $until ): void {
	$behind = 0;
	do {
		$rows  = unsent( $behind, BATCH * 2 );
		$batch = due( $rows );
		if ( $batch && ! send_batch( $batch ) ) {
			return;
		}
		$behind = $batch ? (int) end( $batch )['comment_id'] - 1 : (int) ( $rows ? end( $rows )['comment_id'] : 0 );
	} while ( $rows && time() < $until );
	while ( time() < $until && ( $batch = due( orphans( BATCH ) ) ) ) { // phpcs:ignore
		if ( ! send_batch( $batch ) ) {
			return;
		}
	}
}

/**
 * The first rows that may go now. A row put off keeps the later rows of its comment back.
 *
 * @param array<int,array<string,mixed>> $rows In order.
 * @return array<int,array<string,mixed>>
 */
function due( array $rows ): array {
	$batch   = array();
	$bytes   = 0;
	$is_late = array();
	foreach ( $rows as $row ) {
		if ( ! is_array( $row['event'] ) ) {
			clear_row( $row ); // Not ours any more: somebody wrote into it.
			continue;
		}
		if ( $row['after'] > time() || isset( $is_late[ $row['comment_id'] ] ) ) {
			if ( $row['comment_id'] > 0 ) {
				$is_late[ $row['comment_id'] ] = true;
			}
			continue;
		}
		$bytes += strlen( (string) wp_json_encode( $row['event'] ) );
		if ( count( $batch ) === BATCH || ( $batch && $bytes > BATCH_BYTES ) ) {
			break;
		}
		$batch[] = $row;
	}
	return $batch;
}

/**
 * Send one batch and act on the answer to each row.
 *
 * @param array<int,array<string,mixed>> $batch Rows.
 * @return bool Whether the service is there, so that it is worth going on.
 */
function send_batch( array $batch ): bool {
	$events = array();
	foreach ( $batch as $row ) {
		$row['event']['data']['site']['id'] = setting( 'site_id' );
		$events[]                           = $row['event'];
	}
	$body   = (string) wp_json_encode( array( 'events' => $events ), JSON_UNESCAPED_SLASHES );
	$answer = post( EVENTS, 'bulk_' . substr( hash( 'sha256', $body ), 0, 40 ), $body );
	if ( in_array( $answer['code'], array( 400, 413, 422 ), true ) && count( $batch ) > 1 ) {
		return send_each( $batch ); // One bad row must not stop the others.
	}
	if ( in_array( $answer['code'], array( 400, 413, 422 ), true ) ) {
		settle( $batch[0], $answer['code'], $answer['error'] );
		return true;
	}
	if ( 200 !== $answer['code'] || ! is_array( $answer['answer']['results'] ?? null ) ) {
		back_off( $answer );
		return false;
	}
	note_health( array( 'failures' => 0, 'retry_at' => 0, 'last_error' => '', 'last_taken' => time() ) );
	$results = array_column( array_filter( $answer['answer']['results'], 'is_array' ), null, 'index' );
	foreach ( $batch as $index => $row ) {
		$code = (int) ( $results[ $index ]['status'] ?? 0 );
		settle( $row, $code, problem( $code, $results[ $index ]['problem'] ?? null ) );
	}
	return true;
}

/**
 * The same rows, one by one.
 *
 * @param array<int,array<string,mixed>> $batch Rows.
 */
function send_each( array $batch ): bool {
	foreach ( $batch as $row ) {
		if ( ! send_batch( array( $row ) ) ) {
			return false;
		}
	}
	return true;
}

/**
 * Act on the answer to one row.
 *
 * @param array<string,mixed> $row    The row.
 * @param int                 $code   The answer to it.
 * @param string              $reason What the service said.
 */
function settle( array $row, int $code, string $reason ): void {
	$meaning = meaning( $code );
	if ( LATER === $meaning && $row['tries'] + 1 < MAX_TRIES ) {
		put_off( $row );
		return;
	}
	clear_row( $row );
	$record = $row['comment_id'] > 0 ? record_of( $row['comment_id'] ) : null;
	if ( TAKEN === $meaning || null === $record ) {
		return;
	}
	note_health( array( 'last_error' => $reason, 'last_error_at' => time() ) );
	if ( CHECKING === $record['state'] ) {
		remember( $row['comment_id'], array( 'state' => REFUSED, 'reasons' => array( $reason ) ) );
		notify_moderator_once( $row['comment_id'] );
	}
}

/**
 * The service is not there, or does not know us: wait, longer each time, and say why.
 *
 * @param array<string,mixed> $answer From post().
 */
function back_off( array $answer ): void {
	$failures = health()['failures'] + 1;
	$wait     = min( 900, 30 * ( 2 ** min( 8, $failures - 1 ) ) );
	note_health(
		array(
			'failures'      => $failures,
			'retry_at'      => time() + max( $wait, min( 3600, $answer['retry_after'] ) ),
			'last_error'    => '' !== $answer['error'] ? $answer['error'] : __( 'The answer was not understood.', 'moderator-bridge' ),
			'last_error_at' => time(),
		)
	);
}

/**
 * How the sending goes.
 *
 * @return array<string,mixed>
 */
function health(): array {
	$saved = get_option( HEALTH, array() );
	$start = array(
		'last_sweep'    => 0,
		'last_taken'    => 0,
		'last_error'    => '',
		'last_error_at' => 0,
		'failures'      => 0,
		'retry_at'      => 0,
	);
	return array_merge( $start, is_array( $saved ) ? $saved : array() );
}

/**
 * Change how the sending goes.
 *
 * @param array<string,mixed> $changes Fields and their new values.
 */
function note_health( array $changes ): void {
	update_option( HEALTH, array_merge( health(), $changes ), false );
}
