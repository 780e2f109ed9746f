"""What the push API says when it refuses: RFC 9457 documents, a permanent code and one English sentence."""

from collections.abc import Mapping
from typing import Any

from triage.charges.connectors.push_body import MOST_BYTES, MOST_ROWS, PushRefused

PROBLEMS: Mapping[str, tuple[int, str]] = {
    "push.method": (405, "Rows are pushed with POST."),
    "push.no_token": (401, "Send a push token of this ledger as: Authorization: Bearer <token>."),
    "push.bad_token": (401, "This token is not known, or it was revoked."),
    "push.too_often": (429, "Too many requests. Come back after the seconds in Retry-After."),
    "push.busy": (503, "Something else writes to this ledger. Send the same push again after Retry-After."),
    "push.too_large": (413, f"The body is larger than {MOST_BYTES} bytes. Send it in parts."),
    "push.too_many": (413, f"More than {MOST_ROWS} rows. Send them in parts."),
    "push.encoding": (415, "Send the body as it is, without Content-Encoding."),
    "push.content_type": (415, "Send application/json or application/x-ndjson."),
    "push.bad_key": (400, "An Idempotency-Key has 1 to 100 printable ASCII characters."),
    "push.key_reused": (422, "This Idempotency-Key came before with another body. Take a new key."),
    "push.not_utf8": (400, "The body is not UTF-8."),
    "push.not_json": (400, "This is not JSON."),
    "push.no_charges": (400, 'The document needs a list: {"charges": [{"charge_id": "…", …}]}.'),
    "push.not_an_object": (400, "Every row is a JSON object."),
    "push.empty": (400, "There is no row in it."),
    "push.time": (400, "This is no ISO 8601 time with an offset, such as 2026-03-01T09:00:00+08:00."),
    "push.span": (400, "complete_until lies before complete_from."),
    "push.no_usable_row": (422, "No row could be read; errors has the first hundred."),
    "push.broken": (400, "The body ended early."),
}


def problem(code: str, **places: Any) -> dict[str, Any]:
    """The document; places that are empty or 0 are left out."""
    status, sentence = PROBLEMS[code]
    told = {name: place for name, place in places.items() if place}
    return {"type": "about:blank", "title": sentence, "status": status, "code": code, **told}


def problem_of(refused: PushRefused) -> dict[str, Any]:
    errors = getattr(refused, "errors", None)
    return problem(refused.code, line=refused.line, row=refused.row, field=refused.field, errors=errors)
