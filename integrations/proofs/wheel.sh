#!/usr/bin/env bash
# The wheel, built from the sdist and installed alone into a new environment (as pipx does), runs from
# an empty folder. Needs git, python3, curl and a package index; takes about two minutes. Fails when a
# step does.
. "$(dirname "$0")/common.sh"
python3 -m venv "$WORK/build"
"$WORK/build/bin/pip" -q install build
"$WORK/build/bin/python" -m build --outdir "$WORK/dist" "$ROOT" >"$WORK/build.log" 2>&1 || fail "$(tail -5 "$WORK/build.log")"
step "built $(cd "$WORK/dist" && echo *)"
python3 - "$ROOT" "$WORK/dist" <<'END' || fail "the wheel or the sdist lacks what the checkout has"
import subprocess, sys, tarfile, zipfile
from pathlib import Path

root, dist = map(Path, sys.argv[1:])
kept = subprocess.run(["git", "ls-files", "moderator", "workers"], cwd=root, capture_output=True, text=True, check=True)
files = set(kept.stdout.split("\n")) - {""}
[wheel], [sdist] = dist.glob("*.whl"), dist.glob("*.tar.gz")
packed = set(zipfile.ZipFile(wheel).namelist())
archived = {name.partition("/")[2] for name in tarfile.open(sdist).getnames()}
lacking = sorted(files - packed), sorted(files - archived)
data = [name for name in files if not name.endswith(".py")]
print(f"- wheel and sdist hold all {len(files)} files, {len(data)} of them no code" if not any(lacking) else lacking)
sys.exit(any(lacking))
END
python3 -m venv "$WORK/env"
"$WORK/env/bin/pip" -q install "$WORK"/dist/*.whl
mkdir "$WORK/empty" && cd "$WORK/empty"
export PORT && PORT=$(free_port)
"$WORK/env/bin/moderator" up >"$WORK/up.log" 2>&1 &
STARTED+=($!)
await 60 curl -fsS "http://127.0.0.1:$PORT/readyz"
step "moderator up answers from a folder that was empty"
judged "http://127.0.0.1:$PORT" "$(grep -o 'mod_[A-Za-z0-9_-]*' "$WORK/up.log" | head -1)"
step "a comment was judged"
"$WORK/env/bin/moderator" doctor >"$WORK/doctor.txt" || fail "doctor: $(cat "$WORK/doctor.txt")"
grep -q redis "$WORK/doctor.txt" || fail "doctor did not find Redis: $(cat "$WORK/doctor.txt")"
step "moderator doctor found its database and its Redis"
kill -TERM "${STARTED[0]}" && wait "${STARTED[0]}" || fail "moderator up ended with $?"
STARTED=()
[ "$(ls "$WORK/empty")" = var ] || fail "left behind: $(ls "$WORK/empty")"
step "ended by SIGTERM with 0; all it left is var/"
