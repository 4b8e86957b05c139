#!/usr/bin/env bash
# A running service is backed up twice and restored into an empty folder, which then answers for the
# same submission. Needs curl, and the checkout's .venv or
# another PYTHON. Fails when a step does.
. "$(dirname "$0")/common.sh"
MODERATOR=(env -C "$ROOT" "${PYTHON:-$ROOT/.venv/bin/python}" -m moderator)
export PORT DATA_DIR=$WORK/first && PORT=$(free_port)
"${MODERATOR[@]}" up >"$WORK/up.log" 2>&1 &
STARTED+=($!)
await 60 curl -fsS "http://127.0.0.1:$PORT/readyz"
KEY=$(grep -o 'mod_[A-Za-z0-9_-]*' "$WORK/up.log" | head -1)
judged "http://127.0.0.1:$PORT" "$KEY"
"${MODERATOR[@]}" backup "$WORK/backup.gz"
"${MODERATOR[@]}" backup "$WORK/backup.gz"
[ "$(stat -c %a "$WORK/backup.gz")" = 600 ] || fail "anybody can read the backup"
step "backed up twice while it ran, readable by its owner alone"
kill -TERM "${STARTED[0]}" && wait "${STARTED[0]}" || true
STARTED=()
export DATA_DIR=$WORK/second
mkdir -m 0700 "$DATA_DIR"
"${MODERATOR[@]}" restore "$WORK/backup.gz"
"${MODERATOR[@]}" up >"$WORK/up2.log" 2>&1 &
STARTED+=($!)
await 60 curl -fsS "http://127.0.0.1:$PORT/readyz"
curl -fsS "http://127.0.0.1:$PORT/v1/submissions/find?platform_id=1" -H "Authorization: Bearer $KEY" | grep -q '"approved"' ||
  fail "the comment is not there"
step "restored elsewhere: the same key finds the same comment, approved"
