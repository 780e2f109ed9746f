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

Caught = tuple[str, str, str]


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


def _repeated(row: Any, kinds: Collection[str], rules: Collection[str]) -> Iterator[Caught]:
    if not isinstance(row, list) or [type(part) for part in row] != [str, str, str, int]:
        raise BadCounts
    field, kind, rule, number = row
    if not 1 <= number <= _MOST_OF_ONE:
        raise BadCounts
    if kind in kinds:
        caught = field if field in _FIELDS else "other", kind, rule if rule in rules else ""
        yield from (caught for _ in range(number))
