<?php
/**
 * Plugin Name:       Moderator Bridge
 * Description:       Asks your own Moderator service about every new comment, pingback and trackback, and applies its verdict.
 * Version:           0.1.0
 * Requires at least: 5.9
 * Requires PHP:      7.4
 * License:           GPL-2.0-or-later
 * Text Domain:       moderator-bridge
 *
 * This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public
 * License, version 2 or (at your option) any later version. It comes without any warranty; see the file LICENSE.
 *
 * A new comment is put on hold and an event is written beside it; a sweep sends what is written; the
 * service's verdict comes back as a signed request. No visitor ever waits for the service.
 *
 * @package Moderator_Bridge
 */

namespace Moderator_Bridge;

defined( 'ABSPATH' ) || exit;

const VERSION   = '0.1.0';
const FILE      = __FILE__;
const LINKBACKS = array( 'pingback', 'trackback', 'webmention' ); // The protocols that the service knows.

require_once __DIR__ . '/includes/settings.php';
require_once __DIR__ . '/includes/signing.php';
require_once __DIR__ . '/includes/lock.php';
require_once __DIR__ . '/includes/record.php';
require_once __DIR__ . '/includes/event.php';
require_once __DIR__ . '/includes/outbox.php';
require_once __DIR__ . '/includes/service.php';
require_once __DIR__ . '/includes/sweep.php';
require_once __DIR__ . '/includes/arrival.php';
require_once __DIR__ . '/includes/feedback.php';
require_once __DIR__ . '/includes/doors.php';
require_once __DIR__ . '/includes/linkback.php';
require_once __DIR__ . '/includes/verdict.php';
require_once __DIR__ . '/includes/mail.php';
if ( is_admin() ) {
	require_once __DIR__ . '/includes/admin-settings.php';
	require_once __DIR__ . '/includes/admin-begin.php';
	require_once __DIR__ . '/includes/admin-comments.php';
}

register_activation_hook( __FILE__, __NAMESPACE__ . '\schedule' );
register_deactivation_hook( __FILE__, __NAMESPACE__ . '\unschedule' );
