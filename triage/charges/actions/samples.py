"""A few rows of each count, for the page of a preview."""

import json

from django.db.backends.utils import CursorWrapper

from triage.charges.preview import SAMPLES, Sample

_SHOWN = (
    *("charge_id", "kind", "task_id", "request_id", "account", "model", "key_hint", "fingerprint"),
    *("ref_charge_id", "component", "outcome", "amount", "currency", "occurred_at"),
)
_AS_TEXT = {"amount": "trim_scale({0}.amount)::text"}


def _says(alias: str) -> str:
    texts = (f"'{name}', {_AS_TEXT.get(name, '{0}.' + name).format(alias)}" for name in _SHOWN)
    return f"jsonb_build_object({', '.join(texts)})"


_NEW = f"""
SELECT row_number, {_says("known")}, NULL, '{{}}'::text[] FROM charge_shadow AS known
WHERE batch_id = %(batch)s ORDER BY row_number LIMIT %(most)s
"""  # noqa: S608
_CONFLICTING = f"""
SELECT staged.row_number, {_says("staged")}, {_says("known")}, differences
FROM charge_judged AS staged JOIN charge_shadow AS known ON known.id = known_id
WHERE cardinality(differences) > 0 ORDER BY staged.row_number LIMIT %(most)s
"""  # noqa: S608
_CHANGED = f"""
SELECT staged.row_number, {_says("known")}, {_says("known")} || changed.before, ARRAY(
    SELECT key FROM jsonb_each({_says("known")} || changed.before) AS was
    WHERE was.value <> {_says("known")} -> key
)
FROM (SELECT * FROM charge_before WHERE completed ORDER BY charge_id LIMIT %(most)s) AS changed
JOIN charge_shadow AS known ON known.id = changed.charge_id
CROSS JOIN LATERAL (
    SELECT min(row_number) AS row_number FROM charge_judged
    WHERE known_id = changed.charge_id AND cardinality(differences) = 0
) AS staged
ORDER BY staged.row_number
"""  # noqa: S608


def samples_of(cursor: CursorWrapper, *, batch: int, repeated: bool) -> dict[str, list[Sample]]:
    """By count, from the tables of a preview; `repeated` says whether anything was judged."""
    asked = {"new": _NEW}
    if repeated:
        asked |= {"changed": _CHANGED, "conflicting": _CONFLICTING}
    return {name: _samples(cursor, query, batch) for name, query in asked.items()}


def _samples(cursor: CursorWrapper, query: str, batch: int) -> list[Sample]:
    cursor.execute(query, {"batch": batch, "most": SAMPLES})
    return [_sample(*row) for row in cursor.fetchall()]


def _sample(row: int, says_json: str, said_json: str | None, differs: list[str]) -> Sample:
    says: dict[str, str] = json.loads(says_json)
    said: dict[str, str] = json.loads(said_json or "{}")
    return {
        "row": row,
        "values": {name: text for name, text in says.items() if text},
        "differs": {name: (said[name], says[name]) for name in differs},
    }
