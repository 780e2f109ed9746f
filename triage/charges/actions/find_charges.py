"""The finding for one ticket: by task id, request id or charge id, with the submissions around it."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from triage.charges.actions.lines import fetch_lines
from triage.charges.actions.read_coverage import read_coverages
from triage.charges.answer import Question, answer, undecided
from triage.charges.coverage import Coverage, Reach
from triage.charges.finding import ChargeCode, ChargeFinding, Line, Remark, Statement, ids_of
from triage.charges.models import Charge, LedgerSource
from triage.charges.normalise import id_key, plain
from triage.charges.repeats import is_submission, likeness_of, repeated_submissions
from triage.charges.spelling import differs_in_case, is_rounded, may_be_rounded, other_cases

_HIDDEN = re.compile(r"^\[\w+\]$")  # "[email]": masked, so there is nothing left to compare
AROUND = timedelta(minutes=15)  # how far from a row, or from the ticket's time, other rows are looked at
_MOST_ANCHORS = 20  # submissions whose neighbours are looked for

# Index look-ups; an OR of them would read the whole table.
_OF_TASKS = """
WHERE charge.id IN (
    SELECT id FROM triage_charge WHERE task_key = ANY(%(keys)s) AND task_key <> ''
    UNION ALL
    SELECT charge_id FROM triage_chargeconflict WHERE task_key = ANY(%(keys)s) AND task_key <> ''
    UNION ALL
    SELECT back.id FROM triage_charge AS named JOIN triage_charge AS back
        ON back.source_id = named.source_id AND back.ref_charge_id = named.charge_id
        AND back.account = named.account AND back.task_key = '' AND back.ref_charge_id <> ''
        AND back.kind NOT IN ('charge', 'hold')
    WHERE named.task_key = ANY(%(keys)s) AND named.task_key <> ''
)
"""
_OF_REQUESTS = "WHERE charge.request_key = ANY(%(keys)s) AND charge.request_key <> ''"
# The unique index begins with the ledger, so that each ledger is one look-up.
_OF_CHARGE = """
WHERE charge.source_id = ANY(ARRAY(SELECT id FROM triage_ledgersource))
    AND charge.charge_id = ANY(%(charge_ids)s)
"""
_ALIKE = """
WHERE charge.account = %(account)s AND charge.occurred_at BETWEEN %(start)s AND %(end)s
    AND charge.source_id = %(source_id)s AND model = %(model)s AND fingerprint = %(fingerprint)s
    AND (fingerprint <> '' OR (amount = %(amount)s AND currency = %(currency)s))
ORDER BY occurred_at, charge.id LIMIT 1000
"""
_OF_ACCOUNT_AROUND = """
WHERE charge.account = %(account)s AND charge.occurred_at BETWEEN %(start)s AND %(end)s
ORDER BY occurred_at, charge.id LIMIT 5000
"""
# The newest rows of an account, in which an id may stand in another letter case.
_OF_ACCOUNT_IN_OTHER_CASE = """
WHERE charge.id IN (
    SELECT id FROM (
        SELECT id, task_key FROM triage_charge WHERE account = %(account)s
        ORDER BY occurred_at DESC LIMIT 20000
    ) AS latest WHERE lower(task_key) = lower(%(key)s)
)
"""


@dataclass(frozen=True, slots=True)
class _Found:
    lines: list[Line]
    remarks: tuple[Remark, ...] = ()
    undecided: Remark | None = None  # why the rows may not be the ones that were meant


def find_charges(
    *,
    task_id: str = "",
    request_ids: Sequence[str] = (),
    charge_id: str = "",
    account: str = "",
    around: datetime | None = None,
    outcome: str = "",
    declared_retries: int | None = None,
    client: str = "",
) -> ChargeFinding:
    """What the ledger says of a task, or of the requests where no task id is known or recorded.

    `account` keeps other customers' rows out of the answer, unless it was masked in the ticket. `around` is
    the ticket's time, aware. `outcome` is an Outcome that the desk's own look-up saw; `declared_retries` and
    `client` are the ticket's, to count requests with. Without rows the finding is NO_ROWS, with how far the
    ledger reaches and, in `remarks`, why it cannot tell.
    """
    account = "" if _HIDDEN.search(account) else plain(account)
    question = Question(
        task_key=id_key(task_id),
        request_keys=tuple(filter(None, map(id_key, request_ids))),
        account=account,
        outcome=outcome,
        declared_retries=declared_retries,
        client=client,
    )
    found = _rows_meant(question, task_id=task_id, charge_id=charge_id, around=around)
    mine = [line for line in found.lines if not account or line.account.casefold() == account.casefold()]
    if not mine:
        strangers = [Remark.OTHER_ACCOUNT] if found.lines else []
        doubts = [found.undecided] if found.undecided else []
        return _no_rows(account, around, [*found.remarks, *doubts, *strangers])
    return _answer(replace(found, lines=mine), question, around)


def _answer(found: _Found, question: Question, around: datetime | None) -> ChargeFinding:
    sources = {line.source_id for line in found.lines}
    ledgers = {source.pk: source for source in LedgerSource.objects.filter(pk__in=sources)}
    coverages = read_coverages(list(ledgers.values()))
    finding = answer(found.lines, around=_rows_around(found.lines), question=question, coverages=coverages)
    if found.undecided:
        finding = undecided(finding, found.lines, found.undecided)
    ledger, coverage = ledgers[finding.source_id], coverages[finding.source_id]
    late = around is not None and coverage.at(around) is Reach.BEYOND
    remarks = (*finding.remarks, *found.remarks, *([Remark.BEYOND_COVERAGE] if late else []))
    return replace(
        finding,
        source=ledger.slug,
        covered_until=coverage.until,
        quota_per_unit=ledger.quota_per_unit,
        remarks=tuple(dict.fromkeys(remarks)),
        statements=(*finding.statements, *_said_of(found)),
    )


def _said_of(found: _Found) -> list[Statement]:
    return [Statement(code=remark, charge_ids=ids_of(found.lines)) for remark in found.remarks]


# --- which rows are meant


def _rows_meant(question: Question, *, task_id: str, charge_id: str, around: datetime | None) -> _Found:
    if charge_id:
        return _of_charge(charge_id)
    if question.task_key and (found := _of_task(question)).lines:
        return found
    if of_requests := _of_requests(question.request_keys) or _of_answers(question.request_keys):
        return _Found(of_requests, (Remark.BY_REQUEST_ID,))
    if is_rounded(task_id):
        return _of_rounded(task_id, question.account, around)
    if not question.task_key and not question.request_keys:
        return _Found(_suspicious_around(question.account, around), (Remark.TASK_UNKNOWN,))
    return _nearly_the_task(question, task_id, around)


def _of_task(question: Question) -> _Found:
    """The task in the spelling that was given; in another letter case it may be another task."""
    key = question.task_key
    lines = fetch_lines(_OF_TASKS, {"keys": [key, *other_cases(key)]})
    exact = [line for line in lines if not differs_in_case(key, line.task_key)]
    others = [line for line in lines if line not in exact]
    if not exact:
        return _Found(others, undecided=Remark.ID_AMBIGUOUS if others else None)
    same_account = {line.account for line in exact} & {line.account for line in others}
    return _Found(exact, (Remark.ID_AMBIGUOUS,) if same_account else ())


def _of_charge(charge_id: str) -> _Found:
    """The row, and all rows of its task or of its request."""
    lines = fetch_lines(_OF_CHARGE, {"charge_ids": [charge_id.strip()]})
    related = _of_tasks_of(lines) or _of_requests(sorted({line.request_key for line in lines} - {""}))
    kin = {(line.source_id, line.account) for line in lines}
    return _Found(_together(lines, [line for line in related if (line.source_id, line.account) in kin]))


def _of_requests(keys: Sequence[str]) -> list[Line]:
    """The rows of the requests, and of the tasks that these belong to."""
    lines = fetch_lines(_OF_REQUESTS, {"keys": list(keys)}) if keys else []
    return _together(lines, _of_tasks_of(lines))


def _of_answers(keys: Sequence[str]) -> list[Line]:
    """Some gateways call a charge by the id of the answer, which customers know as that of their request.

    Numbers are left out: a log counts its rows, and any number names one.
    """
    named = [key for key in keys if not key.isdigit()]
    lines = fetch_lines(_OF_CHARGE, {"charge_ids": named}) if named else []
    return _together(lines, _of_requests(sorted({line.request_key for line in lines} - {""})))


def _of_tasks_of(lines: Sequence[Line]) -> list[Line]:
    keys = sorted({line.task_key for line in lines} - {""})
    return fetch_lines(_OF_TASKS, {"keys": keys}) if keys else []


def _together(lines: Sequence[Line], more: Sequence[Line]) -> list[Line]:
    known = {(line.source_id, line.charge_id) for line in lines}
    return [*lines, *(line for line in more if (line.source_id, line.charge_id) not in known)]


def _of_rounded(task_id: str, account: str, around: datetime | None) -> _Found:
    """Tasks of the account near the time whose long number a spreadsheet would round like this."""
    near = _of_account_around(account, around)
    return _Found([line for line in near if may_be_rounded(task_id, line.task_id)], (), Remark.ID_ROUNDED)


def _nearly_the_task(question: Question, task_id: str, around: datetime | None) -> _Found:
    """Rows whose id is not the one that was given, but may stand for it."""
    if not question.account or not question.task_key:
        return _Found([])
    values = {"account": question.account, "key": question.task_key}
    if lines := fetch_lines(_OF_ACCOUNT_IN_OTHER_CASE, values):
        return _Found(lines, undecided=Remark.ID_AMBIGUOUS)
    near = _of_account_around(question.account, around)
    rounded = [
        line
        for line in near
        if may_be_rounded(line.task_id, task_id) or may_be_rounded(task_id, line.task_id)
    ]
    return _Found(rounded, undecided=Remark.ID_ROUNDED if rounded else None)


def _of_account_around(account: str, around: datetime | None) -> list[Line]:
    if not account or around is None:
        return []
    span = {"account": account, "start": around - AROUND, "end": around + AROUND}
    return fetch_lines(_OF_ACCOUNT_AROUND, span)


_SUSPICIOUS = (
    ChargeCode.DUPLICATE,
    ChargeCode.CONFLICT,
    ChargeCode.DOUBLE_LOGGED,
    ChargeCode.DOUBLE_SUBMIT,
    ChargeCode.FAILED_UNREFUNDED,
)


def _suspicious_around(account: str, around: datetime | None) -> list[Line]:
    """With an account and a time alone, only rows that are suspicious by themselves say anything."""
    lines = _of_account_around(account, around)
    finding = answer(lines, question=Question(account=account))
    if finding.code not in _SUSPICIOUS:
        return []
    rows = {*finding.charge_ids}
    return [line for line in lines if line.source_id == finding.source_id and line.charge_id in rows]


# --- what was sent again


def _rows_around(lines: Sequence[Line]) -> list[Line]:
    """Submissions alike near those in question, and all rows of the tasks that they made."""
    anchors = {(line.source_id, likeness_of(line)): line for line in lines if is_submission(line)}
    alike = [
        near
        for anchor in list(anchors.values())[:_MOST_ANCHORS]
        for near in fetch_lines(_ALIKE, asdict(anchor) | _span_around(anchor.occurred_at))
    ]
    repeated = _charges_repeated(_together(lines, alike), lines)
    chain = [line for line in alike if (line.source_id, line.charge_id) in repeated]
    return _together(chain, _of_tasks_of(chain))


def _span_around(moment: datetime) -> dict[str, Any]:
    return {"start": moment - AROUND, "end": moment + AROUND}


def _charges_repeated(everything: Sequence[Line], lines: Sequence[Line]) -> set[tuple[int, str]]:
    meant = {(line.source_id, line.charge_id) for line in lines}
    ordered = sorted(everything, key=lambda line: (line.source_id, likeness_of(line), line.occurred_at))
    chains = (
        {(repeat.source_id, charge_id) for charge_id in repeat.charge_ids}
        for repeat in repeated_submissions(ordered)
    )
    return {charge for chain in chains if chain & meant for charge in chain}


# --- where there are no rows

_GRAVEST_REACH = (Reach.COVERED, Reach.BEYOND, Reach.GAP, Reach.BEFORE, Reach.NOTHING)
_WHY_OUT_OF_REACH = {
    Reach.BEYOND: Remark.BEYOND_COVERAGE,
    Reach.GAP: Remark.LEDGER_GAP,
    Reach.BEFORE: Remark.BEFORE_COVERAGE,
}


def _no_rows(account: str, around: datetime | None, remarks: Sequence[Remark]) -> ChargeFinding:
    coverages = _coverages_of(account)
    reaches = [coverage.until for coverage in coverages if coverage.until]
    why = list(remarks)
    until = max(reaches, default=None)
    gaps: list[tuple[datetime, datetime]] = []
    if not reaches:
        why.append(Remark.NO_LEDGER)
    elif around:
        best = min(coverages, key=lambda coverage: _GRAVEST_REACH.index(coverage.at(around)))
        if missing := _WHY_OUT_OF_REACH.get(best.at(around)):
            why.append(missing)
        until = best.until
        gaps = [gap for gap in best.gaps if gap[0] < around < gap[1]]
    return ChargeFinding(
        code=ChargeCode.NO_ROWS,
        account=account,
        covered_until=until,
        remarks=tuple(dict.fromkeys(why)),
        gaps=tuple(gaps),
    )


def _coverages_of(account: str) -> list[Coverage]:
    """Of the ledgers that know the account; of every ledger, where none knows it."""
    sources = list(LedgerSource.objects.all())
    knowing = [source for source in sources if account and _knows(source, account)]
    return list(read_coverages(knowing or sources).values())


def _knows(source: LedgerSource, account: str) -> bool:
    return Charge.objects.filter(account=account, source=source).exists()
