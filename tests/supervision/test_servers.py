"""The embedded servers on folders that people really have."""

import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tests.supervision.desk import a_var_folder
from triage.supervision import servers
from triage.supervision.servers import CannotStart, Postgres, Redis
from triage.supervision.supervisor import Supervisor


@pytest.fixture
def home() -> Iterator[Path]:
    with a_var_folder() as var:
        var.mkdir()
        yield var


@contextmanager
def started(server: Postgres | Redis) -> Iterator[None]:
    server.prepare()
    supervisor = Supervisor([server.program()], say=lambda name, line: None)
    deadline = time.monotonic() + 20
    supervisor.run_until(lambda: server.answers() or time.monotonic() > deadline)
    yield
    supervisor.stop()


def test_a_folder_with_a_long_name_full_of_odd_characters(home):
    folder = home / ("长 name, with 'odd' characters " * 4)
    folder.mkdir()
    postgres, redis = Postgres(folder), Redis(folder)

    with started(postgres), started(redis):
        sockets = [
            Path(parse_qs(urlsplit(postgres.url).query)["host"][0]),
            Path(urlsplit(redis.url).path).parent,
        ]
        assert postgres.answers() and redis.answers()
    for short in sockets:
        shutil.rmtree(short)


def test_text_is_utf8_whatever_the_locale_of_the_system(home):
    postgres = Postgres(home)

    with started(postgres), closing(psycopg.connect(postgres.url)) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_the_files_and_the_socket_are_closed_to_others(home):
    postgres, redis = Postgres(home), Redis(home)
    postgres.prepare()
    redis.prepare()

    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "redis").stat().st_mode) == 0o700


def test_the_pid_of_a_killed_server_may_belong_to_another_program_by_now(home):
    postgres = Postgres(home)
    postgres.prepare()
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")

    with started(postgres):
        assert postgres.answers()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps files where PostgreSQL's account cannot go")
def test_root_below_a_closed_folder_keeps_data_and_programs_elsewhere(home, monkeypatch):
    elsewhere = home / "elsewhere"
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(servers, "CLOSED_CLONE_HOME", elsewhere)
    monkeypatch.setattr(servers, "_open_to_others", lambda folder: elsewhere in (folder, *folder.parents))
    postgres = Postgres(closed / "var")

    with started(postgres):
        assert postgres.answers()
    assert not (closed / "var").exists()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_private_folder_of_somebody_else_is_not_used(home, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder of somebody else's")
    taken = home / "taken"
    taken.mkdir()
    os.chown(taken, 4321, 4321)

    with pytest.raises(CannotStart, match="belongs to somebody else"):
        servers._private_folder(taken, None)
