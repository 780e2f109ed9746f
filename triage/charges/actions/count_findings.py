"""Findings of whole ledgers, counted once after each change and kept beside the ledger for its page.

Judging a million rows takes seconds, which no page may. Redis holds what was found last; the page says
when that was, and a worker counts anew. Nothing is lost with Redis: the ledger is in the database.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from heapq import nlargest
from typing import Any

import orjson
from django.core.cache import cache
from django.db.models import Count, Max, Sum
from redis.exceptions import RedisError

from triage.charges.actions.all_findings import judged_stories, probe_totals
from triage.charges.actions.marked_payers import payers_mark
from triage.charges.models import ChargeImport, ImportState, LedgerSource
from triage.charges.overview import OPEN, Entry, entry_of, in_order, place_text

AT_ONCE = 20_000  # rows that a request may judge by itself
MOST_KEPT = 100_000  # entries of a ledger; the newest
_PATIENCE_S = 600  # after this a count is thought lost, and rung for again
_KEPT = timedelta(days=90)

Totals = Mapping[str, tuple[int, Decimal]]  # rows and net, by currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was found in a ledger, the newest first, and when."""

    source: LedgerSource
    entries: Sequence[Entry] = ()
    left_out: int = 0  # older entries than are kept
    probes: Totals = field(default_factory=dict)
    at: datetime | None = None  # None: never counted so far
    is_current: bool = False  # nothing came in since


def counted_ledgers(*, now: datetime, ring: Callable[[int], None]) -> list[Counted]:
    """Every ledger as last counted. One that has changed is rung for, or counted here when it is small."""
    sources = LedgerSource.objects.order_by("slug")
    return [_counted(source, states, now, ring) for source, states in _with_states(sources)]


def count_findings(pk: int, *, now: datetime) -> Counted:
    """Judge a whole ledger and keep the result; the version is that of before, so that nothing is missed."""
    source = LedgerSource.objects.get(pk=pk)
    ((_, state),) = _with_states([source])
    counted = _judge(source, now)
    _keep(counted, state.version)
    return counted


@dataclass(frozen=True, slots=True)
class _State:
    version: str
    rows: int


def _with_states(sources: Iterable[LedgerSource]) -> list[tuple[LedgerSource, _State]]:
    """Ledgers with what changes whenever their rows do."""
    imports = ChargeImport.objects.filter(state__in=(ImportState.DONE, ImportState.UNDONE))
    facts = {
        row["source"]: row
        for row in imports.values("source").annotate(
            newest=Max("pk"), undone=Count("undone_at"), undone_last=Max("undone_at"), rows=Sum("new")
        )
    }
    return [(source, _state(source, facts.get(source.pk, {}))) for source in sources]


def _state(source: LedgerSource, facts: Mapping[str, Any]) -> _State:
    """A fetch without rows makes no import, and yet what was not told before may be told now."""
    reach = source.covered_until and source.covered_until.timestamp()
    told = (facts.get("newest"), facts.get("undone"), facts.get("undone_last"), reach, payers_mark(source))
    return _State("/".join(map(str, told)), facts.get("rows") or 0)


def _counted(source: LedgerSource, state: _State, now: datetime, ring: Callable[[int], None]) -> Counted:
    kept = _kept(source)
    if kept and kept[0] == state.version:
        return _read(source, kept, is_current=True)
    if state.rows <= AT_ONCE:
        counted = _judge(source, now)
        _keep(counted, state.version)
        return counted
    if _may_ring(source):
        ring(source.pk)
    return _read(source, kept, is_current=False) if kept else Counted(source=source)


def _judge(source: LedgerSource, now: datetime) -> Counted:
    found = 0

    def entries() -> Iterable[Entry]:
        nonlocal found
        for finding, rows in judged_stories(source):
            if finding.code in OPEN:
                found += 1
                yield entry_of(finding, rows)

    newest = in_order(nlargest(MOST_KEPT, entries(), key=place_text))
    return Counted(
        source=source,
        entries=newest,
        left_out=found - len(newest),
        probes=probe_totals(source),
        at=now,
        is_current=True,
    )


# --- in Redis

_Kept = tuple[str, bytes]  # the ledger's version, and what was found


def _key(source: LedgerSource) -> str:
    return f"findings:{source.pk}"


def _kept(source: LedgerSource) -> _Kept | None:
    try:
        kept: _Kept | None = cache.get(_key(source))
    except RedisError:
        return None
    return kept


def _keep(counted: Counted, version: str) -> None:
    packed = zlib.compress(_pack(counted), 1)
    try:
        cache.set(_key(counted.source), (version, packed), _KEPT.total_seconds())
        cache.delete(f"{_key(counted.source)}:rung")
    except RedisError:
        return  # it is counted again when somebody asks


def _may_ring(source: LedgerSource) -> bool:
    """One count at a time; a lost one is rung for again."""
    try:
        return bool(cache.add(f"{_key(source)}:rung", 1, _PATIENCE_S))
    except RedisError:
        return False


def _pack(counted: Counted) -> bytes:
    rows = [
        (
            *(entry.code, entry.source, entry.at.timestamp(), entry.account, entry.model),
            *(entry.charge_ids, entry.task_ids, _texts(entry.amounts), entry.remarks),
        )
        for entry in counted.entries
    ]
    probes = {currency: (count, format(net, "f")) for currency, (count, net) in counted.probes.items()}
    at = counted.at.timestamp() if counted.at else None
    return orjson.dumps({"rows": rows, "left_out": counted.left_out, "probes": probes, "at": at})


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: format(amount, "f") for currency, amount in amounts.items()}


def _read(source: LedgerSource, kept: _Kept, *, is_current: bool) -> Counted:
    data = _unpacked(kept[1])
    probes = {currency: (count, Decimal(net)) for currency, (count, net) in data["probes"].items()}
    return Counted(
        source=source,
        entries=data["entries"],
        left_out=data["left_out"],
        probes=probes,
        at=_moment(data["at"]),
        is_current=is_current,
    )


@lru_cache(maxsize=2)  # a full ledger takes about 95 MB
def _unpacked(packed: bytes) -> dict[str, Any]:
    """Pages of one list are read one after the other."""
    data: dict[str, Any] = orjson.loads(zlib.decompress(packed))
    return data | {"entries": [_entry(row) for row in data.pop("rows")]}


def _entry(row: Sequence[Any]) -> Entry:
    code, source, at, account, model, charge_ids, task_ids, amounts, remarks = row
    return Entry(
        code=code,
        source=source,
        at=_moment(at),
        account=account,
        model=model,
        charge_ids=tuple(charge_ids),
        task_ids=tuple(task_ids),
        amounts={currency: Decimal(amount) for currency, amount in amounts.items()},
        remarks=tuple(remarks),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
