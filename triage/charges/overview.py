"""The findings of whole ledgers as a list: filtered, summed and paged without a database."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from triage.charges.finding import ChargeCode, ChargeFinding, Line, is_charge

PAGE = 50
MOST_GROUPS = 20
OPEN = (
    ChargeCode.DUPLICATE,
    ChargeCode.FAILED_UNREFUNDED,
    ChargeCode.DOUBLE_SUBMIT,
    ChargeCode.HIDDEN_RETRY,
    ChargeCode.CONFLICT,
    ChargeCode.OVER_REFUNDED,
    ChargeCode.UNDELIVERED,
    ChargeCode.DOUBLE_LOGGED,
    ChargeCode.CANNOT_TELL,
)
"""What somebody has to look at, in the order of the page's filter. Re-exports are in good order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One finding of a ledger. `amounts` is what it is about, per currency."""

    code: str
    source: str  # slug of the ledger
    at: datetime  # of the latest row: when it became what it is
    account: str
    model: str
    charge_ids: tuple[str, ...]
    task_ids: tuple[str, ...] = ()
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[datetime, str, str, str]:
        """Where it stands in the list, newest first; no two entries share one."""
        return (self.at, self.source, self.code, self.charge_ids[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which entries are asked for. Empty means all; `until` is excluded."""

    code: str = ""
    source: str = ""
    account: str = ""
    model: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def let(self, entry: Entry) -> bool:
        return (
            self.code in ("", entry.code)
            and self.source in ("", entry.source)
            and self.account in ("", entry.account)
            and self.model in ("", entry.model)
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that share a value: how many there are, and their amounts per currency."""

    value: str
    entries: int
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the list; `older` and `newer` are places to go on from, empty at the ends."""

    rows: Sequence[Entry]
    older: str = ""
    newer: str = ""


def entry_of(finding: ChargeFinding, rows: Sequence[Line]) -> Entry:
    billed = next(filter(is_charge, rows), rows[0])
    return Entry(
        code=finding.code,
        source=finding.source,
        at=max(row.occurred_at for row in rows),
        account=finding.account,
        model=billed.model,
        charge_ids=finding.charge_ids,
        task_ids=finding.task_ids,
        amounts=_amounts_of(finding, rows),
        remarks=finding.remarks,
    )


def _amounts_of(finding: ChargeFinding, rows: Sequence[Line]) -> Mapping[str, Decimal]:
    """Too much for duplicates, too much back for refunds, what was sent again, or what still stands."""
    if finding.code in (ChargeCode.DUPLICATE, ChargeCode.DOUBLE_LOGGED):
        return finding.excess
    if finding.code == ChargeCode.OVER_REFUNDED:
        return finding.over_returned
    if finding.code in (ChargeCode.DOUBLE_SUBMIT, ChargeCode.HIDDEN_RETRY):
        return sum_amounts({row.currency: row.amount} for row in rows[1:])
    return {currency: amount for currency, amount in finding.net.items() if amount > 0}


def sum_amounts(amounts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Per currency, without those that come to nothing."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for each in amounts:
        for currency, amount in each.items():
            sums[currency] += amount
    return {currency: amount for currency, amount in sorted(sums.items()) if amount}


def groups_by(entries: Iterable[Entry], name: str) -> list[Group]:
    """Entries by one of their fields, the most frequent first."""
    counts: Counter[str] = Counter()
    amounts: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for entry in entries:
        value = getattr(entry, name)
        counts[value] += 1
        for currency, amount in entry.amounts.items():
            amounts[value][currency] += amount
    most = counts.most_common(MOST_GROUPS)
    return [Group(value, number, sum_amounts([amounts[value]])) for value, number in most]


def page_of(entries: Sequence[Entry], *, before: str = "", after: str = "", size: int = PAGE) -> Page:
    """A page of entries that are in their order, newest first; places come from an earlier page."""
    if after:
        end = _above(entries, after)
        start = max(end - size, 0)
    else:
        start = _above(entries, before, itself=True) if before else 0
        end = min(start + size, len(entries))
    return Page(
        rows=entries[start:end],
        older=place_text(entries[end - 1]) if start < end < len(entries) else "",
        newer=place_text(entries[start]) if 0 < start < end else "",
    )


def _above(entries: Sequence[Entry], place: str, *, itself: bool = False) -> int:
    """How many entries stand before a place of the list, with the one that stands in it or without."""

    def is_below(at: int) -> bool:
        there = place_text(entries[at])
        return there < place or (there == place and not itself)

    return bisect_left(range(len(entries)), True, key=is_below)


def place_text(entry: Entry) -> str:
    """A place as an address carries it; places compare as their texts do."""
    at, *names = entry.place
    return "~".join((f"{at.timestamp():017.6f}", *names))


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=place_text, reverse=True)
