#!/usr/bin/env bash
# standardwebhooks 1.1.0 (PyPI) signs for a datetime. Its JavaScript counterpart (npm 1.1.1) signs for a
# Date. One expects a datetime with a zone to be signed as the moment it means, as there.
# Seen: Webhook.sign replaces the zone by UTC instead of converting, so a datetime in any other zone is
# signed as another moment, hours away. Its own verify, given the right webhook-timestamp for that very
# datetime, answers "No matching signature found"; so does every other receiver.
# Why it matters: a moderation service that signs callbacks with datetime.now(zone) works in tests run in
# UTC and has every callback refused elsewhere, with a message about the signature, not about time.
# Convert to UTC before signing.
# Prints, for one moment in three zones, whether what is signed verifies; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check standardwebhooks==1.1.0 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/npm" \
    standardwebhooks@1.1.1 >"$folder/out" 2>&1 || { cat "$folder/out"; exit 2; }
cat >"$folder/npm/sign.js" <<'JS'
const { Webhook } = require("standardwebhooks");
const [secret, iso, body] = process.argv.slice(2);
process.stdout.write(new Webhook(secret).sign("msg_1", new Date(iso), body));
JS
"$folder/venv/bin/python" - "$folder/npm/sign.js" <<'PYTHON' | tee "$folder/seen"
import subprocess
import sys
from datetime import datetime, timedelta, timezone

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"type": "comment.decided"}'
now = datetime.now(timezone.utc).replace(microsecond=0)


def verified(moment, signature):
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }
    try:
        Webhook(SECRET).verify(BODY, headers)
    except WebhookVerificationError as error:
        return str(error)
    return "verified"


for hours in (0, 2, -5):
    moment = now.astimezone(timezone(timedelta(hours=hours)))
    assert moment == now
    mine = Webhook(SECRET).sign("msg_1", moment, BODY)
    node = subprocess.run(
        ["node", sys.argv[1], SECRET, moment.isoformat(), BODY], check=True, capture_output=True, text=True
    ).stdout
    print(f"UTC{hours:+d}: signed in Python: {verified(moment, mine):28} signed in JavaScript: {verified(moment, node)}")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: zones are no longer handled as seen"; exit 1; }
UTC+0: signed in Python: verified                     signed in JavaScript: verified
UTC+2: signed in Python: No matching signature found  signed in JavaScript: verified
UTC-5: signed in Python: No matching signature found  signed in JavaScript: verified
SEEN
