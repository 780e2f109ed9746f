"""Fills a desk with made-up tickets, runs and attempts, to see whether its pages keep their promises."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Max, Model

from probes.endpoints.models import Endpoint, Protocol
from probes.runs.models import Attempt, Run
from probes.runs.plan import Plan, Step
from triage.history.models import Entry
from triage.history.seeding.copying import Pen, in_bulk
from triage.history.seeding.scenarios import ID, request_id, told_with_ids
from triage.history.seeding.stories import MadeRun, Story, scenario_of, stories
from triage.tickets.models import Investigation, Ticket, VerdictCorrection

AT_ONCE = 5000  # tickets
ENDPOINTS, AUTHORS = 40, 12
_TABLES: tuple[type[Model], ...] = (Run, Attempt, Ticket, Investigation, VerdictCorrection)
_WITH_TRIGGERS = [model._meta.db_table for model in _TABLES if model is not Ticket]


def seed_history(
    *, tickets: int, attempts: int, now: datetime, tell: Callable[[int, int], object] = lambda *_: None
) -> None:
    """Write so many of each, all of the year before `now`; `tell` hears of (tickets written, of how many).

    All of it is written or nothing. The endpoints and people that they need are made as well: the endpoints
    paused, the people without a password.
    """
    with transaction.atomic():
        places, authors = _endpoints(), _authors()
        told = stories(
            tickets=tickets, attempts=attempts, until=now, endpoints=len(places), authors=len(authors)
        )
        written = 0
        with in_bulk(triggers_of=_WITH_TRIGGERS, indexes_of=[Entry._meta.db_table]):
            while block := list(islice(told, AT_ONCE)):
                _write(block, places, authors)
                written += len(block)
                tell(written, tickets)
    with connection.cursor() as cursor:
        for table in (*(model._meta.db_table for model in _TABLES), Entry._meta.db_table):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _endpoints() -> list[Endpoint]:
    protocols = [Protocol.OPENAI_CHAT] * 6 + [Protocol.ANTHROPIC] * 3 + [Protocol.OPENAI_RESPONSES]
    return [
        Endpoint.objects.get_or_create(
            slug=f"seed-{number:02d}",
            defaults={
                "name": f"Made-up endpoint {number:02d}",
                "base_url": f"https://api{number:02d}.seed.example/v1",
                "protocol": protocols[number % len(protocols)],
                "probe_model": "gpt-4o-mini",
                "paused": True,
            },
        )[0]
        for number in range(ENDPOINTS)
    ]


def _authors() -> list[User]:
    names = [f"seed-{number:02d}" for number in range(AUTHORS)]
    return [User.objects.get_or_create(username=name, defaults={"is_active": False})[0] for name in names]


def _write(block: Sequence[Story], places: Sequence[Endpoint], authors: Sequence[User]) -> None:
    sheets = {model: _Sheet.after_the_last(model) for model in _TABLES}
    first_run = sheets[Run].next_id
    writer = _Writer(sheets, places, authors, random.Random(first_run))  # noqa: S311 -- made-up data
    for story in block:
        writer.write(story)
    for model in (Ticket, Run, Attempt, Investigation, VerdictCorrection):
        sheets[model].copy()
    with connection.cursor() as cursor:
        runs = list(range(first_run, sheets[Run].next_id))
        cursor.execute("SELECT history_write(%s::bigint[])", [runs])


@dataclass(slots=True)
class _Sheet:
    """Lines for one table, numbered on from its last row."""

    model: type[Model]
    pen: Pen
    next_id: int
    lines: list[str] = field(default_factory=list)

    @classmethod
    def after_the_last(cls, model: type[Model]) -> "_Sheet":
        last = model._default_manager.aggregate(last=Max("pk"))["last"]
        return cls(model, Pen(model), (last or 0) + 1)

    def add(self, **said: Any) -> int:
        number, self.next_id = self.next_id, self.next_id + 1
        self.lines.append(self.pen.line(said | {"id": number}))
        return number

    def copy(self) -> None:
        self.pen.copy(self.lines)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [self.model._meta.db_table, max(1, self.next_id - 1)],
            )


@dataclass(slots=True)
class _Writer:
    """Turns stories into lines."""

    sheets: dict[type[Model], _Sheet]
    places: Sequence[Endpoint]
    authors: Sequence[User]
    dice: random.Random
    plans: dict[Any, str] = field(default_factory=dict)

    def write(self, story: Story) -> None:
        ticket = self._ticket(story)
        before: int | None = None
        first_run: int | None = None
        for run in story.runs:
            at = story.at + timedelta(minutes=run.minutes_after)
            run_id = self._run(story, run, at, first_run)
            first_run = first_run or run_id
            if run.purpose == "ticket":
                before = self._investigation(story, ticket, run_id, at, before)
        if story.corrected and before:
            self.sheets[VerdictCorrection].add(
                investigation_id=before,
                code="stream.fully_buffered",
                owner="edge",
                reason="seen in the log of the edge",
                corrected_at=story.at + timedelta(hours=2),
            )

    def _ticket(self, story: Story) -> int:
        scenario = story.scenario
        name = request_id(self.dice)
        print_of_key = story.key_print
        masked = {"field": "notes", "kind": "api_key", "start": 0, "end": 20, "shown": "sk-s****eed0"}
        return self.sheets[Ticket].add(
            endpoint_id=self.places[story.endpoint].pk,
            protocol=self.places[story.endpoint].protocol,
            model=story.model,
            client=story.client,
            stream="yes",
            status_code=scenario.client_status,
            error_text=scenario.said.replace(ID, name),
            request_ids=json.dumps([name] if ID in scenario.said else []),
            account_ref=f"acct-{self.dice.randrange(50_000):05d}",
            masked=json.dumps([masked | {"fingerprints": [print_of_key]}] if print_of_key else []),
            occurred_at=story.at - timedelta(minutes=self.dice.randrange(1, 600)),
            created_by_id=self.authors[story.author].pk,
            created_at=story.at,
        )

    def _run(self, story: Story, run: MadeRun, at: datetime, first_run: int | None) -> int:
        done = at + timedelta(seconds=8)
        run_id = self.sheets[Run].add(
            endpoint_id=self.places[story.endpoint].pk,
            model=story.model,
            plan=self._plan(story, run),
            purpose=run.purpose,
            replay_of_id=first_run if run.purpose == "replay" else None,
            requested_by_id=None if run.purpose == "baseline" else self.authors[story.author].pk,
            state="finished",
            queued_at=at,
            started_at=at,
            finished_at=done,
            reserved="0.0042",
            settled="0.0013",
        )
        scenario = scenario_of(story, run)
        for position, step in enumerate(run.steps):
            self.sheets[Attempt].add(
                run_id=run_id,
                position=position,
                step=step,
                state="done",
                facts=json.dumps(told_with_ids(scenario.shows(step), self.dice), ensure_ascii=False),
                sending_at=at,
                finished_at=done,
            )
        return run_id

    def _plan(self, story: Story, run: MadeRun) -> str:
        place = self.places[story.endpoint]
        key = (place.pk, story.model, run.steps)
        if key not in self.plans:
            steps = tuple(
                Step(
                    kind=kind, protocol=place.protocol, model=story.model, prompt=place.prompt, max_tokens=400
                )
                for kind in run.steps
            )
            self.plans[key] = json.dumps(Plan(steps=steps).as_dict())
        return self.plans[key]

    def _investigation(self, story: Story, ticket: int, run_id: int, at: datetime, before: int | None) -> int:
        verdict = story.scenario.verdict
        return self.sheets[Investigation].add(
            ticket_id=ticket,
            run_id=run_id,
            builds_on_id=before,
            verdict=story.scenario.verdict_json(story.rules),
            verdict_code=verdict.code,
            owner=verdict.owner,
            created_at=at,
            concluded_at=at + timedelta(seconds=9),
        )
