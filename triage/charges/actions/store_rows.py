"""Rows into the ledger: COPY into a staging table, then one merge; idempotent by (source, charge id)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from triage.charges.blocks import COPY_COLUMNS, Block, blocks_of
from triage.charges.models import ChargeImport
from triage.charges.rows import LedgerRow

_COLUMNS = (*COPY_COLUMNS, "payload_hash")
_MANY = 10_000  # new rows after which plans made for the old table are no good

# Equal for rows that say the same, however their ids and amounts are spelled. Times are left out, since
# exports cut them to seconds at will.
_SAYING = (
    *("account", "model", "task_key", "request_key", "fingerprint", "ref_charge_id"),
    *("kind", "component", "outcome", "amount::text", "currency"),
)
_PAYLOAD = " || E'\\x1f' || ".join(_SAYING)

_STAGE = f"""
CREATE TEMPORARY TABLE charge_staging (
    row_number integer, charge_id text, kind text, task_id text, task_key text, request_id text,
    request_key text, account text, model text, key_hint text, fingerprint text, ref_charge_id text,
    component text, outcome text, amount numeric(24, 10), currency text, occurred_at timestamptz,
    payload_hash text GENERATED ALWAYS AS (md5({_PAYLOAD})) STORED
) ON COMMIT DROP
"""
# A test, or the demo, may store twice in one transaction.
_CLEAR = "DROP TABLE IF EXISTS charge_staging, charge_repeated, charge_judged"

# Heap order is file order: of two rows with one id the first wins.
_INSERT = f"""
INSERT INTO triage_charge (source_id, batch_id, exports, {", ".join(_COLUMNS)})
SELECT %(source)s, %(batch)s, 1, {", ".join(_COLUMNS)} FROM charge_staging
ON CONFLICT (source_id, charge_id) DO NOTHING
"""  # noqa: S608

_REPEATED = """
CREATE TEMPORARY TABLE charge_repeated ON COMMIT DROP AS
SELECT known.id AS known_id, known.batch_id = %(batch)s AS is_ours, staged.*
FROM charge_staging AS staged
JOIN triage_charge AS known ON known.source_id = %(source)s AND known.charge_id = staged.charge_id
WHERE NOT (known.batch_id = %(batch)s AND known.row_number = staged.row_number)
"""

# Where a row contradicts what is known. A detail that one side leaves out contradicts nothing, and times
# may have lost their fraction.
_DIFFERENCES = """
array_remove(ARRAY[
    CASE WHEN staged.kind <> known.kind THEN 'kind' END,
    CASE WHEN staged.account <> known.account THEN 'account' END,
    CASE WHEN staged.amount <> known.amount THEN 'amount' END,
    CASE WHEN staged.currency <> known.currency THEN 'currency' END,
    CASE WHEN abs(extract(epoch FROM staged.occurred_at - known.occurred_at)) >= 1 THEN 'occurred_at' END,
    CASE WHEN staged.task_key <> known.task_key AND '' NOT IN (staged.task_key, known.task_key)
        THEN 'task_id' END,
    CASE WHEN staged.request_key <> known.request_key AND '' NOT IN (staged.request_key, known.request_key)
        THEN 'request_id' END,
    CASE WHEN staged.model <> known.model AND '' NOT IN (staged.model, known.model)
        THEN 'model' END,
    CASE WHEN staged.fingerprint <> known.fingerprint AND '' NOT IN (staged.fingerprint, known.fingerprint)
        THEN 'fingerprint' END,
    CASE WHEN staged.component <> known.component AND '' NOT IN (staged.component, known.component)
        THEN 'component' END,
    CASE WHEN staged.outcome <> known.outcome AND '' NOT IN (staged.outcome, known.outcome)
        THEN 'outcome' END,
    CASE WHEN staged.ref_charge_id <> known.ref_charge_id
        AND '' NOT IN (staged.ref_charge_id, known.ref_charge_id) THEN 'ref_charge_id' END
], NULL)
"""

# Details that an export may leave out, each with what is compared of it.
_DETAILS = {
    "task_id": "task_key",
    "task_key": "task_key",
    "request_id": "request_key",
    "request_key": "request_key",
    "model": "model",
    "fingerprint": "fingerprint",
    "component": "component",
    "outcome": "outcome",
    "ref_charge_id": "ref_charge_id",
}
_SAYS_MORE = " OR ".join(f"(known.{key} = '' AND staged.{key} <> '')" for key in sorted({*_DETAILS.values()}))
_COMPLETED = ", ".join(
    f"{detail} = CASE WHEN known.{key} = '' THEN fuller.{detail} ELSE known.{detail} END"
    for detail, key in _DETAILS.items()
)

# Fills empty details from the first row that has them; run until nothing is left to fill.
_FILL = f"""
WITH fuller AS (
    SELECT DISTINCT ON (staged.known_id) staged.*
    FROM charge_repeated AS staged JOIN triage_charge AS known ON known.id = staged.known_id
    WHERE staged.payload_hash <> known.payload_hash AND ({_SAYS_MORE}) AND cardinality({_DIFFERENCES}) = 0
    ORDER BY staged.known_id, staged.row_number
)
UPDATE triage_charge AS known SET payload_hash = fuller.payload_hash, {_COMPLETED}
FROM fuller WHERE known.id = fuller.known_id
RETURNING known.id, fuller.is_ours
"""  # noqa: S608

_JUDGE = f"""
CREATE TEMPORARY TABLE charge_judged ON COMMIT DROP AS
SELECT staged.*, {_DIFFERENCES} AS differences
FROM charge_repeated AS staged JOIN triage_charge AS known ON known.id = staged.known_id
"""  # noqa: S608

_KEEP_CONFLICTS = """
INSERT INTO triage_chargeconflict (charge_id, batch_id, row_number, task_key, payload_hash, fields, payload)
SELECT known_id, %(batch)s, row_number, task_key, payload_hash, to_jsonb(differences), jsonb_build_object(
    'kind', kind, 'account', account, 'amount', trim_scale(amount)::text, 'currency', currency,
    'occurred_at', occurred_at, 'task_id', task_id, 'request_id', request_id, 'model', model,
    'fingerprint', fingerprint, 'component', component, 'outcome', outcome, 'ref_charge_id', ref_charge_id
)
FROM charge_judged WHERE cardinality(differences) > 0
ON CONFLICT DO NOTHING
"""

_COUNT_EXPORTS = """
UPDATE triage_charge AS known SET exports = greatest(known.exports, again.rows)
FROM (
    SELECT known_id, count(*) + bool_or(is_ours)::integer AS rows
    FROM charge_judged WHERE cardinality(differences) = 0 GROUP BY known_id
) AS again
WHERE known.id = again.known_id AND again.rows > known.exports
"""

_COUNT = """
SELECT
    count(*) FILTER (WHERE cardinality(differences) = 0),
    count(*) FILTER (WHERE cardinality(differences) > 0),
    count(*) FILTER (WHERE cardinality(differences) = 0)
        - count(DISTINCT known_id) FILTER (WHERE cardinality(differences) = 0 AND NOT is_ours)
FROM charge_judged
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of the rows, and the span of time that they cover."""

    rows: int = 0
    new: int = 0
    unchanged: int = 0
    changed: int = 0
    conflicting: int = 0
    reexports: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


def store_rows(rows: Iterable[LedgerRow], *, batch: ChargeImport) -> Stored:
    """Take masked rows in, in their order. Must run inside a transaction; whatever `rows` raises ends it."""
    return store_blocks(blocks_of(rows), batch=batch)


def store_blocks(blocks: Iterable[Block], *, batch: ChargeImport) -> Stored:
    """Take blocks of rows in, in their order, as `store_rows` does."""
    ids = {"source": batch.source_id, "batch": batch.pk}
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR)
        cursor.execute(_STAGE)
        staged = _copy(cursor, blocks)
        first_at, last_at = _one(cursor, "SELECT min(occurred_at), max(occurred_at) FROM charge_staging")
        cursor.execute(_INSERT, ids)
        new = cursor.rowcount
        known = _merge_known(cursor, ids) if new < staged else {}
        if new >= _MANY:
            cursor.execute("ANALYZE triage_charge")
    return Stored(rows=staged, new=new, first_at=first_at, last_at=last_at, **known)


def _copy(cursor: CursorWrapper, blocks: Iterable[Block]) -> int:
    staged = 0
    with cursor.copy(f"COPY charge_staging ({', '.join(COPY_COLUMNS)}) FROM STDIN") as copy:
        for block in blocks:
            copy.write(block.text)
            staged += block.rows
    return staged


def _merge_known(cursor: CursorWrapper, ids: dict[str, Any]) -> dict[str, int]:
    """Rows whose charge is there already, from an earlier import or from an earlier row."""
    cursor.execute("ANALYZE charge_staging")
    cursor.execute(_REPEATED, ids)
    filled: set[int] = set()
    while _run(cursor, _FILL):
        filled.update(charge for charge, is_ours in cursor.fetchall() if not is_ours)
    cursor.execute(_JUDGE)
    cursor.execute(_KEEP_CONFLICTS, ids)
    cursor.execute(_COUNT_EXPORTS)
    agreeing, conflicting, reexports = _one(cursor, _COUNT)
    changed = len(filled)
    return {
        "unchanged": agreeing - changed,
        "changed": changed,
        "conflicting": conflicting,
        "reexports": reexports,
    }


def _run(cursor: CursorWrapper, statement: str) -> int:
    cursor.execute(statement)
    return int(cursor.rowcount)


def _one(cursor: CursorWrapper, query: str) -> tuple[Any, ...]:
    cursor.execute(query)
    return tuple(cursor.fetchone() or ())
