"""One verdict, and 10,000 stored cases under today's rules: both against what was promised."""

import random
import time
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from probes.endpoints.models import Endpoint
from probes.runs.actions.create_run import terms_of
from probes.runs.models import Attempt, Run
from probes.runs.plan import plan_chat
from tests.cases.labelled import case_of, labelled_cases
from triage.tickets.models import Investigation, Ticket
from triage.verdicts.case import Case, Intake
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict

STORED = 10_000
STORED_LIMIT_S = 10.0
VERDICT_LIMIT_MS = 1.0
_ROUNDS = 5
_BIG = 1_000_000  # characters
_WORDS = "请求 已经 发送 the model answer 网关 server gateway 昨天 slow maybe log line value json data 输出 token".split()  # noqa: SIM905, E501


def main() -> None:
    seen = [case_of(row) for row in labelled_cases()]
    _time_verdicts("cases of tests/cases", seen)
    _time_verdicts("the same with a body of 1 MB each", [_with_a_big_body(case) for case in seen[::10]])
    _fill(seen)
    _time_stored()


def _time_verdicts(name: str, cases: list[Case]) -> None:
    """Processor time, and of each case the best round: what else runs on the machine slows that, too.

    One round goes before: the automata of phrases learn from the first texts of a process. Texts are
    forgotten between two rounds, since there are more than are kept.
    """
    cold = sorted(map(_verdict_ms, cases))[int(len(cases) * 0.99)]
    rounds = [list(map(_verdict_ms, cases)) for _ in range(_ROUNDS)]
    took = sorted(map(min, zip(*rounds, strict=True)))
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    ratio = p99 / VERDICT_LIMIT_MS
    print(f"classify, {len(cases)} {name}: median {p50:.2f} ms, p99 {p99:.2f} ms", end="; ")
    print(f"{ratio:.2f} of the limit (p99 of a process's first round: {cold:.1f} ms)")


def _verdict_ms(case: Case) -> float:
    began = time.thread_time()
    classify(case)
    return 1000 * (time.thread_time() - began)


def _with_a_big_body(case: Case) -> Case:
    rng = random.Random(1)
    body = " ".join(rng.choice(_WORDS) for _ in range(_BIG // 5))
    return replace(case, intake=replace(case.intake, error_text=body))


def _fill(seen: list[Case]) -> None:
    """STORED concluded investigations of the cases that were seen, with their attempts."""
    endpoint = Endpoint.objects.create(
        slug="bench-judge", base_url="https://api.shop.example/v1", protocol="openai_chat", probe_model="m"
    )
    plan = plan_chat(terms_of(endpoint)).as_dict()
    now = timezone.now()
    two_steps = [case for case in seen if len(case.attempts) == len(plan["steps"])]
    cases = [two_steps[number % len(two_steps)] for number in range(STORED)]
    verdicts = {id(case): verdict_as_dict(classify(replace(case, now=now))) for case in seen}
    times = [now - timedelta(seconds=number) for number in range(STORED)]
    runs = Run.objects.bulk_create(
        Run(endpoint=endpoint, model="m", plan=plan, state=Run.State.FINISHED, queued_at=at, finished_at=at)
        for at in times
    )
    Attempt.objects.bulk_create(
        Attempt(run=run, position=position, step=facts.step, state=Attempt.State.DONE, facts=facts.as_dict())
        for run, case in zip(runs, cases, strict=True)
        for position, facts in enumerate(case.attempts)
    )
    tickets = Ticket.objects.bulk_create(
        Ticket(endpoint=endpoint, created_at=at, **_columns(case.intake))
        for at, case in zip(times, cases, strict=True)
    )
    Investigation.objects.bulk_create(
        Investigation(ticket=ticket, run=run, created_at=now, concluded_at=now, verdict=verdicts[id(case)],
                      verdict_code=verdicts[id(case)]["code"], owner=verdicts[id(case)]["owner"])
        for ticket, run, case in zip(tickets, runs, cases, strict=True)
    )  # fmt: skip


def _columns(intake: Intake) -> dict[str, Any]:
    names = {field.name for field in Ticket._meta.concrete_fields} & set(Intake.__dataclass_fields__)
    return {name: getattr(intake, name) for name in names - {"endpoint", "request_ids"}}


def _time_stored() -> None:
    told = StringIO()
    began, at_work = time.perf_counter(), time.process_time()
    call_command("judge", stdout=StringIO(), stderr=told)
    took, worked = time.perf_counter() - began, time.process_time() - at_work
    print(f"judge, {STORED:,} stored runs: {took:.1f} s ({worked:.1f} s of our processor time)", end="; ")
    print(f"{took / STORED_LIMIT_S:.2f} of the limit; {told.getvalue().splitlines()[0]}")
