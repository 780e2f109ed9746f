"""What the ledger says about one task: a pure function from rows to a finding."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby


class ChargeCode(StrEnum):
    """Permanent codes, shared by database, rules, pages and tests."""

    NO_ROWS = "charge.no_rows"  # cannot tell: see covered_until
    SINGLE = "charge.single"
    DUPLICATE = "charge.duplicate"
    HOLD_AND_SETTLE = "charge.hold_and_settle"
    REFUNDED = "charge.refunded"
    OVER_REFUNDED = "charge.over_refunded"
    DOUBLE_SUBMIT = "charge.double_submit"
    HIDDEN_RETRY = "charge.hidden_retry"
    CONFLICT = "charge.conflict"
    REEXPORT = "charge.reexport"  # one charge, exported several times: never a second charge
    UNDELIVERED = "charge.undelivered"  # charged, and nothing or not all came
    FAILED_UNREFUNDED = "charge.failed_unrefunded"  # the task failed, and its charge stands
    DOUBLE_LOGGED = "charge.double_logged"  # one call, logged under two call types
    PROBE_COST = "charge.probe_cost"  # the desk's own probe, no customer's charge
    CANNOT_TELL = "charge.cannot_tell"  # there are rows, but they do not decide: see the remarks


class ChargeKind(StrEnum):
    """What a ledger row does to the account. Amounts are signed: what comes back is negative."""

    CHARGE = "charge"
    HOLD = "hold"
    SETTLEMENT = "settlement"
    RELEASE = "release"  # gives a hold back
    REFUND = "refund"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"


class Outcome(StrEnum):
    """What became of the task, where a ledger says so."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNDELIVERED = "undelivered"  # the client was gone, or nothing came


class Remark(StrEnum):
    """What else is worth saying beside the code, or why the rows cannot tell."""

    ACCOUNT_UNKNOWN = "account_unknown"  # the id exists under several accounts and none was named
    OTHER_ACCOUNT = "other_account"  # the id exists, but not under the account that was named
    BEYOND_COVERAGE = "beyond_coverage"  # the request is later than the ledger reaches
    TASK_UNKNOWN = "task_unknown"  # neither a task id nor a request id to look for
    BY_REQUEST_ID = "by_request_id"  # found through the request id
    BY_AMOUNT = "by_amount"  # no fingerprints: same amount seconds apart, which is likely, not certain
    AMOUNTS_DIFFER = "amounts_differ"
    SEVERAL_CURRENCIES = "several_currencies"
    EXCESS_RETURNED = "excess_returned"
    REVERSED_AND_CHARGED_AGAIN = "reversed_and_charged_again"
    RETURN_WITHOUT_CHARGE = "return_without_charge"  # the charge lies outside the ledger
    HOLD_OPEN = "hold_open"
    EXPORTED_REPEATEDLY = "exported_repeatedly"
    DETAILS_CONFLICT = "details_conflict"  # rows disagree, but not about money, account or task
    NO_LEDGER = "no_ledger"  # nothing was ever taken in
    BEFORE_COVERAGE = "before_coverage"  # the request is earlier than the ledger reaches
    LEDGER_GAP = "ledger_gap"  # the request lies in a gap between two imports
    ID_AMBIGUOUS = "id_ambiguous"  # other ids differ from it only in case: is it the same task?
    ID_ROUNDED = "id_rounded"  # a spreadsheet turned the id into a rounded number, which names many tasks
    EXCESS_PARTLY_RETURNED = "excess_partly_returned"  # `excess` is what is left
    EXCESS_RETURNED_TWICE = "excess_returned_twice"  # `over_returned` came back beyond the excess
    REFUND_MAY_FOLLOW = "refund_may_follow"  # failed, but the ledger ends before a refund was due
    OUTCOME_FROM_LEDGER = "outcome_from_ledger"
    OUTCOME_FROM_LOOKUP = "outcome_from_lookup"  # the desk looked the task up, or its probe saw it
    OWN_PROBES_APART = "own_probes_apart"  # rows of the desk's own probes were left out
    RETRIES_EXPLAIN_ROWS = "retries_explain_rows"  # as many rows as requests went out
    MORE_ROWS_THAN_REQUESTS = "more_rows_than_requests"
    FEWER_ROWS_THAN_REQUESTS = "fewer_rows_than_requests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One charge as the ledger holds it, however often it was exported."""

    charge_id: str
    kind: ChargeKind
    amount: Decimal
    currency: str
    occurred_at: datetime
    account: str
    task_id: str = ""  # as first spelled
    task_key: str = ""  # for comparing; empty when the row has no task id
    request_id: str = ""
    request_key: str = ""
    model: str = ""
    fingerprint: str = ""
    ref_charge_id: str = ""
    component: str = ""
    outcome: str = ""  # an Outcome; empty where the ledger does not say
    exports: int = 1
    source_id: int = 0  # of the ledger: charge ids are unique within it
    conflicts: tuple[str, ...] = ()  # fields in which another export of this id says something else
    own_probe: bool = False  # paid for one of the desk's own probes
    file_name: str = ""  # of the import it came with
    row_number: int = 0  # in that file, counted after the header


class EventKind(StrEnum):
    """What a row is in the story of its task: its kind, read in the light of the rows around it."""

    HOLD = "hold"
    SETTLEMENT = "settlement"
    RELEASE = "release"
    CHARGE = "charge"  # the one that stands
    WITHDRAWN = "withdrawn"  # a charge that was taken back before the next one
    EXTRA = "extra"  # charged again beside the one that stands
    REFUND = "refund"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"
    RESUBMISSION = "resubmission"  # the same request again, under another id
    SECOND_LOG = "second_log"  # the same call, logged once more
    OWN_PROBE = "own_probe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row of the ledger as a step of a story."""

    charge_id: str
    kind: EventKind
    amount: Decimal
    currency: str
    occurred_at: datetime
    request_id: str = ""
    component: str = ""
    outcome: str = ""
    of: str = ""  # the charge id that a settlement, refund or repetition belongs to
    exports: int = 1  # more than one: exported again, counted once
    conflicts: tuple[str, ...] = ()  # fields in which another export says something else
    file_name: str = ""
    row_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStory:
    """One task from submission to settlement, in order, and what is left of it per currency."""

    task_id: str = ""  # as first spelled; empty where only a request id or a row is known
    account: str = ""
    events: tuple[Event, ...] = ()
    net: Mapping[str, Decimal] = field(default_factory=dict)  # by currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something the rows say: a ChargeCode or Remark, the rows it rests on, and its amounts."""

    code: str
    charge_ids: tuple[str, ...] = ()
    amounts: Mapping[str, Decimal] = field(default_factory=dict)  # by currency


@dataclass(frozen=True, slots=True, kw_only=True)
class WireCount:
    """How many requests a client sent, by what was declared, against how many the ledger charged.

    A declared retry may be the client library's own or the caller's on top of it, hence a range: from
    1 + declared to (1 + declared) x (1 + hidden).
    """

    rows: int  # submissions that were charged
    declared_retries: int | None  # None: the ticket does not say
    hidden_retries: int | None  # what the client library adds by itself; None: unknown client
    client: str = ""
    at_least: int = 1  # requests on the wire
    at_most: int | None = None  # None: nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFinding:
    """The answer to "was this task charged twice?", with the rows that say so."""

    code: ChargeCode
    task_ids: tuple[str, ...] = ()
    account: str = ""
    charge_ids: tuple[str, ...] = ()
    net: Mapping[str, Decimal] = field(default_factory=dict)  # by currency
    excess: Mapping[str, Decimal] = field(default_factory=dict)  # by currency; only for duplicates
    covered_until: datetime | None = None  # how far the ledger reaches
    source_id: int = 0
    source: str = ""  # slug of the ledger
    return_ids: tuple[str, ...] = ()  # refunds and reversals that the excess takes into account
    repeated_task_ids: tuple[str, ...] = ()  # repeated submissions around this task, itself included
    remarks: tuple[str, ...] = ()
    quota_per_unit: int | None = None  # of the source: quota units for one US dollar
    story: tuple[TaskStory, ...] = ()  # a story per task, the task asked for first
    statements: tuple[Statement, ...] = ()  # what is said, each with its rows; the code's own first
    over_returned: Mapping[str, Decimal] = field(default_factory=dict)  # came back beyond what was owed
    wire_count: WireCount | None = None  # only for repeated submissions
    probe_ids: tuple[str, ...] = ()  # charge ids of our own probes, counted in nothing above
    gaps: tuple[tuple[datetime, datetime], ...] = ()  # of the ledger, around the request

    @property
    def excess_usd(self) -> Decimal | None:
        """What an excess in quota units is worth in US dollars, when the source says so."""
        if "quota" not in self.excess or not self.quota_per_unit:
            return None
        return self.excess["quota"] / self.quota_per_unit


# Exports cut times to whole seconds at will: two rows less than this apart have no known order.
CLOCK_GRAIN = timedelta(seconds=1)

# A conflict about one of these changes what a finding would say.
MATERIAL = frozenset({"kind", "account", "task_id", "amount", "currency", "component"})


def judge_task(lines: Iterable[Line]) -> ChargeFinding:
    """Judge all rows of one task (or of one request) of one account of one ledger.

    "Duplicate" needs proof: two charges of the same component under different charge ids, the first
    neither reversed nor returned in full before the second. The excess is every such charge but the
    one that stands, less what came back of it.
    """
    rows = sorted(lines, key=lambda line: line.occurred_at)
    if not rows:
        return ChargeFinding(code=ChargeCode.NO_ROWS)
    returns = _returns_by_charge(rows)
    if any(MATERIAL.intersection(row.conflicts) for row in rows):
        return _finding(ChargeCode.CONFLICT, rows)
    if duplicates := _duplicates(rows, returns):
        return _duplicate(duplicates, rows, returns)
    return _finding(_ordinary_code(rows, returns), rows, remarks=_story_remarks(rows, returns))


def is_charge(line: Line) -> bool:
    return line.kind is ChargeKind.CHARGE and line.amount >= 0


def is_return(line: Line) -> bool:
    """Refunds and reversals, and the negative charges by which some ledgers write them."""
    if line.kind is ChargeKind.CHARGE:
        return line.amount < 0
    return line.kind in (ChargeKind.REFUND, ChargeKind.REVERSAL)


def net_amounts(lines: Iterable[Line]) -> dict[str, Decimal]:
    """What the rows add up to, per currency."""
    net: dict[str, Decimal] = {}
    for line in lines:
        net[line.currency] = net.get(line.currency, Decimal(0)) + line.amount
    return net


Returns = Mapping[str, Sequence[Line]]  # by charge id; "" holds those that belong to no charge here


def _returns_by_charge(rows: Sequence[Line]) -> Returns:
    """Whom each refund or reversal refers to; one that names no charge means the latest before it."""
    found: dict[str, list[Line]] = {}
    billed = {row.charge_id for row in rows if not is_return(row)}
    for row in filter(is_return, rows):
        target = row.ref_charge_id or _latest_charge_before(row, rows)
        found.setdefault(target if target in billed else "", []).append(row)
    return found


def _latest_charge_before(returned: Line, rows: Sequence[Line]) -> str:
    before = (
        row.charge_id
        for row in reversed(rows)
        if row.currency == returned.currency
        and (is_charge(row) or row.kind in (ChargeKind.HOLD, ChargeKind.SETTLEMENT))
        and row.occurred_at < returned.occurred_at + CLOCK_GRAIN
    )
    return next(before, "")


def _duplicates(rows: Sequence[Line], returns: Returns) -> list[list[Line]]:
    """Per component the charges that stand beside each other, where there are several."""
    charges = sorted(filter(is_charge, rows), key=lambda row: (row.component, row.occurred_at))
    groups = (_standing(list(group), returns) for _, group in groupby(charges, key=lambda row: row.component))
    return [group for group in groups if len(group) > 1]


def _standing(charges: list[Line], returns: Returns) -> list[Line]:
    """Without those that were taken back before the next one came."""
    standing: list[Line] = []
    for charge in charges:
        if len(standing) == 1 and _withdrawn(standing[0], charge.occurred_at, returns):
            standing.clear()
        standing.append(charge)
    return standing


def _withdrawn(charge: Line, until: datetime, returns: Returns) -> bool:
    """Was it reversed, or returned in full, before `until`?"""
    before = [row for row in returns.get(charge.charge_id, ()) if row.occurred_at < until + CLOCK_GRAIN]
    if any(row.kind is ChargeKind.REVERSAL for row in before):
        return True
    return bool(before) and _returned(charge, before) >= charge.amount


def _returned(charge: Line, returns: Iterable[Line]) -> Decimal:
    return -sum((row.amount for row in returns if row.currency == charge.currency), Decimal(0))


def _duplicate(groups: list[list[Line]], rows: Sequence[Line], returns: Returns) -> ChargeFinding:
    charges = [charge for group in groups for charge in group]
    excess: dict[str, Decimal] = {}
    for extra in (charge for group in groups for charge in _extra(group, returns)):
        owed = extra.amount - _returned(extra, returns.get(extra.charge_id, ()))
        excess[extra.currency] = excess.get(extra.currency, Decimal(0)) + max(owed, Decimal(0))
    remarks = [*_story_remarks(rows, returns), *_duplicate_remarks(groups, excess)]
    counted = [row for charge in charges for row in returns.get(charge.charge_id, ())]
    return _finding(
        ChargeCode.DUPLICATE, charges, net_of=rows, excess=excess, returns=counted, remarks=remarks
    )


def _extra(group: list[Line], returns: Returns) -> list[Line]:
    """All but the one that stands: the first that was not returned in full.

    Of charges at the same time, whose order nobody knows, the one that nothing was returned of is first.
    """
    whole = [charge for charge in group if not _returned_in_full(charge, returns)] or group
    at_once = (charge for charge in whole if charge.occurred_at - whole[0].occurred_at < CLOCK_GRAIN)
    stands = next((charge for charge in at_once if charge.charge_id not in returns), whole[0])
    return [charge for charge in group if charge is not stands]


def _returned_in_full(charge: Line, returns: Returns) -> bool:
    back = returns.get(charge.charge_id, ())
    return bool(back) and _returned(charge, back) >= charge.amount


def _duplicate_remarks(groups: list[list[Line]], excess: Mapping[str, Decimal]) -> list[Remark]:
    remarks = []
    if any(len({charge.currency for charge in group}) > 1 for group in groups):
        remarks.append(Remark.SEVERAL_CURRENCIES)
    elif any(len({charge.amount for charge in group}) > 1 for group in groups):
        remarks.append(Remark.AMOUNTS_DIFFER)
    if not any(excess.values()):
        remarks.append(Remark.EXCESS_RETURNED)
    return remarks


def _ordinary_code(rows: Sequence[Line], returns: Returns) -> ChargeCode:
    if returns and "" not in returns and _gave_back_too_much(rows):
        return ChargeCode.OVER_REFUNDED
    if returns and not _reversed_and_charged_again(rows, returns):
        return ChargeCode.REFUNDED
    if any(row.kind in (ChargeKind.HOLD, ChargeKind.SETTLEMENT, ChargeKind.RELEASE) for row in rows):
        return ChargeCode.HOLD_AND_SETTLE
    return ChargeCode.SINGLE


def _gave_back_too_much(rows: Sequence[Line]) -> bool:
    billed_and_returned = (row for row in rows if row.kind is not ChargeKind.ADJUSTMENT)
    return any(amount < 0 for amount in net_amounts(billed_and_returned).values())


def _reversed_and_charged_again(rows: Sequence[Line], returns: Returns) -> bool:
    *earlier, last = [row.charge_id for row in rows if is_charge(row)] or [""]
    return bool(earlier) and last not in returns and set(returns) <= set(earlier)


def _story_remarks(rows: Sequence[Line], returns: Returns) -> list[Remark]:
    remarks = []
    if returns.get(""):
        remarks.append(Remark.RETURN_WITHOUT_CHARGE)
    if returns and not _duplicates(rows, returns) and _reversed_and_charged_again(rows, returns):
        remarks.append(Remark.REVERSED_AND_CHARGED_AGAIN)
    if {row.kind for row in rows} == {ChargeKind.HOLD}:
        remarks.append(Remark.HOLD_OPEN)
    return remarks


def _finding(
    code: ChargeCode,
    lines: Sequence[Line],
    *,
    net_of: Sequence[Line] = (),
    excess: Mapping[str, Decimal] | None = None,
    returns: Sequence[Line] = (),
    remarks: Sequence[Remark] = (),
) -> ChargeFinding:
    rows = net_of or lines
    return ChargeFinding(
        code=code,
        task_ids=spelled_task_ids(rows),
        account=rows[0].account,
        source_id=rows[0].source_id,
        charge_ids=tuple(line.charge_id for line in sorted(lines, key=lambda line: line.occurred_at)),
        net=net_amounts(rows),
        excess=excess or {},
        return_ids=tuple(line.charge_id for line in returns),
        remarks=(*remarks, *_row_remarks(rows)),
    )


def _row_remarks(rows: Sequence[Line]) -> list[Remark]:
    remarks = []
    if any(row.exports > 1 for row in rows):
        remarks.append(Remark.EXPORTED_REPEATEDLY)
    if any(row.conflicts and not MATERIAL.intersection(row.conflicts) for row in rows):
        remarks.append(Remark.DETAILS_CONFLICT)
    return remarks


def spelled_task_ids(lines: Iterable[Line]) -> tuple[str, ...]:
    """Each task once, in the spelling in which it came first."""
    spelled: dict[str, str] = {}
    for line in lines:
        if line.task_key:
            spelled.setdefault(line.task_key, line.task_id.strip())
    return tuple(spelled.values())
