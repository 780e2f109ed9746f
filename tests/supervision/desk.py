"""The whole desk as a person starts it: `manage.py` in a process of its own, on a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from triage.embedded import ROOT

READY_WITHIN_S = 60
GONE_WITHIN_S = 10
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "PROBE_KEY_KEK",
    "REDACTION_PEPPER",
    "DJANGO_SETTINGS_MODULE",
    "DJANGO_ALLOW_ASYNC_UNSAFE",  # what the browser fixture needs is no setting of a desk
)


@contextmanager
def a_var_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account can reach when the tests run as root; pytest's own are closed."""
    parent = Path(tempfile.mkdtemp(prefix="desk-up-"))
    parent.chmod(0o755)
    var = parent / "var"
    yield var
    for pid in processes_of(var):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(parent, ignore_errors=True)


def manage(var: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One door, to its end."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=_environment(var, environment),
        capture_output=True,
        text=True,
        timeout=READY_WITHIN_S,
    )


class RunningDesk:
    """`manage.py up`, ready. What it printed until then is in `said`."""

    def __init__(self, var: Path, *arguments: str) -> None:
        self.var = var
        self.port = free_port()
        self._output = var.parent / f"output-{self.port}"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(self.port), *arguments],
                env=_environment(var, {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_for("Ctrl-C stops everything.")

    @property
    def said(self) -> str:
        return self._output.read_text(errors="replace")

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while text not in self.said:
            assert self.process.poll() is None and time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """The exit status; fails unless it ends within the promised time."""
        self.process.send_signal(number)
        return self.process.wait(timeout=GONE_WITHIN_S)


def processes_of(var: Path) -> dict[int, str]:
    """Every living process that was started for this folder, by the environment it inherited."""
    mark = f"DESK_VAR={var}\0".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes() + b"\0":
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def all_gone(var: Path) -> bool:
    """Whether every process of this folder ends within the promised time."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while processes_of(var) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes_of(var)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(var: Path, extra: dict[str, str]) -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if name not in OURS and "DESK_" not in name
    }
    return inherited | {"DESK_VAR": str(var)} | extra
