"""Programs are kept alive, heard and stopped, whatever they do themselves."""

import signal
import sys
import time
from pathlib import Path

import pytest

from triage.supervision import supervisor as module
from triage.supervision.supervisor import GaveUp, Program, Supervisor, restart_delay

ENDLESS = "import time; print('up', flush=True); time.sleep(60)"
IN_PIECES = """
import sys, time
for part in ("one", " line\\nand", " more\\n"):
    sys.stdout.write(part)
    sys.stdout.flush()
    time.sleep(0.05)
time.sleep(60)
"""
DEAF_WITH_A_CHILD = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    print(os.getpid(), child, flush=True)
time.sleep(60)
"""
SUPERVISOR = """
import sys
from triage.supervision.supervisor import Program, Supervisor
code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
child = Program(name="child", command=[sys.executable, "-c", code])
Supervisor([child], say=lambda name, line: print(line, flush=True)).run_until(lambda: False)
"""


def python(code: str, **more) -> Program:
    return Program(name="child", command=[sys.executable, "-c", code], **more)


def watch(program: Program, until: str, seconds: float = 5.0) -> tuple[Supervisor, list[str]]:
    """A supervisor that has heard a line containing `until`, and all lines so far."""
    heard: list[str] = []
    supervisor = Supervisor([program], say=lambda name, line: heard.append(line))
    deadline = time.monotonic() + seconds
    supervisor.run_until(lambda: any(until in line for line in heard) or time.monotonic() > deadline)
    return supervisor, heard


def all_dead(*pids: int) -> bool:
    """Whether all are gone soon; a dead process that its parent has not looked at yet counts as gone."""
    deadline = time.monotonic() + 5
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(is_alive, pids))


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def test_lines_arrive_whole_however_they_are_written():
    supervisor, heard = watch(python(IN_PIECES), until="more")
    supervisor.stop()

    assert heard == ["one line", "and more"]


def test_it_is_ready_once_the_ready_line_was_said():
    supervisor, _ = watch(python(ENDLESS, ready_line="up"), until="up")

    assert supervisor.all_ready
    supervisor.stop()


def test_a_child_that_ignores_the_stop_signal_is_killed_with_its_own_children():
    supervisor, heard = watch(python(DEAF_WITH_A_CHILD), until=" ")

    supervisor.stop(grace_s=0.2)

    assert all_dead(*map(int, heard[0].split()))


def test_a_program_that_will_not_stay_up_ends_everything_with_its_last_words(monkeypatch):
    monkeypatch.setattr(module, "restart_delay", lambda deaths: 0.0)
    supervisor = Supervisor([python("raise SystemExit('no disk space')")], say=lambda name, line: None)

    with pytest.raises(GaveUp, match="child ended 5 times right after its start: no disk space"):
        supervisor.run_until(lambda: False)


def test_the_waits_between_starts_grow():
    assert [restart_delay(deaths) for deaths in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]


def test_a_child_ends_when_its_supervisor_is_killed():
    outer, heard = watch(python(SUPERVISOR, stop_signal=signal.SIGKILL), until="", seconds=10)

    outer.stop()

    assert all_dead(int(heard[0]))


def test_a_restart_is_announced_with_the_reason():
    supervisor, heard = watch(
        python(f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"), until="again"
    )
    supervisor.stop()

    assert heard == ["ended with SIGKILL; starting it again in 0.5 s"]
