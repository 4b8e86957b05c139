"""`moderator doctor` names each trouble and its cure, where the trouble is really there."""

import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from alembic import command
from sqlalchemy import text, update

from moderator.__main__ import main
from moderator.storage.base.times import to_ms
from moderator.storage.schema.migrate import config
from moderator.storage.schema.tables import pulse
from moderator.storage.upkeep.heartbeat import HeartbeatRows
from tests.commands.clinic import Clinic
from tests.redis_server import RedisServer, free_port


def test_who_is_well_is_told_so(each_clinic: Clinic) -> None:
    each_clinic.add()
    found = each_clinic.doctor()
    assert {what for what, (state, *_) in found.items() if state != "ok"} == {"people"}
    assert found["people"][1:] == ("0 can log in", "invite one: `moderator admin create`")
    assert {"database", "redis", "clocks", "disk", "web", "worker", "sweeper"} <= found.keys()


def test_a_person_reads_what_to_do_behind_what_is_wrong(clinic: Clinic) -> None:
    clinic.said.readouterr()
    assert main(["doctor"]) == 0
    lines = clinic.said.readouterr().out.splitlines()
    [at] = [number for number, line in enumerate(lines) if "0 registered" in line]
    assert lines[at].split() == ["note", "sites", "0", "registered"]
    assert lines[at + 1].strip() == "→ register a blog: `moderator site add`"


# Redis


def test_no_redis(clinic: Clinic) -> None:
    clinic.set(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    state, detail, cure = clinic.doctor()["redis"]
    assert (state, cure) == ("note", "start it, or set REDIS_URL to where it is")
    assert "does not answer" in detail
    clinic.set(REDIS_URL="")
    assert "set REDIS_URL" in clinic.doctor()["redis"][2]


def test_a_redis_that_wants_a_password(clinic: Clinic, redis_server: RedisServer) -> None:
    clinic.set(REDIS_URL=redis_server.url)
    with redis.Redis.from_url(redis_server.url) as client:
        client.config_set("requirepass", "secret")
        state, detail, cure = clinic.doctor()["redis"]
    assert (state, "does not let us in" in detail, "PASSWORD" in cure) == ("note", True, True)


def test_a_redis_that_may_drop_things(clinic: Clinic, redis_server: RedisServer) -> None:
    clinic.set(REDIS_URL=redis_server.url)
    with redis.Redis.from_url(redis_server.url) as client:
        assert clinic.doctor()["redis"][0] == "ok"
        client.config_set("maxmemory-policy", "allkeys-lru")
        state, detail, cure = clinic.doctor()["redis"]
    assert (state, "allkeys-lru" in detail) == ("note", True)
    assert "maxmemory-policy to noeviction" in cure


# Processes


@pytest.mark.parametrize(
    ("kind", "cure"), [("web", "`web`"), ("worker", "`worker`"), ("sweeper", "`beat`")]
)
def test_a_process_that_fell_silent(each_clinic: Clinic, kind: str, cure: str) -> None:
    before = to_ms(each_clinic.database.now() - timedelta(minutes=5))
    with each_clinic.database.write() as connection:
        silent = update(pulse).where(pulse.c.name == f"{kind} here").values(seen_at=before)
        connection.execute(silent)
    found = each_clinic.doctor()
    assert (found[kind][0], found[kind][1][:7]) == ("note", "silent:")
    assert cure in found[kind][2]
    assert "processes" not in found


def test_nobody_works(each_clinic: Clinic) -> None:
    with each_clinic.database.write() as connection:
        connection.execute(pulse.delete())
        connection.execute(
            text("INSERT INTO queue (job, subject_id, site_id, due_at) VALUES ('check','x','y',0)")
        )
    found = each_clinic.doctor()
    assert "nothing is judged or sent" in found["processes"][1]
    assert found["check"][0] == "fail"
    assert found["check"][2] == found["processes"][2]
    HeartbeatRows(each_clinic.database).beat("worker", "here")
    assert "start more workers" in each_clinic.doctor()["check"][2]


# The database


def test_a_schema_of_before(clinic: Clinic) -> None:
    command.downgrade(config(clinic.database), "-1")
    state, detail, cure = clinic.doctor()["database"]
    assert (state, cure) == ("fail", "run `moderator db upgrade`")
    assert "not this version's" in detail


def test_a_schema_of_later(clinic: Clinic) -> None:
    with clinic.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    state, detail, cure = clinic.doctor()["database"]
    assert (state, "a later version" in detail) == ("fail", True)
    assert "install that version" in cure


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize(("size", "state"), [("8m", "fail"), ("64m", "note")])
def test_a_disk_that_is_nearly_full(clinic: Clinic, tmp_path: Path, size: str, state: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(disk)]
    if subprocess.run(mounted, check=False, capture_output=True).returncode:  # noqa: S603
        pytest.skip("nothing can be mounted here")
    try:
        clinic.set(DATABASE_URL="", DATA_DIR=str(disk))
        assert main(["db", "upgrade"]) == 0
        found = clinic.doctor()["disk"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607
    assert found[0] == state
    assert f"MiB free on the disk of {disk}" in found[1]
    assert "make room" in found[2]


def test_a_folder_that_others_may_read(clinic: Clinic, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    clinic.set(DATA_DIR=str(folder))
    state, detail, cure = clinic.doctor()["folder"]
    assert (state, cure) == ("note", f"chmod 700 {folder}")
    assert "mode 755" in detail
    folder.chmod(0o700)
    assert "folder" not in clinic.doctor()


@pytest.mark.parametrize(("ahead", "state"), [(1.0, "ok"), (-60.0, "note"), (3600.0, "fail")])
def test_a_clock_that_is_off(each_clinic: Clinic, ahead: float, state: str) -> None:
    def clock() -> float:
        return each_clinic.database.now().timestamp() + ahead

    HeartbeatRows(each_clinic.database, clock).beat("worker", "other-host")
    found = each_clinic.doctor()["clocks"]
    assert found[0] == state
    if state != "ok":
        way = "ahead of" if ahead > 0 else "behind"
        assert found[1] == f"worker other-host: {abs(ahead):.0f} s {way} the database's clock"
        assert "NTP" in found[2]
