"""Answers that the desk itself offers, or plain numbers and times: they are known to hold no secret."""

import re
from collections.abc import Collection, Mapping
from zoneinfo import available_timezones

from probes.endpoints.models import Endpoint
from probes.wire.dialects.table import DIALECTS
from triage.tickets.models import Ticket
from triage.tickets.relevance import Symptom
from triage.verdicts.case import Tri

_CODES: Mapping[str, Collection[str]] = {
    "symptom": frozenset(Symptom),
    "workload": Ticket.Workload.values,
    "protocol": DIALECTS,
    **dict.fromkeys(("stream", "via_proxy", "retried", "charged"), frozenset(Tri)),
}
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,3})?")
_NUMBERS = ("status_code", "elapsed_s", "first_output_s", "client_timeout_s", "concurrency", "retry_count")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\+\d\d:\d\d)?")


def is_own_word(field: str, answer: object) -> bool:
    """True when nothing in the answer is somebody's own text. Asks the database for endpoints only."""
    if not isinstance(answer, str):
        return False
    if field == "endpoint":
        return Endpoint.objects.filter(slug=answer).exists()
    if field == "occurred_at":
        return bool(_TIME.fullmatch(answer))
    if field == "zone":
        return answer in available_timezones()
    return bool(_NUMBER.fullmatch(answer)) if field in _NUMBERS else answer in _CODES.get(field, ())
