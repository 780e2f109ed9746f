"""One fetch: window after window of a billing system, each committed with its cursor, or not at all."""

import logging
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from probes.net.exchange import Deadlines
from probes.net.resolve import Lookup, system_lookup
from triage.charges.actions.import_records import import_records
from triage.charges.connectors.actions.coverage import reach_to
from triage.charges.connectors.actions.system import System, masked_detail
from triage.charges.connectors.asking import DEADLINES, MustWait, clock_of
from triage.charges.connectors.faults import FetchCode, FetchFault
from triage.charges.connectors.kinds import DAYS_BACK, LITELLM, OVERLAP_MINUTES
from triage.charges.connectors.models import CLAIM, LedgerConnector, LedgerConnectorQuerySet
from triage.charges.connectors.shape import Answer, Ask, Row, Shape
from triage.charges.connectors.walk import WindowRead, WindowTooFull, read_window
from triage.charges.connectors.windows import LAG, Next, advanced, next_window, shorter
from triage.charges.mapping import AS_THEY_ARE
from triage.charges.models import Channel
from triage.charges.refusals import FileRefused, Refused
from triage.charges.times import read_time

log = logging.getLogger(__name__)

BUDGET_S = 100  # of one fetch; what is left over comes with the next
COUNTS = ("read", "new", "unchanged", "changed", "conflicting", "rejected", "skipped")
_ANSWERS_KEPT = 10
_SAME_CLOCK = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a fetch did; `detail` is masked. `behind` says that more is waiting."""

    code: FetchCode = FetchCode.OK
    detail: str = ""
    windows: int = 0
    pages: int = 0
    counts: Mapping[str, int]
    read_until: datetime | None = None
    behind: bool = False


class _ClaimLost(Exception):
    """Somebody changed the connector, or took it over: what was not committed is forgotten."""


def fetch_ledger(
    pk: uuid.UUID,
    *,
    clock: Callable[[], datetime],
    by: User | None = None,
    deadlines: Deadlines = DEADLINES,
    lookup: Lookup = system_lookup,
    budget_s: float = BUDGET_S,
) -> Fetched | None:
    """Read what has settled since the last fetch, oldest first.

    None when another worker fetches, or when the system asked for patience that is not over. A window that
    could not be read to its end leaves ledger, coverage and cursor as they were.
    """
    connector = LedgerConnector.objects.claim(pk, at=clock())
    if connector is None:
        return None
    fetch = _Fetch(connector, clock=clock, by=by)
    if connector.must_wait(clock()):
        fetch.let_go()
        return None
    try:
        return fetch.run(deadlines, lookup, budget_s)
    except _ClaimLost:
        log.info("connector %s was changed or taken over while it fetched", pk)
        return None
    except BaseException:
        fetch.let_go()
        raise


class _Fetch:
    """The work of one claim. Whatever it writes, it writes only while the claim is its own."""

    def __init__(self, connector: LedgerConnector, *, clock: Callable[[], datetime], by: User | None) -> None:
        self._connector, self._clock, self._by = connector, clock, by
        self._claim = connector.claimed_until
        self._cursor: dict[str, Any] = connector.cursor
        self._done = Fetched(counts=dict.fromkeys(COUNTS, 0))
        self._system: System | None = None

    def run(self, deadlines: Deadlines, lookup: Lookup, budget_s: float) -> Fetched:
        try:
            self._system = System(self._connector, deadlines=deadlines, lookup=lookup)
            self._read_all(self._system, time.monotonic() + budget_s)
        except FetchFault as fault:
            return self._conclude(fault)
        return self._conclude(None)

    def let_go(self) -> None:
        self._ours().update(claimed_until=None)

    def _read_all(self, system: System, deadline: float) -> None:
        while upcoming := self._next(system.shape(self._cursor)):
            if self._done.windows and time.monotonic() > deadline:
                self._done = replace(self._done, behind=True)
                return
            if not self._read(system, upcoming):
                return

    def _next(self, shape: Shape) -> Next | None:
        chosen, now = self._connector.settings, self._clock()
        return next_window(
            self._cursor,
            now=now,
            overlap=timedelta(minutes=chosen.get("overlap_minutes", OVERLAP_MINUTES)),
            first_from=now - timedelta(days=chosen.get("days_back", DAYS_BACK)),
            least_step_s=shape.least_step_s,
        )

    def _read(self, system: System, upcoming: Next) -> bool:
        """Whether there may be more to read: not once the system's own clock was reached."""
        shape = system.shape(self._cursor)

        def ask(asked: Ask) -> Answer:
            self._renew()
            return system.ask(asked, shape, now=self._clock())

        try:
            read = read_window(shape, upcoming.window, ask=ask)
        except FetchFault as fault:
            self._keep_cursor(self._after(fault, shape))
            return True
        if not read.whole:
            raise FetchFault(FetchCode.CHANGED_WHILE_READ)
        until = self._settled(read.first, upcoming.until)
        self._take_in(system, read, upcoming, until)
        return until == upcoming.until

    def _after(self, fault: FetchFault, shape: Shape) -> dict[str, Any]:
        """The cursor to try again with at once. Raises the fault where that would not help."""
        shortened = shorter(self._cursor, least_step_s=shape.least_step_s)
        if isinstance(fault, WindowTooFull) and shortened:
            return shortened
        is_new = self._connector.kind == LITELLM and not self._cursor.get("old")
        if is_new and fault.code is FetchCode.NOT_FOUND:
            return {**self._cursor, "old": True}
        raise fault

    def _settled(self, first: Answer, until: datetime) -> datetime:
        """How far the ledger is complete: a clock behind ours has rows to come for times long past."""
        theirs = clock_of(first.headers)
        if theirs is None:
            return until
        skew = theirs - self._clock()
        if abs(skew) < _SAME_CLOCK:
            skew = timedelta()
        self._cursor = {**self._cursor, "skew_s": round(skew.total_seconds())}
        return min(until, theirs - LAG) if skew < timedelta() else until

    # --- what is written

    def _take_in(self, system: System, read: WindowRead, upcoming: Next, until: datetime) -> None:
        since = upcoming.window.start
        cursor = advanced(self._cursor, until=until, rows=len(read.rows))
        counts = dict.fromkeys(COUNTS, 0)
        with transaction.atomic():
            self._lock()
            if read.rows:
                counts = self._import(system, read.rows, since=min([since, *_times(read.rows)]), until=until)
            else:
                reach_to(until, source=self._connector.source, since=since, at=self._clock())
            self._ours().update(cursor=cursor)
        self._cursor = cursor
        self._done = replace(
            self._done,
            windows=self._done.windows + 1,
            pages=self._done.pages + read.pages,
            counts={name: self._done.counts[name] + counts[name] for name in COUNTS},
            read_until=until,
        )

    def _import(
        self, system: System, rows: tuple[Row, ...], *, since: datetime, until: datetime
    ) -> dict[str, int]:
        name = f"{self._connector.get_kind_display()} {since:%Y-%m-%dT%H:%M:%SZ}/{until:%H:%M:%SZ}"
        try:
            summary = import_records(
                rows,
                source=self._connector.source.slug,
                mapping=AS_THEY_ARE,
                channel=Channel.CONNECTOR,
                masker=system.masker(),
                now=self._clock(),
                by=self._by,
                covered_from=since,
                covered_until=until,
                name=name,
            )
        except FileRefused as refused:
            raise FetchFault(FetchCode.MAPPING, f"{refused.refusal} {refused.detail}") from None
        return {name: getattr(summary.record, name) for name in COUNTS}

    def _conclude(self, fault: FetchFault | None) -> Fetched:
        """Say how it ended. Being asked for patience is no failure of the connector."""
        now = self._clock()
        self._done = replace(self._done, code=fault.code if fault else FetchCode.OK, detail=self._told(fault))
        wait_until = None
        failures = self._connector.failures + 1 if fault else 0
        if isinstance(fault, MustWait):
            wait_until = (now + timedelta(seconds=fault.wait_s)).isoformat()
            failures = self._connector.failures
        self._write(
            cursor={
                **self._cursor,
                "behind": self._done.behind,
                "wait_until": wait_until,
                "last": [_as_answer(self._done, now), *self._cursor.get("last", [])][:_ANSWERS_KEPT],
            },
            claimed_until=None,
            last_at=now,
            last_code=self._done.code,
            last_detail=self._done.detail,
            failures=failures,
        )
        return self._done

    def _told(self, fault: FetchFault | None) -> str:
        if fault is None or not fault.detail:
            return ""
        return self._system.masked(fault.detail) if self._system else masked_detail(fault.detail)

    def _keep_cursor(self, cursor: dict[str, Any]) -> None:
        self._cursor = cursor
        self._write(cursor=cursor)

    def _renew(self) -> None:
        claim = self._clock() + CLAIM
        self._write(claimed_until=claim)
        self._claim = claim

    def _write(self, **columns: Any) -> None:
        if not self._ours().update(**columns):
            raise _ClaimLost

    def _lock(self) -> None:
        if not self._ours().select_for_update(no_key=True).exists():
            raise _ClaimLost

    def _ours(self) -> LedgerConnectorQuerySet:
        return LedgerConnector.objects.filter(pk=self._connector.pk, claimed_until=self._claim)


def _as_answer(done: Fetched, at: datetime) -> dict[str, Any]:
    """For the list of last answers, as plain JSON."""
    told = {"at": at.isoformat(), "code": str(done.code), "detail": done.detail, "pages": done.pages}
    return {**told, **done.counts}


def _times(rows: tuple[Row, ...]) -> list[datetime]:
    found = []
    for row in rows:
        with suppress(Refused):
            found.append(read_time(row["occurred_at"], UTC))
    return found
