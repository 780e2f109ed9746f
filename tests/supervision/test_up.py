"""`manage.py up`, started and stopped as people and machines do."""

import os
import re
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.supervision.desk import RunningDesk, a_var_folder, all_gone, manage, processes_of

pytestmark = pytest.mark.slow
SIGN_IN = re.compile(r"user (\S+) +password (\S+)")


@pytest.fixture
def var() -> Iterator[Path]:
    with a_var_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDesk]:
    with a_var_folder() as folder:
        desk = RunningDesk(folder)
        yield desk
        desk.stop()


def test_it_prints_its_address_and_a_sign_in_for_each_role(running):
    page = urllib.request.urlopen(f"http://127.0.0.1:{running.port}/")

    assert page.status == 200
    assert [name for name, _ in SIGN_IN.findall(running.said)] == ["support", "engineer", "admin", "admin-2"]


def test_every_line_of_a_program_bears_its_name(running):
    after_start = [line for line in running.said.splitlines() if "Lab ready" in line or " ready." in line]

    assert {line.split()[0] for line in after_start} == {"lab", "worker", "ledger", "chores"}


def test_nothing_listens_beyond_loopback(running):
    ours = {f"socket:[{inode}]" for pid in processes_of(running.var) for inode in _sockets_of(pid)}

    assert _listeners_beyond_loopback(ours) == []


def test_keys_are_readable_by_their_owner_only(running):
    files = list((running.var / "keys").iterdir())

    assert len(files) >= 6
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}


def test_a_killed_program_is_started_again(running):
    worker = next(pid for pid, line in processes_of(running.var).items() if "-Q probe" in line)

    os.kill(worker, signal.SIGKILL)

    running.wait_for("worker  | ended with SIGKILL; starting it again in 0.5 s")
    assert running.process.poll() is None


def test_a_second_start_in_the_same_folder_is_refused_in_one_line(running):
    second = manage(running.var, "up")

    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"already runs (process {running.process.pid}, http://127.0.0.1:{running.port}/)" in second.stderr


def test_a_door_uses_the_servers_that_run(running):
    before = processes_of(running.var)

    door = manage(
        running.var, "shell", "-c", "from django.contrib.auth.models import User; print(User.objects.count())"
    )

    assert door.stdout.split()[-1] == str(len(SIGN_IN.findall(running.said)))
    assert processes_of(running.var).keys() == before.keys()


def test_ctrl_c_stops_everything_and_data_survives(var):
    first = RunningDesk(var)
    sign_ins = SIGN_IN.findall(first.said)

    assert first.stop(signal.SIGINT) == 0
    assert processes_of(var) == {}

    second = RunningDesk(var)
    assert SIGN_IN.findall(second.said) == sign_ins
    second.stop()


def test_a_volley_of_signals_stops_it_like_one(var):
    desk = RunningDesk(var)

    for _ in range(200):
        os.kill(desk.process.pid, signal.SIGTERM)
        os.kill(desk.process.pid, signal.SIGINT)

    assert desk.stop() == 0
    assert processes_of(var) == {}


def test_kill_9_leaves_nothing_that_stops_the_next_start(var):
    RunningDesk(var).stop(signal.SIGKILL)
    assert all_gone(var), processes_of(var)

    RunningDesk(var)
    for pid in processes_of(var):
        os.kill(pid, signal.SIGKILL)
    assert all_gone(var), processes_of(var)

    RunningDesk(var).stop()


def test_a_taken_port_is_one_line(var):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        refused = manage(var, "up", "--port", str(port))

    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"CommandError: port {port} of 127.0.0.1 is taken by another program;"
        " choose one with --port, or with make run PORT=9000"
    ]
    assert processes_of(var) == {}


def test_without_demo_there_are_no_demo_people(var):
    desk = RunningDesk(var, "--no-demo")

    assert not SIGN_IN.findall(desk.said)
    assert desk.stop(signal.SIGTERM) == 0
    assert processes_of(var) == {}


def _sockets_of(pid: int) -> Iterator[str]:
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(descriptor)
        except OSError:
            continue
        if target.startswith("socket:["):
            yield target.removeprefix("socket:[").removesuffix("]")


def _listeners_beyond_loopback(ours: set[str]) -> list[str]:
    loopback = {"0100007F", "00000000000000000000000001000000"}
    rows = [
        row.split()
        for table in ("tcp", "tcp6")
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    listening = [row for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in ours]
    return [row[1] for row in listening if row[1].split(":")[0] not in loopback]
