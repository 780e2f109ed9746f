"""The history with a busy year behind it: what each filter and search costs the database.

BENCH_TICKETS says how many are seeded, with five attempts each: 20,000 by default, a million for the promise.
"""

import os
import time
from collections.abc import Callable
from statistics import quantiles
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from triage.history.actions.seed_history import seed_history
from triage.history.models import Entry
from triage.people.models import Member
from triage.people.roles import Role

TICKETS = int(os.environ.get("BENCH_TICKETS", "20000"))
REPEATS = 20
MOST_MS, MOST_QUERIES = 100, 12

ONE_FILTER = (
    *("endpoint=seed-00", "endpoint=seed-39", "model=gpt-4o-mini", "model=ernie-4.5", "model=unheard-of"),
    *("verdict=stream.", "verdict=balance.empty", "verdict=reach.tls", "verdict=model.retired"),
    *(
        "owner=customer",
        "owner=billing",
        "status=200",
        "status=429",
        "status=413",
        "status=5xx",
        "status=none",
    ),
    *("end_mode=done", "end_mode=reset", "end_mode=capped", "protocol=anthropic", "state=queued"),
    *("http_version=HTTP/2", "http_version=HTTP/1.0", "client=cline", "client=nobody", "purpose=baseline"),
    *("step=control", "step=route", "step=websocket", "by=seed-03", "rules_version=2026.01"),
    *("since=2026-06-01", "until=2026-03-01", "since=2026-03-01&until=2026-03-02"),
    *("connect_min=0.05", "first_byte_min=60", "first_token_min=9.8", "total_min=30", "max_gap_min=100"),
    *("total_min=0.1&total_max=0.101", "request_id={id}", "request_id=req_never", "key_print={print}"),
)
COMBINED = (
    *("status=429&end_mode=done", "status=200&verdict=balance.", "endpoint=seed-07&status=401"),
    *("model=gpt-4o&owner=edge&status=200", "endpoint=seed-00&total_min=60", "client=curl&status=502"),
    *(
        "endpoint=seed-03&since=2026-02-01&until=2026-02-08&status=503",
        "step=stream&end_mode=reset&by=seed-01",
    ),
    *("purpose=replay&status=402&protocol=anthropic", "model=o3-mini&http_version=HTTP/2&first_token_min=5"),
    *(
        "owner=customer&status=200&end_mode=reset",
        "verdict=limit.&until=2026-01-15",
        "total_min=50&status=429",
    ),
)
SEARCHED = (
    *("q=timeout", "q=rate limit", "q=余额", "q=上游负载", "q=Insufficient Balance", "q=never said anywhere"),
    *(
        "q={id}",
        "q={piece}",
        "q=trace&status=200",
        "q=无效的令牌&endpoint=seed-05",
        "q=渠道&until=2026-02-01",
    ),
    *("q=certificate", "q=超时", "q=upstream error&owner=customer"),
)


def main() -> None:
    if not Entry.objects.exists():
        seed_history(tickets=TICKETS, attempts=TICKETS * 5, now=timezone.now())
    measure(_signed_in())


def measure(client: Client) -> None:
    """The 95th percentile of each group of addresses, beside what is promised of it."""
    seen = _something_there()
    newest, oldest = Entry.objects.order_by("-at")[:1].get(), Entry.objects.order_by("at")[100:101].get()
    middle = Entry.objects.filter(at__lte=oldest.at + (newest.at - oldest.at) / 2).order_by("-at")[:1].get()
    pages = (
        *("", f"before={middle.pk}", f"after={oldest.pk}", f"before={oldest.pk}"),
        *(f"status=429&before={middle.pk}", f"verdict=stream.cut&after={middle.pk}"),
    )
    print(f"{Entry.objects.count():,} attempts")
    for name, queries in (
        ("pages", pages),
        ("one filter", ONE_FILTER),
        ("filters together", COMBINED),
        ("search", SEARCHED),
    ):
        _measure_group(client, name, [query.format(**seen) for query in queries])


def _measure_group(client: Client, name: str, queries: list[str]) -> None:
    took: dict[str, list[float]] = {}
    most = 0
    for query in queries:
        address = f"/history/?{query}"
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        most = max(most, len(captured))
        assert answer.status_code == 200, (address, answer.status_code)
        took[query] = [_database_ms(lambda address=address: client.get(address)) for _ in range(REPEATS)]
    every = [ms for each in took.values() for ms in each]
    p95 = quantiles(every, n=20)[-1]
    slow = sorted(took, key=lambda query: -quantiles(took[query], n=20)[-1])[:3]
    kept = "kept" if p95 < MOST_MS and most < MOST_QUERIES else "BROKEN"
    print(
        f"{name}: {len(queries)} addresses, p50 {quantiles(every, n=2)[0]:.0f} ms, p95 {p95:.0f} ms in the"
        f" database ({p95 / MOST_MS:.2f} of the limit), at most {most} queries (under {MOST_QUERIES}): {kept}"
    )
    for query in slow:
        print(f"    {query or 'newest'}: p95 {quantiles(took[query], n=20)[-1]:.0f} ms")


def _something_there() -> dict[str, str]:
    """A request ID, a piece of it, and a key's fingerprint that the seed has made."""
    told = Entry.objects.filter(error_text__contains="request id", request_ids__len=2).order_by("at").first()
    with_key = Entry.objects.filter(key_prints__len=1).order_by("at").first()
    name = told.request_ids[0] if told else "none"
    return {
        "id": name,
        "piece": name[5:17],
        "print": with_key.key_prints[0] if with_key else "none",
    }


def _signed_in() -> Client:
    user, _made = User.objects.get_or_create(username="bench-history")
    Member.objects.update_or_create(user=user, defaults={"role": Role.ENGINEER})
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _database_ms(do: Callable[[], object]) -> float:
    spent = _Spent()
    with connection.execute_wrapper(spent):
        do()
    return spent.ms


class _Spent:
    """Adds up what statements take; what BEGIN and COMMIT take is not among them."""

    def __init__(self) -> None:
        self.ms = 0.0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            self.ms += (time.perf_counter() - started) * 1000
