"""`manage.py lab` serves until it is told to stop."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

_ROOT = Path(__file__).parents[3]


def _lab(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "lab", *arguments]
    return subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_leaves_cleanly_when_told(number):
    with _lab() as process:
        ready = process.stdout.readline()
        status = httpx.get(ready.split()[-1] + "/lab/counters").status_code
        process.send_signal(number)

        assert ready.startswith("Lab ready on http://127.0.0.1:")
        assert status == 200
        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == ""


def test_a_taken_port_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _lab("--port", str(port)) as process:
            said = process.stderr.read()

    assert process.returncode == 1
    assert said.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{port}" in said


def test_an_impossible_port_is_one_clear_line_too():
    with _lab("--port", "99999") as process:
        said = process.stderr.read()

    assert process.returncode == 1
    assert "cannot listen on 127.0.0.1:99999" in said
