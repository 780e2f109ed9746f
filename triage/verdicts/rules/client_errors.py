"""What a client's own error says, where only those who know the client can read it."""

from typing import Final

from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.clients.known import ErrorShape, client_of_error
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.texts import plain

_CLASSES: Final = {
    "timeout": "timeout.client",
    "idle": "timeout.client",
    "connect_timeout": "timeout.connect",
    "connect": "reach.connect",
    "cut": "stream.cut",
    "parser": "stream.client_parser",
}
_ALTERNATIVES: Final = {
    "timeout.client": ("timeout.customer_proxy", "timeout.upstream"),
    "timeout.connect": ("reach.connect",),
    "reach.connect": ("timeout.connect", "stream.cut"),
    "stream.cut": ("stream.truncated",),
    "stream.client_parser": ("stream.malformed",),
}


def known_fault(reading: Reading) -> Conclusion | None:
    """An error that the client is known to make of a healthy stream."""
    found = client_of_error(reading.said)
    faults = found[0].parser_faults if found else ()
    fault = next((fault for fault in faults if found and fault.source == found[1].source), None)
    if found is None or fault is None:
        return None
    return Conclusion(code=fault.verdict, evidence=_quoted(found[1]), alternatives=("stream.client_parser",))


def fell_silent(reading: Reading) -> Conclusion | None:
    """The client gave up on a stream that brought it nothing: its own patience, whoever was silent."""
    found = client_of_error(reading.said)
    if found is None or found[1].means != "idle":
        return None
    return Conclusion(
        code="timeout.client",
        evidence=_quoted(found[1]),
        alternatives=("stream.stalled", "timeout.customer_proxy"),
    )


def by_its_name(reading: Reading) -> Conclusion | None:
    """Any other error of a known client: what it stands for, and not why it came about."""
    found = client_of_error(reading.said)
    code = _CLASSES.get(found[1].means) if found else None
    if found is None or code is None:
        return None
    return Conclusion(
        code=code,
        confidence=Confidence.POSSIBLE,
        evidence=_quoted(found[1]),
        alternatives=_ALTERNATIVES[code],
    )


def _quoted(shape: ErrorShape) -> tuple[Evidence, ...]:
    return (Evidence("declared", "words", plain(shape.says)),)
