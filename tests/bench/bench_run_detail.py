"""The page of a run, and of four runs side by side, whose streams came in 20,000 chunks."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from statistics import quantiles

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from probes.endpoints.models import Endpoint
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.models import Attempt, Run
from probes.runs.plan import plan_chat
from probes.wire.facts import Facts
from tests.probes.wire.attempts import read, read_json
from triage.people.models import Member
from triage.people.roles import Role

CHUNKS, RUNS = 20_000, 4
REPEATS = 20
MOST_MS, MOST_QUERIES = 300, 12
_EVENT = b'data: {"id":"c","choices":[{"index":0,"delta":{"content":"w"},"finish_reason":null}]}\n\n'
_ANSWER = {"id": "c", "choices": [{"message": {"content": "w" * CHUNKS}, "finish_reason": "stop"}]}


def main() -> None:
    client = _signed_in()
    kept, whole = list(_runs("kept", _read())), list(_runs("whole", _as_an_older_desk_kept_it(_read())))
    for name, path in (
        ("run detail", f"/history/{kept[0]}/"),
        ("run detail, every chunk stored", f"/history/{whole[0]}/"),
        ("four runs side by side", _side_by_side(kept)),
        ("the last good run", f"/history/{kept[-1]}/last-good/"),
    ):
        _measure(client, name, path)


def _measure(client: Client, name: str, path: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    queries = len(captured)  # the log is emptied by the next request
    assert answer.status_code in (200, 302), (path, answer.status_code)
    times = sorted(_seconds(lambda: client.get(path)) for _ in range(REPEATS))
    p95 = quantiles(times, n=20)[-1] * 1000
    print(
        f"{name}: median {times[REPEATS // 2] * 1000:.0f} ms, p95 {p95:.0f} ms (promised: under {MOST_MS}), "
        f"{queries} queries (promised: under {MOST_QUERIES}), {len(answer.content) / 1024:.0f} KB"
    )


def _side_by_side(runs: list[int]) -> str:
    return "/history/compare/?" + "&".join(f"run={run}" for run in runs)


def _signed_in() -> Client:
    user = User.objects.create_user("bench-detail")
    Member.objects.create(user=user, role=Role.ADMIN)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _read() -> tuple[Facts, Facts]:
    """What the desk reads from a control and a stream of so many chunks."""
    chunks = [_EVENT] * (CHUNKS - 1)
    return read_json(_ANSWER), read(*chunks, b"data: [DONE]\n\n", every_ms=6.0)


def _as_an_older_desk_kept_it(seen: tuple[Facts, Facts]) -> tuple[Facts, Facts]:
    """With every delivery of the stream instead of the first and the last."""
    control, stream = seen
    return control, replace(stream, bursts=tuple((100 + 6.0 * n, len(_EVENT)) for n in range(CHUNKS)))


def _runs(slug: str, seen: tuple[Facts, Facts]) -> Iterator[int]:
    now = timezone.now()
    endpoint = Endpoint.objects.create(
        slug=slug, base_url="https://api.shop.example/v1", protocol="openai_chat", probe_model="m"
    )
    for number in range(RUNS):
        at = now + timedelta(minutes=number)
        run = create_run(endpoint=endpoint, plan=plan_chat(terms_of(endpoint)), requested_by=None, now=at)
        for attempt, facts in zip(run.attempts.all(), seen, strict=True):
            attempt.state, attempt.facts = Attempt.State.DONE, facts.as_dict()
            attempt.save()
        Run.objects.filter(pk=run.pk).update(state=Run.State.FINISHED, started_at=at, finished_at=at)
        yield run.pk


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started
