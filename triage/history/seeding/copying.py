"""Rows of a model as lines of PostgreSQL's COPY, which takes millions where inserts take thousands."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import JSONField, Model

_MARKS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Pen:
    """Writes lines for one model: what a line does not say, the model's defaults say."""

    def __init__(self, model: type[Model]) -> None:
        self._table = model._meta.db_table
        fields = model._meta.concrete_fields
        self._columns = tuple(str(field.column) for field in fields)
        self._usual = [
            cell(_stored(field.get_default(), is_json=isinstance(field, JSONField))) for field in fields
        ]
        self._place = {name: place for place, name in enumerate(self._columns)}

    def line(self, said: Mapping[str, Any]) -> str:
        """`said` by column; JSON as text. Raises KeyError for a column that the model does not have."""
        cells = self._usual.copy()
        for name, value in said.items():
            cells[self._place[name]] = cell(value)
        return "\t".join(cells) + "\n"

    def copy(self, lines: Sequence[str]) -> None:
        columns = ", ".join(f'"{name}"' for name in self._columns)
        with connection.cursor() as cursor, cursor.copy(f"COPY {self._table} ({columns}) FROM STDIN") as copy:
            copy.write("".join(lines))


def cell(value: Any) -> str:
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case str():
            return value.translate(_MARKS)
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def _stored(default: Any, *, is_json: bool) -> Any:
    return json.dumps(default) if is_json and default is not None else default


@contextmanager
def in_bulk(*, triggers_of: Sequence[str], indexes_of: Sequence[str]) -> Iterator[None]:
    """Without the triggers of the history, and with the indexes built anew at the end: many times quicker.

    To be used in a transaction, for as long as nobody else uses these tables: whoever tries waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # millions of rows to be checked would be kept in mind
        indexes = _indexes_of(cursor, indexes_of)
        for table in triggers_of:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER history_new")
        for name in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET LOCAL maintenance_work_mem TO '512MB'")
        for definition in indexes.values():
            cursor.execute(definition)
        for table in triggers_of:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER history_new")


def _indexes_of(cursor: CursorWrapper, tables: Sequence[str]) -> dict[str, str]:
    """The statement that makes each index, by its name, but for those that constraints rest on."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY (%s)"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [list(tables)],
    )
    return dict(cursor.fetchall())
