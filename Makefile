# Everything needed to work here. `make run` and `make test` set up what they need.
PYTHON ?= python3
BIN := .venv/bin

APT := DEBIAN_FRONTEND=noninteractive timeout 240 apt-get -qq -o DPkg::Lock::Timeout=120

.PHONY: setup run test test-fast browser check fix lock test-wordpress e2e-wordpress e2e-wordpress-rest clients-wordpress plugin bad-inputs conformance senders test-all bench bench-against bench-desk bench-linkbacks bench-near bench-lookups bench-campaigns evaluate first-month cases conformance-akismet clients bench-sync bench-import exports contract fuzz pictures first-day chaos proofs bench-footprint

# To run it: what the service needs. To work on it: the tools and tests as well.
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

run: .venv/runs
	$(BIN)/moderator up

setup: .venv/works

.venv/runs: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) install --no-deps --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/works: requirements-dev.txt .venv/runs
	$(PIP) install --no-deps --require-hashes -r requirements-dev.txt
	touch $@

# Two processes, each with servers and a browser of its own.
IN_TWO := --numprocesses 2 --dist worksteal

# Seven minutes on two cores, nine of CPU. Of many alike it tries some; `make test-all` tries all of them.
test: setup browser
	$(BIN)/python -m pytest $(IN_TWO)

# What needs no server and no browser, on SQLite: an answer within a minute, while you write.
FAST := tests/domain tests/checks tests/intake tests/platforms tests/judgement tests/usecases tests/bootstrap \
	tests/test_settings.py tests/test_signing.py tests/test_signing_profiles.py tests/test_glossary.py tests/test_docs.py
test-fast: setup
	FAST=1 $(BIN)/python -m pytest $(IN_TWO) $(FAST)

# All there is: long proofs (marked `long`), every page in every look, from every schema, kills and look-ups on both
# databases, every corpus as a whole, and twice as many examples, which were never drawn before.
test-all: setup browser
	EVERY_STATE=1 NEW_EXAMPLES=1 $(BIN)/python -m pytest $(IN_TWO)

# Some tests show the pages to a real browser. As root on Debian Chromium is installed when there is none;
# elsewhere, and when that fails, those tests are skipped and say so.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || if \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
			echo "Installing Chromium with apt-get, to look at the pages"; \
			$(APT) update >/dev/null; $(APT) install -y --no-install-recommends chromium >/dev/null || true; \
		else echo "There is no Chromium here: tests that look at pages are skipped"; fi

# The plugin in a real WordPress against a small fake service. Brings up the WordPress lab, which installs Debian's
# php8.2-cli, php8.2-{mysql,curl,xml,mbstring}, mariadb-server-core, mariadb-client-core and bc with apt-get (as root),
# and unpacks Debian's wordpress package into a folder of its own. No service is enabled; it stops what it started.
test-wordpress: setup
	$(BIN)/python -m pytest --force-enable-socket --timeout 300 integrations/wordpress/e2e

# The golden scenario with the real service: RUNS=20 repeats it. Installs the same packages; see docs/wordpress.md.
e2e-wordpress: setup
	$(BIN)/python -m integrations.wordpress.e2e.golden

# The same with nothing of ours on the blogs: over their REST API, with an application password.
e2e-wordpress-rest: setup
	$(BIN)/python -m integrations.wordpress.e2e.golden_rest

# WordPress' own Akismet plugin, unmodified, pointed at the service by one must-use file.
clients-wordpress: setup
	$(BIN)/python -m pytest --force-enable-socket --timeout 300 integrations/wordpress/e2e/test_akismet.py

# The plugin as a zip to upload under Plugins: var/moderator-bridge-VERSION.zip, the same bytes each time.
plugin: setup
	$(BIN)/python -m integrations.wordpress.package

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest $(IN_TWO)

# The linkback and SSRF suites; they lie outside the checkout (CONFORMANCE_DIR names their folder).
conformance: setup
	$(BIN)/python -m tests.conformance

# Akismet's protocol, case by case, against the service as it really runs; the cases lie there too.
conformance-akismet: setup
	$(BIN)/python -m tests.conformance.akismet

# Real pingback, trackback and webmention senders (from PyPI and npm, into a temporary folder).
senders: setup
	$(BIN)/python -m integrations.senders

# What Isso, django-contrib-comments (from PyPI, into a temporary folder) and the lab's WordPress export, imported.
exports: setup
	$(BIN)/python -m integrations.exports

# schemathesis (from PyPI, in a temporary folder) asks the service whatever its OpenAPI document allows and
# forbids. EXAMPLES=30 is a shorter run, SEED=2 another one.
contract: setup
	$(BIN)/python -m integrations.contract

# Real Akismet clients (from PyPI and npm, into a temporary folder) that know nothing of us but the address.
# Real clients and comment systems (from PyPI, npm and Debian's packages, into a temporary folder) that know
# nothing of us but the address: Akismet clients, Waline, Twikoo, ikiwiki, Isso. About three minutes.
clients: setup
	$(BIN)/python -m integrations.clients

# From nothing: wheel, Procfile, backup, upgrade of the first schema, TLS by URL, a path below nginx, what is
# deployed, three hosts of which one is cut off. About ten minutes; needs root, Debian's packages (unpacked, not
# installed) and a package index. ONLY="tls prefix" runs some, VERBOSE=1 shows what each says.
proofs: setup
	$(BIN)/python -m integrations.proofs

fix: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Speed from POST to decision on every database, then from POST to callback in six rooms: about twenty
# minutes. Shorter: ROOMS=plain,wave (also links, bulk, stored, decision), DATABASES=normal (also full,
# postgres), ROUNDS=1, BENCH_SECONDS=1. Results go to benchmarks/results. A machine that does nothing
# else gives numbers worth keeping; a busy one is named. `stored` needs 8 GB of disk for a while.
bench: setup
	$(BIN)/python -m benchmarks.end_to_end

# The same rooms with this checkout and another commit in turn, and how many times better this one is.
# REV=<commit> runs from a temporary clone, with its own lock file's packages (kept in .evaluation by
# the lock's hash). About forty minutes and 16 GB of disk; the same variables shorten it.
bench-against: setup
	$(BIN)/python -m benchmarks.against "$(REV)"

# From a key to what the eye sees, in Chromium at a quarter of the speed and 100 ms away; the queue with 100,000
# held; twenty moderators at once, and campaigns of 500: five minutes.
bench-desk: setup browser
	$(BIN)/python -m benchmarks.desk

# Pictures of every page, light and dark, into docs/pictures/pages: half a minute.
pictures: setup browser
	$(BIN)/python -m benchmarks.pictures

# The doors while sources hang, and a victim that ten thousand pings name: about four minutes.
bench-linkbacks: setup
	$(BIN)/python -m benchmarks.linkbacks

# How long who waits for a verdict waits (/v1/check, the Akismet door), at half of the peak and without Redis.
bench-sync: setup
	$(BIN)/python -m benchmarks.sync

# A WordPress export of 100,000 comments, whole and killed in the middle. IMPORTED changes the number.
bench-import: setup
	$(BIN)/python -m benchmarks.imports

# What a submission costs and leaves behind, by part: what docs/scaling.md rests on. Two minutes.
bench-footprint: setup
	$(BIN)/python -m benchmarks.footprint

# Near copies: a look-up at 10^4 and at 10^6 stored texts, memory per text, reading again after a flush.
bench-near: setup
	$(BIN)/python -m benchmarks.near_index

# Histories and judgements at 10^3, 10^4 and 10^5 stored, on SQLite and PostgreSQL: under a minute.
bench-lookups: setup
	$(BIN)/python -m benchmarks.lookups

# A spun flood in the queue: lines, presses and purity with four and nine of 45 words swapped. Half a minute.
bench-campaigns: setup
	$(BIN)/python -m benchmarks.campaigns $(WORDS)

# The judgement on development rows (DATA names their folder), each by a model that never saw its source,
# and on real blogs by weights of facts that never saw the blog.
# Trains six models once (about fifteen minutes; kept in .evaluation). Results go to benchmarks/results.
evaluate: setup
	$(BIN)/python -m benchmarks.evaluate_judgement $(DATA)

# Cases from the field by their kinds (CASES names their folder): KIND RIGHT/TOTAL, last the total.
# VERBOSE=1 prints what is wrong: got, want, why. KINDS="list likes" tries these kinds only.
CASES ?= ../shared/cases
cases: setup
	$(BIN)/python -m benchmarks.cases $(CASES) $(KINDS)

# A blog's second half on a new site, and after its first half was imported (DATA names the rows' folder): two minutes.
first-day: setup
	$(BIN)/python -m benchmarks.first_day $(DATA)

# A blog's first month in twenty languages, own sentences: half a minute. Results go to benchmarks/results.
first-month: setup
	$(BIN)/python -m benchmarks.first_month

# Every hostile request of ../shared (or SHARED_DIR) against a served process: expected, got, ok.
bad-inputs: setup
	$(BIN)/python -m tests.conformance.bad_inputs

# Every parser of what strangers send, on inputs that nobody thought of. SECONDS=60 in all, SEED=1; a fault is printed with its bytes.
SECONDS ?= 60
SEED ?= 1
fuzz: setup
	SECONDS=$(SECONDS) SEED=$(SEED) $(BIN)/python -m tests.fuzz

# Seeded faults against the real service: kills, stops, clocks, full disks, half-open connections, poison,
# moderators, deploys. STORE=sqlite|postgresql SEED=1 DURATION=180 (seconds, drain included, start-up not)
# FAULTS=kill,redis (default all). PACE=apart has one fault at a time, the next when the service works again. The last line is JSON; it fails unless every promise held (docs/reliability.md).
chaos: setup
	@STORE="$(STORE)" SEED="$(SEED)" DURATION="$(DURATION)" FAULTS="$(FAULTS)" PACE="$(PACE)" $(BIN)/python -m integrations.chaos

# Pins every dependency with its hashes. Needs `uv` on PATH; only for who changes dependencies.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra build pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra build --extra dev --extra train pyproject.toml -o requirements-dev.txt
