"""One page of a billing system, looked at and thrown away: does the connector as it is set up work?"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from probes.net.exchange import Deadlines
from probes.net.resolve import Lookup, system_lookup
from triage.charges.connectors.actions.system import System, masked_detail
from triage.charges.connectors.asking import clock_of
from triage.charges.connectors.faults import FetchCode, FetchFault
from triage.charges.connectors.kinds import LITELLM
from triage.charges.connectors.models import LedgerConnector
from triage.charges.connectors.shape import Answer, Page, Shape, Window
from triage.charges.mapping import FIELDS

_DEADLINES = Deadlines(connect_s=5, first_byte_s=10, idle_s=5, total_s=15)  # somebody waits for the page
_SPAN = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`filled`: in how many rows each of our fields says something; `skew_s`: their clock less ours."""

    code: FetchCode
    detail: str = ""
    rows: int = 0
    total: int | None = None
    filled: tuple[tuple[str, int], ...] = ()
    skew_s: int | None = None


def try_connector(
    connector: LedgerConnector,
    *,
    now: datetime,
    deadlines: Deadlines = _DEADLINES,
    lookup: Lookup = system_lookup,
) -> Tried:
    """Ask for the first page of the last day. Nothing of it is stored, in the ledger or elsewhere."""
    system: System | None = None
    try:
        system = System(connector, deadlines=deadlines, lookup=lookup)
        answer, page = _first_page(system, connector, now)
    except FetchFault as fault:
        told = system.masked(fault.detail) if system else masked_detail(fault.detail)
        return Tried(code=fault.code, detail=told)
    filled = Counter(field for row in page.rows for field in FIELDS if row[field])
    return Tried(
        code=FetchCode.OK,
        rows=len(page.rows),
        total=page.total,
        filled=tuple((field, filled[field]) for field in FIELDS if filled[field]),
        skew_s=_skew_s(answer, now),
    )


def _first_page(system: System, connector: LedgerConnector, now: datetime) -> tuple[Answer, Page]:
    try:
        return _asked(system, system.shape(connector.cursor), now)
    except FetchFault as fault:
        if connector.kind != LITELLM or fault.code is not FetchCode.NOT_FOUND:
            raise
    return _asked(system, system.shape({**connector.cursor, "old": True}), now)


def _asked(system: System, shape: Shape, now: datetime) -> tuple[Answer, Page]:
    window = Window(now - _SPAN, now)
    first = shape.first(window)
    answer = system.ask(first, shape, now=now)
    return answer, shape.read(answer, asked=first, window=window)


def _skew_s(answer: Answer, now: datetime) -> int | None:
    theirs = clock_of(answer.headers)
    return round((theirs - now).total_seconds()) if theirs else None
