# What the proofs share: a temporary folder that goes, processes that end, one line per step.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
WORK=$(mktemp -d)
STARTED=()
finish() {
  local pid
  for pid in "${STARTED[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${STARTED[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$WORK"
}
trap finish EXIT
step() { printf '%s\n' "- $*"; }
fail() { printf '%s\n' "FAILED: $*" >&2; exit 1; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# await SECONDS COMMAND...: until it succeeds.
await() {
  local until=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || fail "in vain: $*"
    sleep 0.2
  done
}
# judged BASE KEY: a comment is taken and decided.
judged() {
  local body
  body=$(curl -fsS "$1/v1/check?wait_ms=10000" -H "Authorization: Bearer $2" -H 'Content-Type: application/json' \
    -d '{"type":"comment.created","timestamp":"2026-01-01T12:00:00Z","data":{"site":{"id":"demo"},
        "comment":{"id":"1","type":"comment","content":{"raw":"What a fine article about bridges!","format":"text"}},
        "author":{"name":"Alice","email":"alice@example.org"},
        "post":{"id":"1","url":"https://blog.example.org/bridges","title":"Bridges"}}}')
  case $body in *'"final":true'*) ;; *) fail "not decided: $body" ;; esac
}
