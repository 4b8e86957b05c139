#!/bin/sh
# Sends one comment with curl, then asks how it stands: MODERATOR, SITE and KEY name where, whose, and by what right.
set -eu
answer=$(curl --silent --show-error --fail-with-body "$MODERATOR/v1/submissions" \
  -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' --data-binary @- <<EVENT
{"type": "comment.created", "timestamp": "$(date -u +%Y-%m-%dT%H:%M:%SZ)", "data": {
  "site": {"id": "$SITE"},
  "comment": {"id": "curl-1", "type": "comment", "content": {"raw": "Well said!", "format": "text"}},
  "author": {"name": "Alice", "email": "alice@example.org", "ip": "192.0.2.10"},
  "post": {"url": "https://blog.example.org/2026/03/the-river"}}}
EVENT
)
id=$(printf %s "$answer" | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/')
curl --silent --show-error --fail-with-body "$MODERATOR/v1/submissions/$id" -H "Authorization: Bearer $KEY"
