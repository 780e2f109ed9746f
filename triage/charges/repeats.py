"""Repeated submissions: the same request sent again, so that several tasks were made and charged.

The window is the longest pause between one submission and the next. Clients that time out send again
after their timeout, most often 60 s, plus a pause that grows with each attempt; two minutes hold that
and still keep apart what a person sends again on purpose. Rows without a fingerprint can only be compared
by account, model and amount; equal prices are common, so there the pauses must be those of a backoff.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby

from triage.charges.finding import (
    ChargeCode,
    ChargeFinding,
    ChargeKind,
    Line,
    Remark,
    Statement,
    ids_of,
    is_charge,
    net_amounts,
    spelled_task_ids,
)

RETRY_WINDOW = timedelta(seconds=120)
BACKOFF_WINDOW = timedelta(seconds=30)  # where only the amount can be compared

Likeness = tuple[str, ...]


def repeated_submissions(lines: Iterable[Line]) -> Iterator[ChargeFinding]:
    """Findings among rows that are ordered by `likeness_of` and then by time."""
    return (finding for finding, _rows in submissions_with_rows(lines))


def submissions_with_rows(lines: Iterable[Line]) -> Iterator[tuple[ChargeFinding, list[Line]]]:
    """The same, each with its submissions."""
    for likeness, alike in groupby(filter(is_submission, lines), key=likeness_of):
        window = RETRY_WINDOW if likeness[2] else BACKOFF_WINDOW
        for chain in _chains(alike, window):
            if finding := _judge_chain(chain):
                yield finding, chain


def likeness_of(line: Line) -> Likeness:
    """What two submissions of one request have in common, in the order that the database sorts by."""
    if line.fingerprint:
        return (line.account, line.model, line.fingerprint, "", "")
    return (line.account, line.model, "", format(line.amount, ".10f"), line.currency)


def is_submission(line: Line) -> bool:
    return (is_charge(line) or line.kind is ChargeKind.HOLD) and not line.own_probe


def _chains(lines: Iterable[Line], window: timedelta) -> Iterator[list[Line]]:
    chain: list[Line] = []
    for line in lines:
        if chain and line.occurred_at - chain[-1].occurred_at > window:
            yield chain
            chain = []
        chain.append(line)
    yield chain


def _judge_chain(chain: list[Line]) -> ChargeFinding | None:
    with_task = [line for line in chain if line.task_key]
    if len({line.task_key for line in with_task}) > 1:
        return _finding(ChargeCode.DOUBLE_SUBMIT, with_task)
    if not with_task and chain[0].fingerprint and len({line.request_key for line in chain} - {""}) > 1:
        return _finding(ChargeCode.HIDDEN_RETRY, chain)
    return None


def _finding(code: ChargeCode, chain: list[Line]) -> ChargeFinding:
    task_ids, rows, net = spelled_task_ids(chain), ids_of(chain), net_amounts(chain)
    said = [Statement(code=code, charge_ids=rows, amounts=net)]
    if not chain[0].fingerprint:
        said.append(Statement(code=Remark.BY_AMOUNT, charge_ids=rows))
    return ChargeFinding(
        code=code,
        task_ids=task_ids,
        account=chain[0].account,
        source_id=chain[0].source_id,
        charge_ids=rows,
        net=net,
        repeated_task_ids=task_ids,
        remarks=() if chain[0].fingerprint else (Remark.BY_AMOUNT,),
        statements=tuple(said),
    )
