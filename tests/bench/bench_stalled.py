"""One worker with 300 stalled streams: what they cost, and what a healthy probe notices of them."""

import os
import tempfile
import time
from pathlib import Path
from statistics import median

from probes.lab.server import Lab
from probes.runs.models import Attempt, Run
from tests.journeys.crowd import HEALTHY, crowd_worker, database_connections, gather, open_endpoints
from tests.journeys.desk import await_that, file_ticket
from triage.tickets.models import Investigation

CROWD = 300
PROBES = 10
WATCHED_S = 5.0
STOPS_WITHIN_S = 60.0
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Lab() as lab:
        worker = crowd_worker(Path(folder, "crowd.log"), CROWD)
        worker.ensure_running()
        open_endpoints(lab)
        try:
            _healthy_s()  # the first also pays for imports and compiled rules
            alone, memory = _healthy_times(), _memory(worker.pid)
            gather(CROWD, lab)
            crowded, more = _healthy_times(), _memory(worker.pid) - memory
            _print_waiting(alone, crowded)
            print(f"memory: {more / CROWD / 1024:.0f} KB resident per stream, beside {memory / 1e6:.0f} MB")
            print(f"while they wait: {_share_of_a_core(worker.pid):.0%} of a core,", end=" ")
            print(f"{database_connections()} connections to PostgreSQL")
            _print_end(worker.stop(within_s=STOPS_WITHIN_S))
        finally:
            worker.stop()


def _healthy_times() -> list[float]:
    return [_healthy_s() for _ in range(PROBES)]


def _healthy_s() -> float:
    """Seconds from filing a ticket to its verdict."""
    began = time.perf_counter()
    investigation = file_ticket(endpoint="healthy", model=HEALTHY)
    await_that(lambda: Investigation.objects.get(pk=investigation.pk).is_concluded, "a verdict")
    return time.perf_counter() - began


def _memory(pid: int) -> int:
    """Resident bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


def _share_of_a_core(pid: int) -> float:
    before = _processor_s(pid)
    time.sleep(WATCHED_S)
    return (_processor_s(pid) - before) / WATCHED_S


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _print_waiting(alone: list[float], crowded: list[float]) -> None:
    print(f"healthy probe, filed to verdict: median {median(alone):.2f} s alone", end=", ")
    print(f"{median(crowded):.2f} s beside {CROWD} stalled streams (worst {max(crowded):.2f} s)")


def _print_end(took: float) -> None:
    running = Run.objects.filter(state=Run.State.RUNNING).count()
    unknown = Attempt.objects.filter(step="stream", state=Attempt.State.UNKNOWN).count()
    answered = CROWD - Investigation.objects.open().count()
    print(
        f"SIGTERM: gone after {took:.1f} s; {unknown} attempts unknown (possibly billed), {running} runs left"
    )
    print(f"running; {answered} of {CROWD} tickets have their answer")
