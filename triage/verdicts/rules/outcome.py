"""When nothing is broken, nothing is known, or the attempts disagree."""

from dataclasses import replace

from triage.verdicts.case import Confidence, Evidence, Owner, Tri
from triage.verdicts.codes import HELD_BACK
from triage.verdicts.reading import Conclusion, Reading, shown, went_well
from triage.verdicts.rules import repeats, timeouts
from triage.verdicts.rules.errors import by_number_alone
from triage.verdicts.rules.reach import NAME_LOOK_UP
from triage.verdicts.rules.stories import (
    CLOSED,
    GONE,
    HANDLING,
    INTERMITTENT,
    RECURS,
    RESOLVED,
    SERVER_COMPLETE,
    STILL_THERE,
)

PASSING = (
    "upstream.error",
    "edge.gateway_down",
    "gateway.internal",
    "reach.connect",
    "edge.origin_unreachable",
    "timeout.upstream",
    "timeout.connect",
    "stream.cut",
    "upstream.overloaded",
    "stream.no_content",
    "stream.truncated",
    "stream.stalled",
    "body.empty",
)
"""Faults that come and go."""


def comes_and_goes(conclusion: Conclusion | None, reading: Reading) -> Conclusion | None:
    """The ticket says "sometimes", and what was found is of the passing kind or nothing.

    What fails now and then on the customer's own side has its place already.
    """
    words = reading.says(INTERMITTENT)
    if (
        not words
        or (conclusion is not None and _is_theirs(conclusion, reading))
        or repeats.enough_passed(reading)
        or (conclusion is not None and conclusion.code not in PASSING and not by_number_alone(conclusion))
    ):
        return None
    return Conclusion(
        code="intermittent",
        confidence=Confidence.LIKELY,
        evidence=(Evidence("declared", "words", words), *(conclusion.evidence if conclusion else ())),
        alternatives=(conclusion.code,) if conclusion else ("ok.not_reproduced",),
        answer=conclusion.answer if conclusion else None,
    )


def _is_theirs(conclusion: Conclusion, reading: Reading) -> bool:
    """Names are looked up by the customer's own resolver."""
    looked_up = conclusion.code == "reach.connect" and reading.says(NAME_LOOK_UP)
    return conclusion.owner is Owner.CUSTOMER_NETWORK or bool(looked_up)


def beside_fine_attempts(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """A page of a proxy between answers that were fine: it let those pass, so the gateway is not down.

    nginx refuses what is over a limit of its own with 503 unless told otherwise (limit_req_status).
    """
    fine = [facts for facts in reading.probed if facts.step != "route" and went_well(facts)]
    refused = conclusion.answer is not None and conclusion.answer.status == 503
    if conclusion.code != "edge.gateway_down" or not fine or (reading.tries("repeat") and not refused):
        return conclusion
    others = ("limit.ip", "intermittent") if refused else ("intermittent",)
    return replace(
        conclusion,
        confidence=Confidence.LIKELY,
        evidence=(*conclusion.evidence, *shown(fine[0], "status")),
        alternatives=(*others, *conclusion.alternatives),
    )


def closed(reading: Reading) -> Conclusion | None:
    """The customer says that all is done, whatever error the ticket still quotes."""
    words = reading.says(CLOSED)
    return _over(words, reading) if words and not reading.says(STILL_THERE) else None


def resolved(reading: Reading) -> Conclusion | None:
    words = reading.says(RESOLVED)
    return _over(words, reading) if words and not reading.says(RECURS) else None


def _over(words: str, reading: Reading) -> Conclusion:
    return Conclusion(
        code="ok.resolved",
        evidence=(Evidence("declared", "words", words), *_passes(reading)),
        alternatives=("intermittent",),
    )


def gone(reading: Reading) -> Conclusion | None:
    """The writer cannot make it happen again, and neither can the desk."""
    words = reading.says(GONE)
    if not words:
        return None
    return replace(not_reproduced(reading), evidence=(*reading.quote(GONE), *_passes(reading)))


_ANY_SERVERS = ("edge.gateway_down", "upstream.error", "gateway.internal")
"""What a status alone makes of every server that fails."""


def answered_to_their_server(told: Conclusion, reading: Reading) -> Conclusion | None:
    """The model's log has the whole answer: the app that asked for it made the error itself."""
    complete = reading.quote(SERVER_COMPLETE)
    if told.code not in _ANY_SERVERS or not complete:
        return None
    return replace(
        not_reproduced(reading),
        evidence=(*told.evidence, *complete, *_passes(reading)),
        alternatives=("stream.client_parser",),
    )


def stumbling_stones(reading: Reading) -> tuple[Evidence, ...]:
    """What is unusual about a healthy stream: clients that do not expect it break."""
    stream = reading.stream
    if stream is None or not went_well(stream):
        return ()
    names = (
        "empty_choices_events",
        "comments",
        "pings",
        "empty_events",
        "events_after_done",
        "reasoning_chars",
        "tool_calls",
    )
    return tuple(item for item in shown(stream, *names) if item.value)


def client_stumbles(reading: Reading) -> Conclusion | None:
    """A complaint about a stream that we received whole: the reader at the other end is the next suspect."""
    if (
        reading.intake.stream is not Tri.YES
        or not reading.said
        or reading.intake.status_code not in (None, 200)
    ):
        return None
    stones = stumbling_stones(reading)
    if not stones and not reading.says(HANDLING):
        return None
    heartbeats = any(item.fact in ("comments", "pings") for item in stones)
    return Conclusion(
        code="stream.keepalive_breaks_client" if heartbeats else "stream.client_parser",
        confidence=Confidence.POSSIBLE,
        evidence=stones or (*reading.quote(HANDLING), *_passes(reading)),
        alternatives=("ok.not_reproduced", "intermittent"),
    )


def passes_now(reading: Reading) -> Conclusion | None:
    """The ticket says "sometimes", and every one of several tries of the desk went well."""
    if not reading.says(INTERMITTENT) or not repeats.enough_passed(reading):
        return None
    return replace(not_reproduced(reading), evidence=(*reading.quote(INTERMITTENT), *_passes(reading)))


def not_reproduced(reading: Reading) -> Conclusion:
    seen_whole = any(map(went_well, reading.probed))
    sure = (reading.nothing_told and seen_whole) or repeats.enough_passed(reading)
    counts = repeats.all_passed(reading)
    return Conclusion(
        code="ok.not_reproduced",
        confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
        evidence=_passes(reading),
        alternatives=_what_remains(reading),
        params={"attempts": counts[0].value} if counts else {},
    )


def _what_remains(reading: Reading) -> tuple[str, ...]:
    """The customer's network, their client, or a fault that has passed: as the fields speak for each."""
    intake = reading.intake
    network = ("timeout.customer_proxy", "reach.proxy_refused") if intake.via_proxy is Tri.YES else ()
    timer = ("timeout.client",) if intake.client_timeout_s or timeouts.round_limit(intake.elapsed_s) else ()
    reader = ("stream.client_parser",) if intake.stream is not Tri.NO else ()
    return (*network, *timer, "intermittent", *reader)


def inconclusive(reading: Reading) -> Conclusion:
    """Too little to tell. A probe that was held back is made up for before anybody is asked."""
    reason = reading.case.not_probed or "no_attempt"
    return Conclusion(
        code="inconclusive",
        confidence=Confidence.POSSIBLE,
        evidence=(Evidence("desk", "not_probed", reason),),
        owner=Owner.SUPPORT if reason in HELD_BACK else None,
    )


def _passes(reading: Reading) -> tuple[Evidence, ...]:
    """Repeats as their number: five times the same line tells no more than once."""
    once = [facts for facts in reading.probed if facts.step != "repeat"]
    each = tuple(item for facts in once for item in shown(facts, "status", "body_kind", "end_mode"))
    return (*each, *repeats.all_passed(reading))
