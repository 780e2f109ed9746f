"""What the case's surroundings add: the endpoint's health, tickets alike, an open incident."""

from dataclasses import replace
from typing import Final

from triage.verdicts.case import Confidence, Evidence, Health, Owner, Resend, Similar, Verdict
from triage.verdicts.codes import ISSUES
from triage.verdicts.reading import Conclusion, Reading

OUTAGES: Final = frozenset(
    {
        *("reach.connect", "reach.tls", "timeout.connect"),
        *("edge.origin_unreachable", "edge.origin_slow", "edge.gateway_down"),
        *("gateway.internal", "gateway.misconfigured"),
        *("upstream.error", "upstream.slow", "upstream.overloaded"),
        *("timeout.upstream", "timeout.our_proxy"),
    }
)
"""Classes under which an endpoint, or a model of it, does not answer or answers too late."""

UPSTREAM_LIMITS: Final = frozenset(
    {
        *("limit.upstream_rate", "limit.upstream_daily"),
        *("limit.upstream_saturated", "limit.channels_cooling"),
    }
)
BEHIND_THE_GATEWAY: Final = frozenset(
    {"model.no_channel", "model.retired", "auth.upstream_credential", "balance.upstream_empty"}
)
BLOCKS: Final = frozenset({"edge.challenge", "edge.blocked"})
BROKEN_ANSWERS: Final = frozenset(
    {
        *("body.error_in_200", "body.empty", "body.malformed"),
        *("stream.fully_buffered", "stream.block_buffered", "stream.headers_held"),
        *("stream.truncated", "stream.cut", "stream.error_inside", "stream.stalled"),
        *("stream.mislabelled", "stream.malformed", "stream.no_content", "stream.slow_first_token"),
    }
)
SHARED: Final = OUTAGES | UPSTREAM_LIMITS | BEHIND_THE_GATEWAY | BLOCKS | BROKEN_ANSWERS
"""Classes of the service's side: several customers have them at once. A wrong key is each customer's own."""

LED_BY: Final = "led_by"
"""The fact that only an incident says what the ticket is: nobody has seen this request."""

_SEEN_OF_AN_OUTAGE = frozenset(
    {
        *("inconclusive", "intermittent", "ok.not_reproduced"),
        *("upstream.error", "upstream.slow", "upstream.overloaded", "edge.gateway_down"),
        *("timeout.upstream", "timeout.client", "timeout.our_proxy"),
    }
)
_SERVICE = (Owner.EDGE, Owner.GATEWAY, Owner.UPSTREAM)
_ENOUGH_RUNS = 3
_ENOUGH_ACCOUNTS = 2  # beside the ticket's own


def refined(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """The conclusion as health, similar tickets and incidents leave it; without them it stays as it is."""
    for add in (_incident, _similar, _health, _first_text, _usual):
        conclusion = add(conclusion, reading)
    return conclusion


def fits(told: Conclusion | Verdict, incident_code: str) -> bool:
    """Whether a ticket that is `told` to be of a class may be about an incident of `incident_code`.

    The same class does. So does what customers see of any outage, and a guess of the same family; a class
    that the ticket names for certain is a fault of its own. A symptom that was chosen counts as its class.
    """
    if told.code == incident_code:
        return True
    guess = next(iter(told.alternatives), "inconclusive") if told.code == "inconclusive" else told.code
    if incident_code in OUTAGES:
        return guess in _SEEN_OF_AN_OUTAGE
    guessed = told.confidence is Confidence.POSSIBLE and guess.startswith(f"{ISSUES[incident_code].family}.")
    return guessed and (incident_code in UPSTREAM_LIMITS or incident_code in BROKEN_ANSWERS)


def met_by_desk(evidence: tuple[Evidence, ...]) -> bool:
    """Whether an attempt of the desk's own is among it."""
    return any(item.where not in _NO_ATTEMPTS for item in evidence)


_NO_ATTEMPTS = frozenset(
    {"declared", "ledger", "desk", "arithmetic", "health", "similar", "incident", "usual"}
)


def _incident(conclusion: Conclusion, reading: Reading) -> Conclusion:
    known = reading.case.incident
    if known is None or known.code not in ISSUES:
        return conclusion
    told = (
        Evidence("incident", "incident", known.ref),
        Evidence("incident", "opened_at", known.opened_at.isoformat()),
    )
    if conclusion.code == known.code:
        return replace(
            conclusion,
            confidence=_firmer(conclusion),
            evidence=(*conclusion.evidence, *told),
            owner=conclusion.owner or service_owner(known.code),
            params={**conclusion.params, "incident": known.ref},
        )
    if not fits(conclusion, known.code):
        return conclusion
    if reading.probed:
        return replace(
            conclusion,
            counter=(*conclusion.counter, *told),
            alternatives=(known.code, *conclusion.alternatives),
        )
    return Conclusion(
        code=known.code,
        confidence=Confidence.LIKELY,
        evidence=(Evidence("incident", LED_BY, known.ref), *told[1:], *_declared(conclusion)),
        alternatives=tuple(
            code for code in (conclusion.code, *conclusion.alternatives) if code != "inconclusive"
        ),
        owner=service_owner(known.code),
        params={"incident": known.ref},
    )


def _similar(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """The same fault at other customers' is no fault of this one."""
    similar = reading.case.similar
    if similar is None:
        return conclusion
    accounts = similar.accounts.get(conclusion.code, 0)
    if conclusion.code not in SHARED:
        return _beside(conclusion, similar)
    if accounts == 0:
        return conclusion
    several = accounts >= _ENOUGH_ACCOUNTS
    return replace(
        conclusion,
        confidence=_firmer(conclusion) if several else conclusion.confidence,
        evidence=(*conclusion.evidence, *_alike(similar, conclusion.code)),
        owner=conclusion.owner or (service_owner(conclusion.code) if several else None),
    )


def _beside(conclusion: Conclusion, similar: Similar) -> Conclusion:
    """Nothing found here, while several others had a fault of the service: it may be that one."""
    found_nothing = conclusion.code in ("inconclusive", "intermittent", "ok.not_reproduced")
    shared = {code: count for code, count in similar.accounts.items() if code in SHARED}
    most = max(shared, key=lambda code: (shared[code], code), default="")
    if not found_nothing or shared.get(most, 0) < _ENOUGH_ACCOUNTS:
        return conclusion
    return replace(
        conclusion,
        evidence=(*conclusion.evidence, Evidence("similar", "class", most), *_alike(similar, most)),
        alternatives=(*conclusion.alternatives, most),
    )


def _health(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """When it was last well, or that it was well all the time while the ticket says that it is down."""
    health = reading.case.health
    if health is None or not health.runs or conclusion.code not in SHARED:
        return conclusion
    if met_by_desk(conclusion.evidence):
        comes_and_goes = ("intermittent",) if health.well and not health.failing else ()
        return replace(
            conclusion,
            evidence=(*conclusion.evidence, *_since_when(health)),
            alternatives=(*conclusion.alternatives, *comes_and_goes),
        )
    if health.well < health.runs or health.runs < _ENOUGH_RUNS or _earlier(reading, health):
        return conclusion
    return replace(
        conclusion,
        confidence=Confidence.LIKELY
        if conclusion.confidence is Confidence.CERTAIN
        else conclusion.confidence,
        counter=(*conclusion.counter, *_tallies(health), *_last_well(health)),
        alternatives=(*conclusion.alternatives, "ok.not_reproduced"),
    )


_SLOW = frozenset({"stream.slow_first_token", "upstream.slow", "stream.headers_held"})


def _first_text(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """Slow is a comparison: what the endpoint usually needs stands beside what it needed now."""
    health = reading.case.health
    if health is None or health.first_content_ms is None or conclusion.code not in _SLOW:
        return conclusion
    usual = Evidence("health", "usual_first_content_ms", health.first_content_ms)
    return replace(conclusion, evidence=(*conclusion.evidence, usual))


_HELD = ("first_byte_beside_usual", "first_byte_ms", "first_byte_p90_ms")
_LATE = ("first_content_beside_usual", "first_content_ms", "first_content_p90_ms")


def _usual(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """What was slow now beside what nine in ten measurements of the endpoint needed at the most.

    No slower than usual speaks against it.
    """
    usual = reading.case.usual
    if usual is None or conclusion.code not in _SLOW:
        return conclusion
    fact, waited, usually = _HELD if conclusion.code == "stream.headers_held" else _LATE
    seen, p90 = _waited_ms(reading, waited), getattr(usual, usually)
    if seen is None or p90 is None:
        return conclusion
    told = Evidence("usual", fact, {"seen_ms": seen, "p90_ms": p90, "runs": usual.runs})
    if seen > p90:
        return replace(conclusion, evidence=(*conclusion.evidence, told))
    return replace(conclusion, counter=(*conclusion.counter, told))


def _waited_ms(reading: Reading, fact: str) -> float | None:
    """In the desk's own stream; where none was seen, as the ticket tells it."""
    stream, told_s = reading.case.attempt("stream"), reading.intake.first_output_s
    seen: float | None = getattr(stream, fact) if stream else None
    return seen if seen is not None or told_s is None else told_s * 1000


def service_owner(code: str) -> Owner:
    """What several customers meet is not theirs, whoever a single one of them would have to ask."""
    usual = ISSUES[code].owner
    if usual in _SERVICE:
        return usual
    return Owner.GATEWAY if code.startswith("limit.") else Owner.EDGE


def _firmer(conclusion: Conclusion) -> Confidence:
    """Company makes a guess likely, but it never proves that this very request did not run."""
    guess = conclusion.confidence is Confidence.POSSIBLE
    light_hangs_on_it = ISSUES[conclusion.code].resend is Resend.SAFE and not met_by_desk(conclusion.evidence)
    return Confidence.LIKELY if guess and not light_hangs_on_it else conclusion.confidence


def _declared(conclusion: Conclusion) -> tuple[Evidence, ...]:
    return tuple(item for item in conclusion.evidence if item.where == "declared")


def _alike(similar: Similar, code: str) -> tuple[Evidence, ...]:
    return (
        Evidence("similar", "tickets", similar.tickets.get(code, 0)),
        Evidence("similar", "accounts", similar.accounts[code]),
    )


def _since_when(health: Health) -> tuple[Evidence, ...]:
    failing = (Evidence("health", "failing", health.failing),) if health.failing else ()
    return (*_last_well(health), *failing)


def _tallies(health: Health) -> tuple[Evidence, ...]:
    return (Evidence("health", "runs", health.runs), Evidence("health", "well", health.well))


def _last_well(health: Health) -> tuple[Evidence, ...]:
    at = health.last_well_at
    return (Evidence("health", "last_well_at", at.isoformat()),) if at else ()


def _earlier(reading: Reading, health: Health) -> bool:
    """The request was made before the desk's own runs began, so they cannot speak of it."""
    at = reading.intake.occurred_at
    return at is not None and at.tzinfo is not None and at < health.since
