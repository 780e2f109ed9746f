"""Whatever happens, whenever: one POST per step at the most, a true end for every run, and an answer.

`--crash-matrix=full` strikes three times instead of once. The table is printed at the end.
"""

import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median, quantiles

import pytest
from django.db import connection

from probes.lab.server import Lab
from probes.runs.models import MAX_CLAIMS, Attempt, Run, Spend
from tests.journeys.desk import await_that
from tests.journeys.faults import FAULTS, Desk, Fault, kill_the_child, let_all_go
from tests.journeys.moments import MOMENTS, Held, Moment, holding, spend
from tests.supervision.worker import Worker
from triage.tickets.models import Investigation

pytestmark = pytest.mark.slow

ROUNDS = {"quick": 1, "full": 3}


class Table:
    """What became of the run of each moment under each fault, and how long it took."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], list[str]] = {}
        self.seconds: dict[str, list[float]] = {}

    def add(self, fault: Fault, held: Held, outcome: str, seconds: float) -> None:
        seen = self.cells.setdefault((fault.name, held.moment.name), [])
        if outcome not in seen:
            seen.append(outcome)
        self.seconds.setdefault(fault.name, []).append(seconds)

    def lines(self) -> Iterator[str]:
        yield "POSTs as control+stream; seconds from the fault to the verdict."
        for fault, seconds in self.seconds.items():
            worst = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
            yield ""
            yield f"{fault}: {len(seconds)} runs, recovered in p50 {median(seconds):.1f} s, p95 {worst:.1f} s"
            cells = {moment: outcomes for (name, moment), outcomes in self.cells.items() if name == fault}
            if len({tuple(outcomes) for outcomes in cells.values()}) == 1:
                cells = {"at every moment": next(iter(cells.values()))}
            for moment, outcomes in cells.items():
                yield f"  {moment:<34} {' | '.join(outcomes)}"


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    table = Table()
    yield table
    plugins = request.config.pluginmanager
    with plugins.get_plugin("capturemanager").global_and_fixture_disabled():
        plugins.get_plugin("terminalreporter").write("\n".join(("", *table.lines(), "")))


@pytest.fixture(scope="module")
def desk_processes(
    django_db_setup: None,
    worker_process: Worker,
    tmp_path_factory: pytest.TempPathFactory,
    lab: Lab,
    redis_url: str,
) -> Iterator[Desk]:
    """Processes that serve every test of this file; the session's own worker would take their messages."""
    worker_process.stop()
    desk = Desk.set_up(tmp_path_factory.mktemp("matrix"), lab, redis_url)
    yield desk
    desk.take_down()


@pytest.fixture
def desk(transactional_db: None, desk_processes: Desk) -> Desk:
    with connection.cursor() as cursor:  # tests forget commits faster than a desk does
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET synchronous_commit = on')
    connection.close()
    desk_processes.redis.flushdb()
    desk_processes.ensure_running()
    return desk_processes


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_costs_no_second_request_and_hides_no_truth(
    fault: Fault, desk: Desk, table: Table, pytestconfig: pytest.Config
):
    for _ in range(ROUNDS[pytestconfig.getoption("--crash-matrix")]):
        with holding(MOMENTS, desk.lab) as held:
            began, worker = time.monotonic(), desk.prober.pid
            fault.strike(desk, held)
            let_all_go(held)
            took = seconds_to_verdict(held, began)

            if fault.spares_worker:
                assert (desk.prober.is_running, desk.prober.pid) == (True, worker)
            for each, seconds in zip(held, took, strict=True):
                outcome = told_truly(each, desk.lab)
                table.add(fault, each, outcome, seconds)
                assert outcome in (fault.allows or [outcome]), each.moment.name


def at(name: str) -> Moment:
    return next(moment for moment in MOMENTS if moment.name == name)


def test_a_child_killed_in_the_middle_of_a_sweep_leaves_the_run_to_the_next(desk: Desk):
    with holding([at("mid-stream")], desk.lab) as (held,):
        desk.prober.kill()
        lock = held.lock(spend)
        await_that(lambda: lock.blocks_somebody, "the sweep to reach the run")

        kill_the_child(desk.chores)
        held.let_go()
        desk.prober.ensure_running()

        seconds_to_verdict([held], time.monotonic())
        assert told_truly(held, desk.lab) == "unknown 1+1"


def test_a_run_that_kills_every_worker_is_given_up(desk: Desk, pytestconfig: pytest.Config):
    if pytestconfig.getoption("--crash-matrix") != "full":
        pytest.skip("takes half a minute; the sweep's own tests show it without real workers")

    with holding([at("claimed, budget not reserved")], desk.lab) as (held,):
        run = Run.objects.filter(pk=held.investigation.run_id)
        for claim in range(1, MAX_CLAIMS + 1):
            await_that(run.filter(state=Run.State.RUNNING, fence=claim).exists, f"claim {claim}")
            desk.prober.kill()
            desk.prober.ensure_running()

        seconds_to_verdict([held], time.monotonic())
        assert told_truly(held, desk.lab) == "broken off 0+0"
        assert run.get().fence == MAX_CLAIMS


def seconds_to_verdict(held: Sequence[Held], began: float) -> list[float]:
    took: dict[int, float] = {}

    def all_concluded() -> bool:
        waiting = [each.investigation.pk for each in held if each.investigation.pk not in took]
        ended = Investigation.objects.filter(pk__in=waiting, concluded_at__isnull=False)
        took.update(dict.fromkeys(ended.values_list("pk", flat=True), time.monotonic() - began))
        return len(took) == len(held)

    await_that(all_concluded, "every verdict")
    return [took[each.investigation.pk] for each in held]


def told_truly(held: Held, lab: Lab) -> str:
    """What became of its run, and the POSTs of each step; fails where a row and the wire disagree."""
    run = Run.objects.get(pk=held.investigation.run_id)
    attempts = {attempt.step: attempt for attempt in run.attempts.all()}
    for step, attempt in attempts.items():
        assert attempt.state != Attempt.State.PLANNED or run.state == Run.State.REFUSED
        assert held.gate.posts[step] in _POSTS[attempt.state], (held.moment.name, step, attempt.state)
    assert lab.counters.posts(model=held.model) == sum(held.gate.posts.values())
    spent = Spend.objects.filter(scope=f"endpoint:{run.endpoint_id}").values_list("amount", flat=True)
    assert sum(spent, Decimal(0)) == run.settled
    unknown = any(attempt.state == Attempt.State.UNKNOWN for attempt in attempts.values())
    assert _HOW[run.state] != "done" or not unknown
    word = "unknown" if unknown else _HOW[run.state]
    return f"{word} {held.gate.posts['control']}+{held.gate.posts['stream']}"


_POSTS = {
    Attempt.State.DONE: (1,),
    Attempt.State.SKIPPED: (0,),
    Attempt.State.PLANNED: (0,),
    Attempt.State.UNKNOWN: (0, 1),
}
_HOW = {Run.State.FINISHED: "done", Run.State.ABANDONED: "broken off", Run.State.REFUSED: "refused"}
