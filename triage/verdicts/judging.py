"""One line of a `judge` file becomes a case, its verdict a line; nothing is sent or stored."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from probes.wire.facts import Facts
from triage.charges.answer import Question, answer
from triage.charges.codec import finding_from_dict
from triage.charges.finding import ChargeFinding, Line
from triage.charges.jsonlines import flattened
from triage.charges.mapping import guess
from triage.charges.normalise import id_key
from triage.charges.records import Record
from triage.charges.refusals import Rejection
from triage.charges.rows import LedgerRow, RowReader
from triage.verdicts.case import Case
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict
from triage.verdicts.intake import TYPED_ZONE, read_intake
from triage.verdicts.surroundings import Surroundings, surroundings_from_dict


class BadCase(ValueError):
    """A line that is JSON but no case; the message says which field and why."""


def judge_line(line: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """{"id", "verdict"} of {"id", "declared", "attempts", "charges"}. Raises BadCase."""
    return {"id": line.get("id"), "verdict": verdict_as_dict(classify(read_case(line, now=now)))}


def read_case(line: Mapping[str, Any], *, now: datetime) -> Case:
    """`attempts` is a list of facts or an object by step; `charges` is rows, a finding or null."""
    declared = line.get("declared") or {}
    if not isinstance(declared, Mapping):
        raise BadCase(f"declared: expected an object, found {type(declared).__name__}")
    intake = read_intake(declared, now=now)
    known = _surroundings(line)
    return Case(
        intake=intake,
        attempts=tuple(_attempts(line.get("attempts"))),
        charges=_charges(line.get("charges"), intake.task_id, intake.request_ids),
        not_probed=str(line.get("not_probed") or ""),
        now=now,
        health=known.health,
        similar=known.similar,
        incident=known.incident,
        usual=known.usual,
    )


def _surroundings(line: Mapping[str, Any]) -> Surroundings:
    """`health`, `similar`, `incident` and `usual` as the desk stores them."""
    given = {name: part for name in ("health", "similar", "incident", "usual") if (part := line.get(name))}
    try:
        return surroundings_from_dict(given)
    except (AttributeError, TypeError, ValueError) as error:
        raise BadCase(f"surroundings: {error}") from error


def _attempts(value: object) -> Iterable[Facts]:
    if value is None:
        return
    if isinstance(value, Mapping):
        value = [facts | {"step": step} for step, tries in value.items() for facts in _tries(tries)]
    if not isinstance(value, list):
        raise BadCase(f"attempts: expected a list or an object, found {type(value).__name__}")
    for number, facts in enumerate(value):
        if not isinstance(facts, dict):
            raise BadCase(f"attempts[{number}]: expected an object, found {type(facts).__name__}")
        yield Facts.from_dict({"step": "stream" if number else "control"} | facts)


def _tries(value: object) -> Iterable[dict[str, Any]]:
    """A step's facts, or a list of them where it was sent several times."""
    tries = value if isinstance(value, list) else [value]
    return (facts for facts in tries if isinstance(facts, dict))


def _charges(value: object, task_id: str, request_ids: tuple[str, ...]) -> ChargeFinding | None:
    if value is None:
        return None
    if isinstance(value, str):
        value = {"code": value}
    if isinstance(value, Mapping):
        return _finding(value)
    if not isinstance(value, list):
        raise BadCase(f"charges: expected rows or a finding, found {type(value).__name__}")
    return finding_of_rows([_line(number, row) for number, row in enumerate(value)], task_id, request_ids)


_FINDING_NAMES = frozenset(f.name for f in fields(ChargeFinding))
_FINDING_EMPTY: Mapping[str, Any] = {
    "task_ids": (),
    "charge_ids": (),
    "net": {},
    "excess": {},
    "covered_until": None,
}


def _finding(value: Mapping[str, Any]) -> ChargeFinding:
    """A finding as `charges check` prints it: its code may be called "finding"."""
    code = value.get("code") or value.get("finding")
    known = {name: item for name, item in value.items() if name in _FINDING_NAMES}
    try:
        return finding_from_dict({**_FINDING_EMPTY, **known, "code": code})
    except (ValueError, TypeError, ArithmeticError) as error:
        raise BadCase(f"charges: not a finding: {error}") from error


_ROW_DEFAULTS = {"account": "-", "currency": "USD", "kind": "charge"}


def _line(number: int, row: object) -> Line:
    """A row in the spellings that ledger files may have."""
    if not isinstance(row, Mapping):
        raise BadCase(f"charges[{number}]: expected an object, found {type(row).__name__}")
    cells = flattened({**_ROW_DEFAULTS, "charge_id": f"row-{number}"} | dict(row))
    reader = RowReader(guess(list(cells)), list(cells), TYPED_ZONE)
    read = reader.read(Record(row=number, line=number, cells=cells))
    if isinstance(read, Rejection):
        raise BadCase(f"charges[{number}]: {read.column}: {read.refusal}")
    if read is None:
        raise BadCase(f"charges[{number}]: not a billing row")
    return _as_line(read)


def _as_line(row: LedgerRow) -> Line:
    values = row._asdict()
    return Line(**{f.name: values[f.name] for f in fields(Line) if f.name in values})


def finding_of_rows(lines: list[Line], task_id: str = "", request_ids: tuple[str, ...] = ()) -> ChargeFinding:
    """The gravest story of these rows, or of the task or requests alone where they are named and there."""
    question = Question(task_key=id_key(task_id), request_keys=tuple(filter(None, map(id_key, request_ids))))
    keys = {question.task_key, *question.request_keys} - {""}
    mine = [line for line in lines if {line.task_key, line.request_key} & keys] or lines
    return answer(mine, around=lines, question=question)
