"""The finding for one ticket: by task id, else by request ids, with the submissions around it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from django.db.models import Max

from triage.charges.actions.lines import fetch_lines
from triage.charges.finding import ChargeCode, ChargeFinding, Line, Remark, net_amounts
from triage.charges.judgement import judge_task
from triage.charges.models import Charge, LedgerSource
from triage.charges.normalise import id_key, plain
from triage.charges.repeats import likeness_of, repeated_submissions

# Where several stories could be told, the one that matters most to the customer is.
GRAVITY = (
    ChargeCode.DUPLICATE,
    ChargeCode.CONFLICT,
    ChargeCode.OVER_REFUNDED,
    ChargeCode.DOUBLE_SUBMIT,
    ChargeCode.HIDDEN_RETRY,
    ChargeCode.REFUNDED,
    ChargeCode.HOLD_AND_SETTLE,
    ChargeCode.SINGLE,
)
_HIDDEN = re.compile(r"^\[\w+\]$")  # "[email]": masked, so there is nothing left to compare
AROUND = timedelta(minutes=15)  # how far from a row, or from the ticket's time, other rows are looked at

# Two index look-ups; an OR of the two would read the whole table.
_OF_TASK = """
WHERE charge.id IN (
    SELECT id FROM triage_charge WHERE task_key = %(key)s
    UNION ALL SELECT charge_id FROM triage_chargeconflict WHERE task_key = %(key)s
)
"""
_OF_REQUESTS = "WHERE charge.request_key = ANY(%(keys)s) AND charge.request_key <> ''"
_ALIKE = """
WHERE charge.account = %(account)s AND charge.occurred_at BETWEEN %(start)s AND %(end)s
    AND charge.source_id = %(source_id)s AND model = %(model)s AND fingerprint = %(fingerprint)s
    AND (fingerprint <> '' OR (amount = %(amount)s AND currency = %(currency)s))
"""
_OF_ACCOUNT_AROUND = """
WHERE charge.account = %(account)s AND charge.occurred_at BETWEEN %(start)s AND %(end)s
ORDER BY occurred_at, charge.id LIMIT 5000
"""


def find_charges(
    *,
    task_id: str = "",
    request_ids: Sequence[str] = (),
    account: str = "",
    around: datetime | None = None,
) -> ChargeFinding:
    """What the ledger says of a task, or of the requests where no task id is known or recorded.

    `account` keeps other customers' rows out of the answer, unless it was masked in the ticket. `around` is
    the ticket's time, aware. Without rows the finding is NO_ROWS, with how far the ledger reaches and, in
    `remarks`, why it cannot tell.
    """
    account = "" if _HIDDEN.search(account) else plain(account)
    lines, remarks = _lines_for(task_id, request_ids, account, around)
    mine = [line for line in lines if not account or line.account.casefold() == account.casefold()]
    if not mine:
        return _no_rows(account, around, [*remarks, *([Remark.OTHER_ACCOUNT] if lines else [])])
    if not account and len({line.account for line in mine}) > 1:
        remarks.append(Remark.ACCOUNT_UNKNOWN)
    return _with_source(_tell(mine), remarks)


def _lines_for(
    task_id: str, request_ids: Sequence[str], account: str, around: datetime | None
) -> tuple[list[Line], list[Remark]]:
    if (key := id_key(task_id)) and (lines := fetch_lines(_OF_TASK, {"key": key})):
        return lines, []
    if keys := list(filter(None, map(id_key, request_ids))):
        return _lines_of_requests(keys), [Remark.BY_REQUEST_ID]
    if not id_key(task_id):
        return _lines_around(account, around), [Remark.TASK_UNKNOWN]
    return [], []


def _lines_of_requests(keys: list[str]) -> list[Line]:
    """The rows of the requests, and of the tasks that these belong to."""
    lines = fetch_lines(_OF_REQUESTS, {"keys": keys})
    tasks = {line.task_key for line in lines if line.task_key}
    known = {(line.source_id, line.charge_id) for line in lines}
    of_tasks = [line for key in sorted(tasks) for line in fetch_lines(_OF_TASK, {"key": key})]
    return lines + [line for line in of_tasks if (line.source_id, line.charge_id) not in known]


def _lines_around(account: str, around: datetime | None) -> list[Line]:
    """With an account and a time alone, only rows that are suspicious by themselves say anything."""
    if not account or around is None:
        return []
    span = {"account": account, "start": around - AROUND, "end": around + AROUND}
    lines = fetch_lines(_OF_ACCOUNT_AROUND, span)
    suspicious = filter(_is_suspicious, _judge_all(lines))
    rows = {charge_id for finding in suspicious for charge_id in finding.charge_ids}
    return [line for line in lines if line.charge_id in rows]


def _is_suspicious(finding: ChargeFinding) -> bool:
    return finding.code in (ChargeCode.DUPLICATE, ChargeCode.CONFLICT, ChargeCode.DOUBLE_SUBMIT)


def _tell(lines: list[Line]) -> ChargeFinding:
    """The gravest story among the tasks, or requests, of these rows."""
    findings = sorted(_judge_all(lines), key=lambda finding: GRAVITY.index(finding.code))
    gravest = findings[0]
    if gravest.code is ChargeCode.SINGLE and len(findings) > 1:
        gravest = replace(gravest, charge_ids=tuple(line.charge_id for line in lines), net=net_amounts(lines))
    repeat = _repeat_around(gravest, lines)
    if repeat is None:
        return gravest
    if GRAVITY.index(repeat.code) < GRAVITY.index(gravest.code):
        return repeat
    return replace(gravest, repeated_task_ids=repeat.task_ids)


def _judge_all(lines: Iterable[Line]) -> list[ChargeFinding]:
    """Each task by itself; rows without a task id by request id, else each row by itself."""
    stories: dict[tuple[int, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        story = line.task_key or line.request_key or line.charge_id
        stories[line.source_id, line.account, story].append(line)
    repeats = repeated_submissions(sorted(lines, key=_order))
    return [*map(judge_task, stories.values()), *repeats]


def _order(line: Line) -> tuple[object, ...]:
    return (line.source_id, likeness_of(line), line.occurred_at)


def _repeat_around(finding: ChargeFinding, lines: list[Line]) -> ChargeFinding | None:
    """The repeated submission, if any, that the finding's first charge belongs to."""
    first = next(line for line in lines if line.charge_id in finding.charge_ids)
    span = {"start": first.occurred_at - AROUND, "end": first.occurred_at + AROUND}
    alike = fetch_lines(_ALIKE, asdict(first) | span)
    repeats = repeated_submissions(sorted(alike, key=_order))
    return next((repeat for repeat in repeats if first.charge_id in repeat.charge_ids), None)


def _no_rows(account: str, around: datetime | None, remarks: list[Remark]) -> ChargeFinding:
    reach = _reach(account)
    if around and reach and around > reach:
        remarks.append(Remark.BEYOND_COVERAGE)
    return ChargeFinding(
        code=ChargeCode.NO_ROWS, account=account, covered_until=reach, remarks=tuple(dict.fromkeys(remarks))
    )


def _reach(account: str) -> datetime | None:
    """How far the ledger that knows the account reaches; any ledger, where none knows it."""
    sources = LedgerSource.objects.all()
    if account:
        knowing = sources.filter(pk__in=Charge.objects.filter(account=account).values("source_id").distinct())
        sources = knowing if knowing.exists() else sources
    reach: datetime | None = sources.aggregate(reach=Max("covered_until"))["reach"]
    return reach


def _with_source(finding: ChargeFinding, remarks: Iterable[Remark]) -> ChargeFinding:
    source = LedgerSource.objects.get(pk=finding.source_id)
    return replace(
        finding,
        source=source.slug,
        covered_until=source.covered_until,
        quota_per_unit=source.quota_per_unit,
        remarks=tuple(dict.fromkeys((*finding.remarks, *remarks))),
    )
