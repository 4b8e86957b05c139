<?php
// Sends one comment with PHP's own streams, then asks how it stands.
// MODERATOR, SITE and KEY name where, whose, and by what right.

function call( string $path, ?array $body = null ): array {
	$headers = array( 'Authorization: Bearer ' . getenv( 'KEY' ), 'Content-Type: application/json' );
	$options = array( 'timeout' => 10, 'ignore_errors' => true, 'header' => $headers );
	if ( null !== $body ) {
		$options += array( 'method' => 'POST', 'content' => json_encode( $body, JSON_THROW_ON_ERROR ) );
	}
	$answer = file_get_contents( getenv( 'MODERATOR' ) . $path, false, stream_context_create( array( 'http' => $options ) ) );
	if ( false === $answer || ! preg_match( '~ 20[02]~', $http_response_header[0] ) ) {
		throw new RuntimeException( (string) $answer );
	}
	return json_decode( $answer, true, 64, JSON_THROW_ON_ERROR );
}

$receipt = call(
	'/v1/submissions',
	array(
		'type'      => 'comment.created',
		'timestamp' => gmdate( 'Y-m-d\TH:i:s\Z' ),
		'data'      => array(
			'site'    => array( 'id' => getenv( 'SITE' ) ),
			'comment' => array( 'id' => 'php-1', 'type' => 'comment', 'content' => array( 'raw' => 'Well said!', 'format' => 'text' ) ),
			'author'  => array( 'name' => 'Alice', 'email' => 'alice@example.org', 'ip' => '192.0.2.10' ),
			'post'    => array( 'url' => 'https://blog.example.org/2026/03/the-river' ),
		),
	)
);
echo json_encode( call( "/v1/submissions/{$receipt['id']}" ) ), "\n";
