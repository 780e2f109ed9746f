"""Which questions are worth asking, given what is already known of the complaint."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from triage.tickets.layout import DETAILS


class Symptom(StrEnum):
    """What the customer complains of. The codes are stored; the words are below."""

    STREAM_STOPS = "stream_stops"
    STREAM_SLOW_START = "stream_slow_start"
    STREAM_AT_ONCE = "stream_all_at_once"
    STREAM_GARBLED = "stream_garbled"
    TIMEOUT = "timeout"
    RATE_LIMIT = "rate_limit"
    KEY_REFUSED = "key_refused"
    NO_BALANCE = "no_balance"
    MODEL_MISSING = "model_missing"
    BAD_ANSWER = "bad_answer"
    ERROR_5XX = "error_5xx"
    CHARGED_TWICE = "charged_twice"
    TASK_MISSING = "task_missing"
    OTHER = "other"


SYMPTOMS = [
    ("", _("Not sure yet")),
    (Symptom.STREAM_STOPS, _("The stream stops or breaks before the end")),
    (Symptom.STREAM_SLOW_START, _("A long wait before the first words")),
    (Symptom.STREAM_AT_ONCE, _("Everything arrives at once instead of streaming")),
    (Symptom.STREAM_GARBLED, _("Characters missing, or a parse error in the client")),
    (Symptom.TIMEOUT, _("Timeout")),
    (Symptom.RATE_LIMIT, _("429, too many requests")),
    (Symptom.KEY_REFUSED, _("401 or 403, the key is refused")),
    (Symptom.NO_BALANCE, _("Balance or quota is said to be used up")),
    (Symptom.MODEL_MISSING, _("The model is not found or not available")),
    (Symptom.BAD_ANSWER, _("200, but the answer is empty or unusable")),
    (Symptom.ERROR_5XX, _("500, 502, 503 or another server error")),
    (Symptom.CHARGED_TWICE, _("Charged twice, or charged for nothing")),
    (Symptom.TASK_MISSING, _("An image or video task never finishes")),
    (Symptom.OTHER, _("Something else")),
]

SYMPTOM_WORDS = dict(SYMPTOMS)

_STREAM = frozenset({"stream", "first_output_s", "elapsed_s", "control_text", "client_timeout_s"})
_RETRY = frozenset({"retried", "retry_count"})
_MONEY = frozenset({"charged", "charged_text", "task_id"})
_LOAD = frozenset({"concurrency"})

_BY_SYMPTOM = {
    Symptom.STREAM_STOPS: _STREAM | _RETRY | {"charged"},
    Symptom.STREAM_SLOW_START: _STREAM | _RETRY,
    Symptom.STREAM_AT_ONCE: _STREAM,
    Symptom.STREAM_GARBLED: {"stream", "control_text"},
    Symptom.TIMEOUT: _STREAM | _RETRY | {"charged", "task_id"},
    Symptom.RATE_LIMIT: _RETRY | _LOAD,
    Symptom.KEY_REFUSED: {"control_text"},
    Symptom.NO_BALANCE: _MONEY,
    Symptom.MODEL_MISSING: {"stream", "control_text"},
    Symptom.BAD_ANSWER: {"stream", "control_text", "charged"},
    Symptom.ERROR_5XX: {"stream", "elapsed_s", "control_text"} | _RETRY | {"charged"},
    Symptom.CHARGED_TWICE: _MONEY | _RETRY,
    Symptom.TASK_MISSING: _MONEY | _RETRY | {"elapsed_s"},
}
_BY_WORKLOAD = {
    "batch": _LOAD | _RETRY,
    "image": _MONEY | _RETRY | {"elapsed_s", "client_timeout_s"},
    "video": _MONEY | _RETRY | {"elapsed_s", "client_timeout_s"},
    "shared_key": _LOAD,
}
_NOT_FOR_MEDIA = frozenset({"stream", "first_output_s", "control_text"})


def details_worth_asking(*, workload: str, symptom: str) -> tuple[str, ...]:
    """Names of `DETAILS` in their order; all of them while the symptom says nothing."""
    asked = _BY_SYMPTOM.get(Symptom(symptom), set(DETAILS)) if symptom in set(Symptom) else set(DETAILS)
    asked = set(asked) | _BY_WORKLOAD.get(workload, frozenset())
    if workload in ("image", "video"):
        asked -= _NOT_FOR_MEDIA
    return tuple(name for name in DETAILS if name in asked)
