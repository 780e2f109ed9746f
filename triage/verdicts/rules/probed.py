"""The fault that the probe itself met: control before stream, transport before words, words before shape."""

from collections.abc import Callable

from probes.wire.dialects.base import STREAMED
from probes.wire.facts import Facts
from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.reading import Conclusion, Reading, went_well
from triage.verdicts.rules import bodies, buffering, reach, streams
from triage.verdicts.rules.errors import error_of, read_error

Found = tuple[Conclusion, bool]
"""A conclusion, and whether its sign names the class by itself."""


def fault(reading: Reading) -> Found | None:
    """A failing control is never a stream problem."""
    return _control_fault(reading) or _stream_fault(reading) or _look_up_fault(reading)


def fault_of(facts: Facts, reading: Reading) -> Conclusion | None:
    """What is wrong with one attempt by itself, whichever step it belongs to."""
    if found := _refused(facts, reading):
        return found[0]
    if facts.status != 200:
        return None
    if facts.step not in STREAMED:
        return _first(bodies.RULES, facts, reading)
    return _first((*streams.STRONG, *buffering.BUFFERING), facts, reading)


def oddity(reading: Reading) -> Conclusion | None:
    """What is unusual about a stream that works."""
    stream = reading.stream
    if stream is not None:
        return _first(streams.WEAK, stream, reading)
    return _slow_control(reading.control, reading) if reading.control else None


def _control_fault(reading: Reading) -> Found | None:
    control = reading.control
    if control is None:
        return None
    found = _refused(control, reading) or _certain(
        _first(bodies.RULES, control, reading) if control.status else None
    )
    if found and _only_too_slow(found[0], reading):
        return Conclusion(
            code="upstream.slow", evidence=found[0].evidence, alternatives=("timeout.our_proxy",)
        ), True
    return found


def _only_too_slow(conclusion: Conclusion, reading: Reading) -> bool:
    """The whole answer did not come in time while the stream flowed."""
    answered_late = conclusion.code == "timeout.upstream" and conclusion.answer is None
    return answered_late and reading.stream is not None and went_well(reading.stream)


def _stream_fault(reading: Reading) -> Found | None:
    stream = reading.stream
    if stream is None:
        return None
    if found := _refused(stream, reading):
        return _only_with_stream(found, reading)
    if stream.status != 200:
        return None
    return _certain(_first(streams.STRONG, stream, reading) or _held_back(reading))


def _held_back(reading: Reading) -> Conclusion | None:
    best = buffering.witness(reading)
    return _first(buffering.BUFFERING, best, reading) if best else None


def _look_up_fault(reading: Reading) -> Found | None:
    """A look-up that never got an answer says nothing of the task, only of the way to it."""
    facts = reading.look_up
    if facts is not None and facts.status is None:
        return _refused(facts, reading)
    return None if reading.probed else _free_look_up_fault(reading)


def _free_look_up_fault(reading: Reading) -> Found | None:
    """Where no model was called, a refused look-up speaks of key and service; many have no such path."""
    refused = (
        facts
        for kind in ("models", "balance", "websocket")
        if (facts := reading.case.attempt(kind)) and facts.status not in _NO_SUCH_LOOK_UP
    )
    return next((found for facts in refused if (found := _refused(facts, reading))), None)


_NO_SUCH_LOOK_UP = (101, 404, 405, 501)


def _refused(facts: Facts, reading: Reading) -> Found | None:
    if facts.status is None:
        return _certain(_first(reach.RULES, facts, reading))
    if facts.status == 200 and not _is_page(facts):
        return None
    answer = error_of(facts)
    read = read_error(answer) if answer else None
    return (read.conclusion, read.specific) if read else None


def _is_page(facts: Facts) -> bool:
    return facts.body_kind == "html"


def _only_with_stream(found: Found, reading: Reading) -> Found:
    """stream=false works and stream=true is refused: the mode differs, or the luck of a passing fault."""
    conclusion, specific = found
    control, status = reading.control, conclusion.answer.status if conclusion.answer else None
    if specific or control is None or not went_well(control):
        return found
    if status in _PASSING and conclusion.code == "upstream.error":
        return _instead(conclusion, control, "intermittent", Confidence.POSSIBLE), False
    if status in _ABOUT_THE_MODE and conclusion.code in ("upstream.error", "client.bad_parameter"):
        may_have_run = status == 500  # by chance, too: then it is no matter of the mode
        sure = Confidence.POSSIBLE if may_have_run else Confidence.LIKELY
        return _instead(conclusion, control, "client.protocol_mismatch", sure), False
    return found


_PASSING = (502, 503)
_ABOUT_THE_MODE = (400, 422, 500, 501)


def _instead(conclusion: Conclusion, control: Facts, code: str, confidence: Confidence) -> Conclusion:
    return Conclusion(
        code=code,
        confidence=confidence,
        evidence=(Evidence("control", "status", control.status), *conclusion.evidence),
        alternatives=(conclusion.code,),
        answer=conclusion.answer,
    )


def _slow_control(control: Facts, reading: Reading) -> Conclusion | None:
    late = (control.headers_ms or 0) >= streams.SLOW_START_MS
    if not late:
        return None
    return Conclusion(
        code="upstream.slow",
        evidence=(Evidence("control", "headers_ms", control.headers_ms),),
        alternatives=("timeout.client",),
    )


def _first(
    rules: tuple[Callable[[Facts, Reading], Conclusion | None], ...], facts: Facts, reading: Reading
) -> Conclusion | None:
    return next((conclusion for rule in rules if (conclusion := rule(facts, reading))), None)


def _certain(conclusion: Conclusion | None) -> Found | None:
    return (conclusion, True) if conclusion else None
