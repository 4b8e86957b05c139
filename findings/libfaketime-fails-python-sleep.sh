#!/usr/bin/env bash
# libfaketime 0.9.10 (Debian 12) tells a whole process another time, and is told to leave the
# monotonic clock alone by FAKETIME_DONT_FAKE_MONOTONIC=1.
# One expects time.sleep() to sleep as before: Python 3.11 sleeps by clock_nanosleep on that clock.
# Seen: with DONT_FAKE_MONOTONIC every time.sleep() of Python 3.11 raises OSError 22, Invalid argument.
# Why it matters: a service under test fails in its loops and not by its clock, so a run with wrong
# clocks looks like a run full of other faults. A library that overrides readings alone has no such effect.
# Needs apt-get (nothing is installed) and a Python 3.11 or newer; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq download libfaketime 2>out || { cat out; exit 2; }
dpkg-deb -x ./*.deb .
library=$(find . -name libfaketimeMT.so.1)
echo "+0s" >clock
sleeps() {
    env LD_PRELOAD="$folder/$library" FAKETIME_TIMESTAMP_FILE="$folder/clock" "$@" \
        python3 -c 'import time; time.sleep(0.01); print("slept")' 2>&1 | tail -1 || true
}
alone=$(sleeps FAKETIME_DONT_FAKE_MONOTONIC=1)
echo "monotonic left alone: $alone"
case $alone in *"Invalid argument"*) ;; *) echo "It sleeps now"; exit 1 ;; esac
