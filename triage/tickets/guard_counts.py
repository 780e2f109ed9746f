"""What the browser's guard says that it masked: fields, kinds and numbers, believed only as far as known."""

import json
from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from triage.verdicts.case import Intake

CHANNEL = "browser"  # of the meter
_FIELDS = frozenset(field.name for field in fields(Intake)) | {"paste", "q"}
_LONGEST = 8_000  # bytes of a report
_MOST_ROWS = 60
_MOST_OF_ONE = 20  # of one kind in one field
_LONGEST_TEXT = 1_000_000  # characters

Caught = tuple[str, str, str]
Spot = tuple[str, str, int, int]


class BadCounts(ValueError):
    """A report that no guard makes."""


def read_counts(report: bytes, *, kinds: Collection[str], rules: Collection[str]) -> list[Caught]:
    """(field, kind, rule), each as often as it was masked; raises BadCounts.

    The report is a JSON list of [field, kind, rule or "", number]. A kind that the desk does not have, or has
    no longer, is left out; a field that it does not know is "other". So nothing of the sender's is ever kept.
    """
    if len(report) > _LONGEST:
        raise BadCounts
    try:
        rows = json.loads(report)
    except (ValueError, RecursionError) as error:  # the latter of 5,000 brackets
        raise BadCounts from error
    if not isinstance(rows, list) or len(rows) > _MOST_ROWS:
        raise BadCounts
    return [caught for row in rows for caught in _repeated(row, kinds, rules)]


def read_spots(report: str, *, kinds: Collection[str]) -> list[Spot]:
    """(field, kind, start, end), each once, of what the guard masked in the fields of a form.

    The report is a JSON list of such rows. A row that is none, or of a field or kind that the desk does not
    have, is left out, so nothing of the sender's is ever kept.
    """
    try:
        rows = json.loads(report) if len(report) <= _LONGEST else []
    except (ValueError, RecursionError):
        return []
    known = (
        [tuple(row) for row in rows[:_MOST_ROWS] if _is_spot(row, kinds)] if isinstance(rows, list) else []
    )
    return list(dict.fromkeys(known))


def _is_spot(row: Any, kinds: Collection[str]) -> bool:
    if not isinstance(row, list) or [type(part) for part in row] != [str, str, int, int]:
        return False
    field, kind, start, end = row
    return field in _FIELDS and kind in kinds and 0 <= start < end <= _LONGEST_TEXT


def _repeated(row: Any, kinds: Collection[str], rules: Collection[str]) -> Iterator[Caught]:
    if not isinstance(row, list) or [type(part) for part in row] != [str, str, str, int]:
        raise BadCounts
    field, kind, rule, number = row
    if not 1 <= number <= _MOST_OF_ONE:
        raise BadCounts
    if kind in kinds:
        caught = field if field in _FIELDS else "other", kind, rule if rule in rules else ""
        yield from (caught for _ in range(number))
