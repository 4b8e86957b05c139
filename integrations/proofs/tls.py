"""PostgreSQL and Redis with TLS, named by their URLs and nothing else; and a pooler in between.

Makes a CA of its own (openssl), starts Debian's PostgreSQL and Redis so that they take nothing but
TLS, and runs web, worker and sweeper by DATABASE_URL and REDIS_URL. Then a CA that is not theirs, a
name that is not theirs, and pgbouncer in transaction mode. Needs openssl and Debian's packages,
which are unpacked into a temporary folder. `python -m integrations.proofs.tls`
"""

import os
from pathlib import Path
from urllib.parse import quote

import psycopg

from integrations.proofs.certificates import Certificates
from integrations.proofs.ground import (
    COMMANDS,
    Processes,
    ProofError,
    answers,
    ask,
    event,
    folder,
    free_port,
    judged,
    libraries,
    moderator,
    proof,
    step,
    unpacked,
    wait_until,
)
from integrations.proofs.postgres import PASSWORD, USER, Postgres

REDIS = ("redis-server", "redis-tools", "liblzf1", "libjemalloc2", "liblua5.1-0", "lua-cjson",
         "lua-bitop", "libatomic1")  # fmt: skip
POOLER = ("pgbouncer", "libevent-2.1-7", "libc-ares2")
SITE = ("site", "add", "demo", "--url", "https://blog.example.org/", "--json")


def start_redis(place: Path, processes: Processes, made: Certificates) -> str:
    """TLS and a password, and no other port; its URL without what is said of TLS."""
    port = free_port()
    root = unpacked(place / "redis", REDIS)
    processes.start(
        "redis",
        [str(root / "usr/bin/redis-server"), "--port", "0", "--tls-port", str(port),
         "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD,
         "--tls-cert-file", str(made.certificate), "--tls-key-file", str(made.key),
         "--tls-ca-cert-file", str(made.ca), "--tls-auth-clients", "no"],
        libraries(root),
    )  # fmt: skip
    return f"rediss://:{PASSWORD}@127.0.0.1:{port}/0"


def start_postgres(place: Path, processes: Processes, made: Certificates) -> Postgres:
    server = Postgres(place, processes)
    copies = {}
    for path in (made.key, made.certificate):
        copies[path.name] = server.folder / path.name
        copies[path.name].write_bytes(path.read_bytes())
        copies[path.name].chmod(0o600)
        os.chown(copies[path.name], server.folder.stat().st_uid, -1)
    server.start(
        f"ssl = on\nssl_cert_file = '{copies['server.crt']}'\n"
        f"ssl_key_file = '{copies['server.key']}'\n",
        "hostssl all all all scram-sha-256\n",
    )
    return server


def the_service_runs_by_urls(
    processes: Processes, environment: dict[str, str], server: Postgres
) -> str:
    """Web, worker and sweeper judge a comment; every session is encrypted. The site's key."""
    code, shown, trouble = moderator(["db", "upgrade"], environment)
    if code:
        raise ProofError(f"db upgrade: {trouble}")
    key = shown_key(environment)
    for name, command in COMMANDS.items():
        processes.start(name, command, environment)
    base = base_of(environment)
    wait_until(lambda: answers(f"{base}/readyz"), "the web answers")
    wait_until(lambda: b'"workers":"ok"' in ask(f"{base}/readyz")[1], "workers live")
    judged(base, key)
    verified = f"?sslmode=verify-full&sslrootcert={environment['CA']}"
    with psycopg.connect(server.url(verified)) as connection:
        rows = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE ssl) FROM pg_stat_ssl JOIN pg_stat_activity"
            " USING (pid) WHERE backend_type = 'client backend'"
        ).fetchone()
    if rows is None or rows[0] != rows[1] or rows[0] < 4:
        raise ProofError(f"not every session is encrypted: {rows}")
    step(f"web, worker and sweeper judged a comment; {rows[0]} of {rows[1]} sessions have TLS")
    _, shown, _ = moderator(["doctor"], environment)
    [line] = [each for each in shown.splitlines() if " redis " in each]
    if not line.startswith("ok"):
        raise ProofError(f"doctor: {line}")
    step(f"doctor: {line}")
    return key


def shown_key(environment: dict[str, str]) -> str:
    code, shown, trouble = moderator(SITE, environment)
    if code:
        raise ProofError(f"site add: {trouble}")
    return shown.partition('"api_key": "')[2].partition('"')[0]


def base_of(environment: dict[str, str]) -> str:
    return f"http://127.0.0.1:{environment['PORT']}"


def a_wrong_ca_is_refused(environment: dict[str, str], wrong: dict[str, str]) -> None:
    """Commands end in a line that names the cause, for the database and for Redis."""
    code, _, trouble = moderator(["db", "upgrade"], environment | wrong)
    if code != 1 or "certificate verify failed" not in trouble or "Traceback" in trouble:
        raise ProofError(f"another CA of the database: {code} {trouble}")
    step(f"another CA: {trouble.strip().splitlines()[-1]}")
    _, shown, _ = moderator(["doctor"], environment | {"REDIS_URL": wrong["REDIS_URL"]})
    [line] = [each for each in shown.splitlines() if " redis " in each]
    if "CERTIFICATE_VERIFY_FAILED" not in line:
        raise ProofError(f"another CA of Redis: {line}")
    step(f"another CA: {' '.join(line.split())}")


def another_name_is_refused(environment: dict[str, str], url: str, redis_url: str) -> None:
    """The certificate is for 127.0.0.1, and `localhost` is nobody it speaks for."""
    code, _, trouble = moderator(["db", "upgrade"], environment | {"DATABASE_URL": url})
    if code != 1 or "localhost" not in trouble:
        raise ProofError(f"another name of the database: {code} {trouble}")
    step(f"another name: {trouble.strip().splitlines()[-1]}")
    _, shown, _ = moderator(["doctor"], environment | {"REDIS_URL": redis_url})
    [line] = [each for each in shown.splitlines() if " redis " in each]
    if "CERTIFICATE_VERIFY_FAILED" not in line:
        raise ProofError(f"another name of Redis: {line}")
    step(f"another name: {' '.join(line.split())}")


def intake_goes_on_without_redis(
    processes: Processes, environment: dict[str, str], key: str
) -> None:
    """A web that trusts another CA of Redis still takes and has decided what comes."""
    for name in ("web", "worker"):
        processes.stop(name)
        processes.start(name, COMMANDS[name], environment)
    base = base_of(environment)
    wait_until(lambda: answers(f"{base}/readyz"), "the web answers")
    status, _ = ask(f"{base}/v1/submissions", key, event(2))
    if status != 202:
        raise ProofError(f"not taken without Redis: {status}")
    wait_until(lambda: "CERTIFICATE_VERIFY_FAILED" in processes.log("web"), "the web says why")
    wait_until(lambda: "CERTIFICATE_VERIFY_FAILED" in processes.log("worker"), "so does Celery")
    judged(base, key, 3)
    step("with another CA of Redis comments are taken and decided; web and worker say why not")


def behind_a_pooler(
    place: Path, processes: Processes, environment: dict[str, str], server: Postgres
) -> None:
    """pgbouncer hands out two sessions for one transaction each."""
    port, root = free_port(), unpacked(place / "pooler", POOLER)
    (server.folder / "users").write_text(f'"{USER}" "{PASSWORD}"\n')
    config = server.folder / "pgbouncer.ini"
    config.write_text(
        f"[databases]\n* = host=127.0.0.1 port={server.port}\n[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\npool_mode = transaction\n"
        "auth_type = scram-sha-256\nserver_tls_sslmode = require\ndefault_pool_size = 2\n"
        f"auth_file = {server.folder / 'users'}\nunix_socket_dir =\n"
    )
    processes.start("pgbouncer", [str(root / "usr/sbin/pgbouncer"), str(config)],
                    libraries(root), user=server.owner)  # fmt: skip
    plain = server.url(port=port)
    wait_until(lambda: "listening on" in processes.log("pgbouncer"), "pgbouncer listens")
    code, _, trouble = moderator(["db", "upgrade"], environment | {"DATABASE_URL": plain})
    if code != 1 or "unsupported startup parameter: options" not in trouble:
        raise ProofError(f"a pooler that is not named: {code} {trouble}")
    step(f"a pooler that is not named: {trouble.strip().splitlines()[-1]}")
    pooled = environment | {"DATABASE_URL": f"{plain}?pooling=transaction"}
    for name in ("web", "worker", "sweeper"):
        processes.stop(name)
        processes.start(name, COMMANDS[name], pooled)
    base = base_of(pooled)
    wait_until(lambda: answers(f"{base}/readyz"), "the web answers")
    code, shown, trouble = moderator(["site", "rotate", "demo", "--json"], pooled)
    if code:
        raise ProofError(f"site rotate: {trouble}")
    key = shown.partition('"api_key": "')[2].partition('"')[0]
    for number in range(10, 40):
        judged(base, key, number)
    told = [name for name in COMMANDS if "storage_unavailable" in processes.log(name)[-2000:]]
    if told:
        raise ProofError(f"behind the pooler: {processes.log(told[0])[-500:]}")
    step("pgbouncer, transaction mode, two sessions: 30 comments judged by pooling=transaction")


def run() -> None:
    with folder() as place, Processes(place) as processes:
        made = Certificates(place / "certificates")
        bare = start_redis(place, processes, made)
        server = start_postgres(place, processes, made)
        step("PostgreSQL and Redis take TLS only, with certificates of a CA made just now")

        def urls(ca: Path, host: str = "127.0.0.1") -> dict[str, str]:
            quoted = quote(str(ca), safe="/")
            return {
                "DATABASE_URL": server.url(f"?sslmode=verify-full&sslrootcert={quoted}", host=host),
                "REDIS_URL": f"{bare}?ssl_ca_certs={quoted}".replace("127.0.0.1", host),
            }

        environment = {
            **os.environ, **urls(made.ca), "CA": str(made.ca), "PORT": str(free_port()),
            "DATA_DIR": str(place / "var"),
        }  # fmt: skip
        key = the_service_runs_by_urls(processes, environment, server)
        wrong = urls(made.stranger)
        a_wrong_ca_is_refused(environment, wrong)
        a_wrong_ca_is_refused(environment, wrong | {"REDIS_URL": bare})  # the system's own CAs
        named = urls(made.ca, "localhost")
        another_name_is_refused(environment, named["DATABASE_URL"], named["REDIS_URL"])
        other = environment | {"REDIS_URL": wrong["REDIS_URL"]}
        intake_goes_on_without_redis(processes, other, key)
        behind_a_pooler(place, processes, environment, server)


if __name__ == "__main__":
    raise SystemExit(proof(run))
