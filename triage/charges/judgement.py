"""What the rows of one task prove: a pure function from rows to a finding."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from triage.charges.coverage import Coverage, Span
from triage.charges.finding import (
    CALL_TYPES,
    ChargeCode,
    ChargeFinding,
    ChargeKind,
    Line,
    Outcome,
    Remark,
    Statement,
    ids_of,
    is_charge,
    is_return,
    net_amounts,
    spelled_task_ids,
)
from triage.charges.returns import (
    CLOCK_GRAIN,
    Returns,
    returned,
    returned_in_full,
    returns_by_charge,
    withdrawn,
)

# A conflict about one of these changes what a finding would say.
MATERIAL = frozenset({"kind", "account", "task_id", "amount", "currency", "component"})

# Gateways give a failed task's charge back when they next ask for its state; after this it is overdue.
REFUND_GRACE = timedelta(hours=1)

# Two hooks of one call write within moments of each other.
_ONE_CALL = timedelta(minutes=1)

# A spreadsheet keeps 15 digits of a number and fills up with zeros.
_FILLED_UP = re.compile(r"[1-9][0-9]{14}0{2,}")


@dataclass(frozen=True, slots=True)
class Group:
    """Charges of one part of one task that stand beside each other: the one that stands, and the others."""

    stands: Line
    extra: tuple[Line, ...]

    @property
    def charges(self) -> tuple[Line, ...]:
        return (self.stands, *self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The rows of one task as the judgement sees them."""

    rows: tuple[Line, ...]  # in the order of time, without those of our own probes
    probes: tuple[Line, ...]
    returns: Returns
    groups: tuple[Group, ...]  # where a part was charged more than once
    second_logs: Mapping[str, str]  # charge ids of second logs, and of what they repeat


def read_rows(lines: Iterable[Line]) -> Reading:
    ordered = sorted(lines, key=lambda line: line.occurred_at)
    rows = tuple(line for line in ordered if not line.own_probe)
    returns = returns_by_charge(rows)
    return Reading(
        rows=rows,
        probes=tuple(line for line in ordered if line.own_probe),
        returns=returns,
        groups=tuple(_groups(rows, returns)),
        second_logs=_second_logs(rows),
    )


def judge_task(
    lines: Iterable[Line], *, outcome: str = "", coverage: Coverage | None = None
) -> ChargeFinding:
    """Judge all rows of one task (or of one request) of one account of one ledger.

    "Duplicate" needs proof: two charges of the same component under different charge ids, the first
    neither reversed nor returned in full before the second. The excess is every such charge but the
    one that stands, less what came back of it. `outcome` is an Outcome that the desk itself saw; without
    it the ledger's own word counts. `coverage` is that of the ledger; without it no row is thought missing.
    """
    reading = read_rows(lines)
    if not reading.rows:
        return _of_probes(reading.probes)
    finding = _judge(reading, coverage or Coverage())
    return _with_outcome(finding, reading, outcome, coverage)


def _judge(reading: Reading, coverage: Coverage) -> ChargeFinding:
    rows = reading.rows
    if any(MATERIAL.intersection(row.conflicts) for row in rows):
        contradicted = [row for row in rows if row.conflicts]
        said = Statement(code=ChargeCode.CONFLICT, charge_ids=ids_of(contradicted))
        return _finding(reading, said)
    if reading.groups:
        return _several_charges(reading, coverage)
    if reading.second_logs:
        return _logged_twice(reading)
    code = _ordinary_code(reading)
    said = Statement(code=code, charge_ids=ids_of(rows), amounts=net_amounts(rows))
    too_much = _below_nothing(rows) if code is ChargeCode.OVER_REFUNDED else {}
    return replace(_finding(reading, said, _story_remarks(reading)), over_returned=too_much)


# --- several charges of one part


def _groups(rows: Sequence[Line], returns: Returns) -> Iterator[Group]:
    charges = sorted(filter(is_charge, rows), key=lambda row: (_part_of(row), row.occurred_at))
    for _part, alike in groupby(charges, key=_part_of):
        standing = _standing(list(alike), returns)
        if len(standing) > 1:
            yield _group(standing, returns)


def _part_of(row: Line) -> tuple[str, ...]:
    """Which charges of a task would be the same charge again.

    A request id alone proves less than a task id: some logs write a trace there, which several calls share.
    """
    if row.task_key:
        return (row.component,)
    return (row.component, row.model, row.fingerprint, row.currency, format(row.amount, ".10f"))


def _standing(charges: list[Line], returns: Returns) -> list[Line]:
    """Without those that were taken back before the next one came."""
    standing: list[Line] = []
    for charge in charges:
        if len(standing) == 1 and withdrawn(standing[0], charge.occurred_at, returns):
            standing.clear()
        standing.append(charge)
    return standing


def _group(charges: list[Line], returns: Returns) -> Group:
    """The one that stands is the first that was not returned in full.

    Of charges at the same time, whose order nobody knows, the one that nothing was returned of is first.
    """
    whole = [charge for charge in charges if not returned_in_full(charge, returns)] or charges
    at_once = (charge for charge in whole if charge.occurred_at - whole[0].occurred_at < CLOCK_GRAIN)
    stands = next((charge for charge in at_once if charge.charge_id not in returns), whole[0])
    return Group(stands, tuple(charge for charge in charges if charge is not stands))


def _several_charges(reading: Reading, coverage: Coverage) -> ChargeFinding:
    charges = [charge for group in reading.groups for charge in group.charges]
    if any(_may_be_another_task(group) for group in reading.groups):
        return _cannot_tell(reading, Statement(code=Remark.ID_ROUNDED, charge_ids=ids_of(charges)))
    if gaps := _gaps_between(charges, coverage):
        unsure = Statement(code=Remark.LEDGER_GAP, charge_ids=ids_of(charges))
        return replace(_cannot_tell(reading, unsure), gaps=gaps)
    return _duplicate(reading, charges)


def _may_be_another_task(group: Group) -> bool:
    """A long id that ends as a spreadsheet would round it proves nothing, unless the request is the same."""
    stands = group.stands
    if not _FILLED_UP.fullmatch(stands.task_key):
        return False
    return any(
        not (stands.fingerprint and extra.fingerprint == stands.fingerprint)
        and not (stands.request_key and extra.request_key == stands.request_key)
        for extra in group.extra
    )


def _gaps_between(charges: Sequence[Line], coverage: Coverage) -> tuple[Span, ...]:
    """Where the reversal of the first charge may be, unseen."""
    times = [charge.occurred_at for charge in charges]
    return coverage.gaps_within(min(times), max(times))


def _duplicate(reading: Reading, charges: list[Line]) -> ChargeFinding:
    owed, over = _owed(reading)
    returns = [row for charge in charges for row in reading.returns.get(charge.charge_id, ())]
    said = Statement(code=ChargeCode.DUPLICATE, charge_ids=ids_of(charges), amounts=owed)
    remarks = [*_story_remarks(reading), *_duplicate_remarks(reading, owed, over, returns)]
    finding = _finding(reading, said, remarks)
    return replace(finding, excess=owed, over_returned=over, return_ids=ids_of(returns))


def _owed(reading: Reading) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Per currency what is left of the extra charges, and what came back beyond any charge's amount."""
    owed: dict[str, Decimal] = {}
    over: dict[str, Decimal] = {}
    for group in reading.groups:
        for charge in group.charges:
            left = charge.amount - returned(charge, reading.returns.get(charge.charge_id, ()))
            if charge is not group.stands:
                owed[charge.currency] = owed.get(charge.currency, Decimal(0)) + max(left, Decimal(0))
            if left < 0:
                over[charge.currency] = over.get(charge.currency, Decimal(0)) - left
    return owed, over


def _duplicate_remarks(
    reading: Reading, owed: Mapping[str, Decimal], over: Mapping[str, Decimal], returns: Sequence[Line]
) -> list[Statement]:
    groups = reading.groups
    charges = ids_of(charge for group in groups for charge in group.charges)
    said = []
    if any(len({charge.currency for charge in group.charges}) > 1 for group in groups):
        said.append(Statement(code=Remark.SEVERAL_CURRENCIES, charge_ids=charges))
    elif any(len({charge.amount for charge in group.charges}) > 1 for group in groups):
        said.append(Statement(code=Remark.AMOUNTS_DIFFER, charge_ids=charges))
    back = _returned_of_extra(reading)
    if returns and not any(owed.values()):
        said.append(Statement(code=Remark.EXCESS_RETURNED, charge_ids=ids_of(returns), amounts=back))
    elif any(back.values()):
        said.append(Statement(code=Remark.EXCESS_PARTLY_RETURNED, charge_ids=ids_of(returns), amounts=back))
    if over:
        said.append(Statement(code=Remark.EXCESS_RETURNED_TWICE, charge_ids=ids_of(returns), amounts=over))
    return said


def _returned_of_extra(reading: Reading) -> dict[str, Decimal]:
    extra = [charge for group in reading.groups for charge in group.extra]
    rows = [row for charge in extra for row in reading.returns.get(charge.charge_id, ())]
    return {currency: -amount for currency, amount in net_amounts(rows).items()}


# --- one call, logged twice


def _second_logs(rows: Sequence[Line]) -> dict[str, str]:
    """Charges of one request under another call type, and the charge that each repeats."""
    calls = [row for row in rows if row.request_key and is_charge(row) and row.component in CALL_TYPES]
    first: dict[tuple[str, str], Line] = {}
    second: dict[str, str] = {}
    for row in calls:
        earlier = first.setdefault((row.request_key, row.currency), row)
        if row.component != earlier.component and row.occurred_at - earlier.occurred_at <= _ONE_CALL:
            second[row.charge_id] = earlier.charge_id
    return second


def _logged_twice(reading: Reading) -> ChargeFinding:
    again = [row for row in reading.rows if row.charge_id in reading.second_logs]
    both = {*reading.second_logs, *reading.second_logs.values()}
    charges = [row for row in reading.rows if row.charge_id in both]
    excess = net_amounts(again)
    said = Statement(code=ChargeCode.DOUBLE_LOGGED, charge_ids=ids_of(charges), amounts=excess)
    return replace(_finding(reading, said, _story_remarks(reading)), excess=excess)


# --- everything else


def _ordinary_code(reading: Reading) -> ChargeCode:
    rows, returns = reading.rows, reading.returns
    if returns and "" not in returns and _below_nothing(rows):
        return ChargeCode.OVER_REFUNDED
    if returns and not _reversed_and_charged_again(reading):
        return ChargeCode.REFUNDED
    if any(row.kind in (ChargeKind.HOLD, ChargeKind.SETTLEMENT, ChargeKind.RELEASE) for row in rows):
        return ChargeCode.HOLD_AND_SETTLE
    return ChargeCode.SINGLE


def _below_nothing(rows: Sequence[Line]) -> dict[str, Decimal]:
    """Per currency what came back beyond all that was billed in it; currencies do not compare."""
    counted = [row for row in rows if row.kind is not ChargeKind.ADJUSTMENT]
    billed = {row.currency for row in counted if not is_return(row)}
    net = net_amounts(counted)
    return {currency: -amount for currency, amount in net.items() if amount < 0 and currency in billed}


def _reversed_and_charged_again(reading: Reading) -> bool:
    *earlier, last = [row.charge_id for row in reading.rows if is_charge(row)] or [""]
    return bool(earlier) and last not in reading.returns and set(reading.returns) <= set(earlier)


def _story_remarks(reading: Reading) -> list[Statement]:
    rows, returns = reading.rows, reading.returns
    said = []
    if orphans := returns.get(""):
        said.append(Statement(code=Remark.RETURN_WITHOUT_CHARGE, charge_ids=ids_of(orphans)))
    if returns and not reading.groups and _reversed_and_charged_again(reading):
        said.append(Statement(code=Remark.REVERSED_AND_CHARGED_AGAIN, charge_ids=ids_of(rows)))
    if {row.kind for row in rows} == {ChargeKind.HOLD}:
        held = net_amounts(rows)
        said.append(Statement(code=Remark.HOLD_OPEN, charge_ids=ids_of(rows), amounts=held))
    if returns and not reading.groups and len({row.currency for row in rows}) > 1:
        said.append(Statement(code=Remark.SEVERAL_CURRENCIES, charge_ids=ids_of(rows)))
    return said


# --- what became of the task


def _with_outcome(
    finding: ChargeFinding, reading: Reading, seen: str, coverage: Coverage | None
) -> ChargeFinding:
    """A charge for what failed or never came is a finding of its own, beside any other."""
    told = [row for row in reading.rows if row.outcome]
    outcome = seen or (told[-1].outcome if told else "")
    stands = {currency: amount for currency, amount in finding.net.items() if amount > 0}
    if outcome not in (Outcome.FAILED, Outcome.UNDELIVERED) or not stands:
        return finding
    said = [_source_of_outcome(seen, told)]
    missing, gaps = _refund_may_be_missing(reading, coverage or Coverage())
    if missing:
        said.append(Statement(code=missing, charge_ids=ids_of(reading.rows)))
    if code := _code_of_outcome(outcome, missing):
        said.insert(0, Statement(code=code, charge_ids=ids_of(reading.rows), amounts=stands))
    return replace(_told_besides(finding, said), gaps=finding.gaps or gaps)


def _code_of_outcome(outcome: str, missing: Remark | None) -> ChargeCode | None:
    if outcome == Outcome.UNDELIVERED:
        return ChargeCode.UNDELIVERED
    return None if missing else ChargeCode.FAILED_UNREFUNDED


def _source_of_outcome(seen: str, told: Sequence[Line]) -> Statement:
    if seen:
        return Statement(code=Remark.OUTCOME_FROM_LOOKUP)
    return Statement(code=Remark.OUTCOME_FROM_LEDGER, charge_ids=ids_of(told[-1:]))


def _refund_may_be_missing(reading: Reading, coverage: Coverage) -> tuple[Remark | None, tuple[Span, ...]]:
    """Why a refund may be on its way, or there already, without this ledger knowing; and the gaps."""
    last = max(row.occurred_at for row in reading.rows)
    due = last + REFUND_GRACE
    if gaps := coverage.gaps_within(last, due):
        return Remark.LEDGER_GAP, gaps
    known = not coverage.spans or coverage.holds(last, due)
    return (None if known else Remark.REFUND_MAY_FOLLOW), ()


_OUTRANKED = (ChargeCode.SINGLE, ChargeCode.HOLD_AND_SETTLE, ChargeCode.REFUNDED)


def _told_besides(finding: ChargeFinding, said: Sequence[Statement]) -> ChargeFinding:
    """The further statements lead where what was found so far is in order, and follow it elsewhere."""
    leads = finding.code in _OUTRANKED and isinstance(said[0].code, ChargeCode)
    statements = (*said, *finding.statements) if leads else (*finding.statements, *said)
    return replace(
        finding,
        code=ChargeCode(said[0].code) if leads else finding.code,
        statements=statements,
        remarks=(*finding.remarks, *_remarks(said)),
    )


# --- putting it together


def _of_probes(probes: Sequence[Line]) -> ChargeFinding:
    if not probes:
        return ChargeFinding(code=ChargeCode.NO_ROWS)
    ids, net = ids_of(probes), net_amounts(probes)
    return ChargeFinding(
        code=ChargeCode.PROBE_COST,
        task_ids=spelled_task_ids(probes),
        account=probes[0].account,
        source_id=probes[0].source_id,
        charge_ids=ids,
        net=net,
        probe_ids=ids,
        statements=(Statement(code=ChargeCode.PROBE_COST, charge_ids=ids, amounts=net),),
    )


def _cannot_tell(reading: Reading, why: Statement) -> ChargeFinding:
    said = Statement(code=ChargeCode.CANNOT_TELL, charge_ids=ids_of(reading.rows))
    return _finding(reading, said, [why, *_story_remarks(reading)])


def _finding(reading: Reading, first: Statement, others: Sequence[Statement] = ()) -> ChargeFinding:
    """`first` says the finding's own code; its rows are the finding's."""
    rows = reading.rows
    code = ChargeCode(first.code)
    listed = {*first.charge_ids} if code is ChargeCode.DUPLICATE else {*ids_of(rows)}
    others = [*others, *_row_remarks(reading)]
    return ChargeFinding(
        code=code,
        task_ids=spelled_task_ids(rows),
        account=rows[0].account,
        source_id=rows[0].source_id,
        charge_ids=tuple(row.charge_id for row in rows if row.charge_id in listed),
        net=net_amounts(rows),
        statements=(first, *others),
        remarks=_remarks(others),
        probe_ids=ids_of(reading.probes),
    )


def _row_remarks(reading: Reading) -> Iterator[Statement]:
    repeated = [row for row in reading.rows if row.exports > 1]
    if repeated:
        yield Statement(code=Remark.EXPORTED_REPEATEDLY, charge_ids=ids_of(repeated))
    details = [row for row in reading.rows if row.conflicts and not MATERIAL.intersection(row.conflicts)]
    if details:
        yield Statement(code=Remark.DETAILS_CONFLICT, charge_ids=ids_of(details))
    if reading.probes:
        yield Statement(code=Remark.OWN_PROBES_APART, charge_ids=ids_of(reading.probes))


def _remarks(said: Iterable[Statement]) -> tuple[Remark, ...]:
    return tuple(Remark(statement.code) for statement in said if isinstance(statement.code, Remark))
