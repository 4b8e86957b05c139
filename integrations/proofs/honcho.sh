#!/usr/bin/env bash
# The Procfile as it stands, run by honcho from a fresh clone; nothing is set but REDIS_URL, PORT and
# DATA_DIR. Needs python3, curl, git and a package index. Fails when a step does.
. "$(dirname "$0")/common.sh"
git clone -q "$ROOT" "$WORK/clone" && cd "$WORK/clone"
python3 -m venv .venv
.venv/bin/pip -q install --no-deps --require-hashes -r requirements.txt
.venv/bin/pip -q install --no-deps --no-build-isolation -e .
python3 -m venv "$WORK/honcho" && "$WORK/honcho/bin/pip" -q install honcho==2.0.0
REDIS=$(free_port)
.venv/bin/python -c "
import os
from pathlib import Path
from moderator.clients.redis.program import redis_command
command = redis_command($REDIS, Path('$WORK'))
os.execv(command[0], command)" &
STARTED+=($!)
PORT=$(free_port)
printf '%s\n' "REDIS_URL=redis://127.0.0.1:$REDIS/0" "PORT=$PORT" "DATA_DIR=$WORK/var" >.env
"$WORK/honcho/bin/honcho" start --no-colour >"$WORK/honcho.log" 2>&1 &
STARTED+=($!)
await 60 curl -fsS "http://127.0.0.1:$PORT/readyz"
step "honcho 2.0.0 runs web, worker and beat; the web answers"
env DATA_DIR="$WORK/var" .venv/bin/moderator site add demo --url https://blog.example.org/ --json >"$WORK/site.json"
judged "http://127.0.0.1:$PORT" "$(python3 -c "import json; print(json.load(open('$WORK/site.json'))['api_key'])")"
step "a comment was judged"
for name in web.1 worker.1 beat.1; do
  if grep -q "$name stopped" "$WORK/honcho.log"; then fail "$name stopped: $(tail -20 "$WORK/honcho.log")"; fi
done
grep -q "Traceback" "$WORK/honcho.log" && fail "$(grep -A20 Traceback "$WORK/honcho.log" | head -30)"
step "none of them stopped, no traceback"
