"""List pages, a result and the live poll with 10,000 tickets behind them."""

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from probes.endpoints.models import Endpoint
from probes.runs.actions.create_run import terms_of
from probes.runs.models import Attempt, Run
from probes.runs.plan import plan_chat
from triage.people.models import Member
from triage.people.roles import Role
from triage.tickets.models import Investigation, Ticket
from triage.verdicts.case import Case, Intake
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict

TICKETS = 10_000
REPEATS = 15
MOST_QUERIES = 12


def main() -> None:
    client = _signed_in()
    _fill(_endpoint())
    last = Investigation.objects.latest("pk")
    for name, path in (
        ("ticket list", "/"),
        ("ticket list, deep", f"/?after={last.ticket_id - TICKETS // 2}"),
        ("ticket list, one owner", "/?owner=customer"),
        ("ticket list, an owner who has none", "/?owner=billing"),
        ("result page", f"/tickets/{last.ticket_id}/"),
        ("live part", f"/tickets/{last.ticket_id}/live/"),
        ("history", "/history/"),
        ("history, one family", "/history/?verdict=balance."),
        ("run detail", f"/history/{last.run_id}/"),
        ("machine and people", "/insights/verdicts/"),
    ):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        queries = len(captured)  # the log is emptied by the next request
        assert answer.status_code == 200, (path, answer.status_code)
        took = median(_seconds(lambda path=path: client.get(path)) for _ in range(REPEATS))
        print(f"{name}: median {took * 1000:.0f} ms, {queries} queries (promised: under {MOST_QUERIES})")


def _signed_in() -> Client:
    user = User.objects.create_user("bench")
    Member.objects.create(user=user, role=Role.ADMIN)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _endpoint() -> Endpoint:
    return Endpoint.objects.create(
        slug="bench-pages", base_url="https://api.shop.example/v1", protocol="openai_chat", probe_model="m"
    )


def _fill(endpoint: Endpoint) -> None:
    """TICKETS concluded tickets with two attempts each."""
    now = timezone.now()
    verdict = verdict_as_dict(classify(Case(intake=Intake(error_text="402 Insufficient Balance"), now=now)))
    plan = plan_chat(terms_of(endpoint)).as_dict()
    times = [now - timedelta(seconds=number) for number in range(TICKETS)]
    runs = Run.objects.bulk_create(
        Run(endpoint=endpoint, model="m", plan=plan,
            state=Run.State.FINISHED, queued_at=at, started_at=at, finished_at=at)
        for at in times
    )  # fmt: skip
    Attempt.objects.bulk_create(
        Attempt(run=run, position=position, step=step, state=Attempt.State.DONE,
                facts={"step": step, "status": 402, "sent": True, "total_ms": 120.0}, finished_at=now)
        for run in runs for position, step in enumerate(("control", "stream"))
    )  # fmt: skip
    tickets = Ticket.objects.bulk_create(
        Ticket(endpoint=endpoint, error_text="402 Insufficient Balance", created_at=at) for at in times
    )
    Investigation.objects.bulk_create(
        Investigation(ticket=ticket, run=run, verdict=verdict, verdict_code=verdict["code"],
                      owner=verdict["owner"], created_at=now, concluded_at=now)
        for ticket, run in zip(tickets, runs, strict=True)
    )  # fmt: skip


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started
