"""Keeps a handful of processes alive, passes on what they say, and stops them without leftovers."""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

QUICK_DEATH_S = 10.0
QUICK_DEATHS_ALLOWED = 5
LONGEST_LINE = 64 * 1024

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None

Say = Callable[[str, str], None]
"""Told a program's name and one line of its output."""


class GaveUp(Exception):
    """A program kept dying right after its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The system account that a program runs as."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A process that should be running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    # Sent by the kernel when the supervisor is killed; what a program holds open then is no longer served.
    orphan_signal: signal.Signals = signal.SIGKILL
    # A part of the line with which the program says that it serves; empty: as soon as it runs.
    ready_line: str = ""


def restart_delay(quick_deaths: int) -> float:
    """Seconds to wait after the first, second, … quick death in a row: 0.5, 1, 2, 4, 8."""
    return float(2**quick_deaths) / 4


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_due_at: float = 0.0
    quick_deaths: int = 0
    is_ready: bool = False
    unfinished: bytes = b""
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=3))

    def take_output(self, data: bytes) -> list[str]:
        """Return the lines that this piece of output completed."""
        *lines, self.unfinished = (self.unfinished + data).split(b"\n")
        if len(self.unfinished) > LONGEST_LINE:
            lines, self.unfinished = [*lines, self.unfinished], b""
        return [line.decode(errors="replace").rstrip("\r") for line in lines]


class Supervisor:
    """Runs programs as process groups of their own. Used from one thread, the main one.

    The kernel ties a child's orphan signal to the thread that started it, hence no threads here:
    one selector reads every output, and deaths are noticed between reads.
    """

    def __init__(self, programs: Sequence[Program], *, say: Say) -> None:
        self._children = [_Child(program) for program in programs]
        self._say = say
        self._outputs = selectors.DefaultSelector()

    @property
    def all_ready(self) -> bool:
        return all(child.is_ready for child in self._children)

    def run_until(self, done: Callable[[], bool]) -> None:
        """Keep everything alive until `done()`; GaveUp when a program will not stay up."""
        while not done():
            self.tick()

    def tick(self, wait_s: float = 0.2) -> None:
        """One round: start what is due, pass on output, notice deaths."""
        for child in self._children:
            if child.process is None and time.monotonic() >= child.start_due_at:
                self._start(child)
        self._pass_on_output(wait_s)
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child, child.process)

    def stop(self, grace_s: float = 7.0) -> None:
        """Ask everything to stop, wait, then kill whole groups. Leaves no process behind."""
        for child in self._children:
            _signal_group(child.process, child.program.stop_signal)
        deadline = time.monotonic() + grace_s
        while self._alive() and time.monotonic() < deadline:
            self._pass_on_output(0.05)
        for child in self._children:
            _signal_group(child.process, signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        self._pass_on_output(0)

    def _alive(self) -> bool:
        return any(child.process is not None and child.process.poll() is None for child in self._children)

    def _start(self, child: _Child) -> None:
        program = child.program
        output, its_output = os.pipe()
        child.process = subprocess.Popen(
            program.command,
            env={**os.environ, **program.environment},
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=its_output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=follow_parent(program.orphan_signal),
            user=program.account.uid if program.account else None,
            group=program.account.gid if program.account else None,
            extra_groups=[] if program.account else None,
        )
        os.close(its_output)
        self._outputs.register(output, selectors.EVENT_READ, child)
        child.started_at, child.is_ready = time.monotonic(), not program.ready_line

    def _pass_on_output(self, wait_s: float) -> None:
        if not self._outputs.get_map():
            time.sleep(wait_s)
        for key, _ in self._outputs.select(wait_s):
            if data := os.read(key.fd, LONGEST_LINE):
                self._hear(key.data, data)
            else:
                self._outputs.unregister(key.fd)
                os.close(key.fd)

    def _hear(self, child: _Child, data: bytes) -> None:
        for line in filter(str.strip, child.take_output(data)):
            child.last_lines.append(line)
            child.is_ready = child.is_ready or child.program.ready_line in line
            self._say(child.program.name, line)

    def _bury(self, child: _Child, process: subprocess.Popen[bytes]) -> None:
        """Clear away what a dead program left, and set the time of its next start."""
        _signal_group(process, signal.SIGKILL)
        self._pass_on_output(0)
        quick = time.monotonic() - child.started_at < QUICK_DEATH_S
        child.quick_deaths = child.quick_deaths + 1 if quick else 1
        child.process, child.is_ready = None, False
        if child.quick_deaths >= QUICK_DEATHS_ALLOWED:
            raise GaveUp(_epitaph(child))
        delay = restart_delay(child.quick_deaths)
        child.start_due_at = time.monotonic() + delay
        self._say(
            child.program.name, f"ended with {_ending(process.returncode)}; starting it again in {delay:g} s"
        )


def _epitaph(child: _Child) -> str:
    words = child.last_lines[-1] if child.last_lines else "it said nothing"
    return f"{child.program.name} ended {child.quick_deaths} times right after its start: {words}"


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"


def follow_parent(orphan_signal: signal.Signals, *, parent: int | None = None) -> Callable[[], None] | None:
    """What a child calls so that it gets `orphan_signal` when its parent is gone; None where unsupported.

    As Popen's preexec_fn it is made before the fork, where this process is the parent to be.
    """
    if _libc is None:
        return None
    prctl, parent = _libc.prctl, parent or os.getpid()

    def follow() -> None:
        prctl(_PR_SET_PDEATHSIG, int(orphan_signal))
        if os.getppid() != parent:  # gone between the start of this process and the line above
            os._exit(1)

    return follow


def _signal_group(process: subprocess.Popen[bytes] | None, number: signal.Signals) -> None:
    if process is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
