"""Charges read back as lines, the plain values that findings are made of."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

from triage.charges.finding import ChargeKind, Line

# A refund or the like that names its charge, and no task, belongs to the task of that charge. The limit
# keeps the planner from joining the whole table for the few rows that need it.
_SELECT = """
SELECT charge.source_id, charge_id, kind, amount, currency, occurred_at, account,
    COALESCE(task_id_of_named, task_id), COALESCE(task_key_of_named, task_key) AS key_of_task,
    request_id, request_key, model, fingerprint, ref_charge_id, component, outcome, exports, own_probe,
    ARRAY(
        SELECT DISTINCT field FROM triage_chargeconflict AS conflict,
        LATERAL jsonb_array_elements_text(conflict.fields) AS field WHERE conflict.charge_id = charge.id
    )
FROM triage_charge AS charge LEFT JOIN LATERAL (
    SELECT named.task_id AS task_id_of_named, named.task_key AS task_key_of_named
    FROM triage_charge AS named
    WHERE charge.task_key = '' AND charge.ref_charge_id <> '' AND charge.kind NOT IN ('charge', 'hold')
        AND named.source_id = charge.source_id AND named.charge_id = charge.ref_charge_id
        AND named.account = charge.account AND named.task_key <> ''
    LIMIT 1
) AS of_named ON true
"""

# A cursor is planned for its first rows, which makes reading all of them a thousand times slower here.
_TO_THE_END = "SET cursor_tuple_fraction = 1"


def stream_lines(rest: str, parameters: Mapping[str, Any]) -> Iterator[Line]:
    """Lines one by one from a server-side cursor; `rest` is the SQL after FROM, for the alias `charge`."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_THE_END)
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SELECT + rest, parameters)
        yield from map(_line, cursor)


def fetch_lines(rest: str, parameters: Mapping[str, Any]) -> list[Line]:
    """The lines of a handful of charges."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + rest, parameters)
        return _lines(cursor.fetchall())


def _lines(rows: Iterable[tuple[Any, ...]]) -> list[Line]:
    return [_line(row) for row in rows]


def _line(row: tuple[Any, ...]) -> Line:
    (
        source_id,
        charge_id,
        kind,
        amount,
        currency,
        occurred_at,
        account,
        *ids,
        exports,
        own_probe,
        conflicts,
    ) = row
    task_id, task_key, request_id, request_key, model, fingerprint, ref_charge_id, component, outcome = ids
    return Line(
        source_id=source_id,
        charge_id=charge_id,
        kind=ChargeKind(kind),
        amount=amount,
        currency=currency,
        occurred_at=occurred_at,
        account=account,
        task_id=task_id,
        task_key=task_key,
        request_id=request_id,
        request_key=request_key,
        model=model,
        fingerprint=fingerprint,
        ref_charge_id=ref_charge_id,
        component=component,
        outcome=outcome,
        exports=exports,
        own_probe=own_probe,
        conflicts=tuple(conflicts),
    )
