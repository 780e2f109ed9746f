"""Timeouts by arithmetic: round numbers, the client's own limit, and retries that multiply it."""

from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.figures import durations_in
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.texts import load_leads

_LEADS = load_leads("timeouts")

ROUND_S = (30.0, 60.0, 90.0, 100.0, 120.0, 180.0, 240.0, 300.0, 600.0, 900.0)
"""Limits that clients, proxies and CDNs are shipped with."""

CLIENT_TIMEOUT = _LEADS["client_timeout"]
MULTIPLIED = _LEADS["multiplied"]
PROXY_CUTS = _LEADS["proxy_cuts"]
_NEAR_S = 1.0


def round_limit(seconds: float | None) -> float | None:
    """The shipped limit that this duration hits within a second."""
    return next((limit for limit in ROUND_S if seconds is not None and abs(seconds - limit) <= _NEAR_S), None)


def retries_multiplied(reading: Reading) -> Conclusion | None:
    """elapsed = (retries + 1) x timeout, with room for the pauses between."""
    intake = reading.intake
    elapsed, limit, retries = intake.elapsed_s, _client_limit(reading), intake.retry_count
    if elapsed is not None and limit and retries:
        least = (retries + 1) * limit
        if least - _NEAR_S <= elapsed <= least + 2 + 8 * retries:
            return Conclusion(
                code="timeout.retry_multiplied",
                confidence=Confidence.CERTAIN,
                evidence=(
                    Evidence("declared", "elapsed_s", elapsed),
                    Evidence("declared", "client_timeout_s", limit),
                    Evidence("declared", "retry_count", retries),
                ),
                alternatives=("timeout.client",),
                params={"seconds": elapsed, "timeout": limit, "requests": retries + 1},
            )
    if words := reading.says(MULTIPLIED):
        return Conclusion(
            code="timeout.retry_multiplied",
            evidence=(Evidence("declared", "words", words),),
            alternatives=("timeout.client",),
        )
    return None


def client_gave_up(reading: Reading) -> Conclusion | None:
    """The ticket's error is a client's own: the endpoint was still at work."""
    elapsed, limit = reading.intake.elapsed_s, _client_limit(reading)
    hit = elapsed is not None and ((limit and abs(elapsed - limit) <= _NEAR_S) or round_limit(elapsed))
    words = reading.says(CLIENT_TIMEOUT)
    if not words and not (hit and reading.intake.symptom == "timeout"):
        return None
    evidence = [Evidence("declared", "words", words)] if words else []
    evidence += [Evidence("declared", "elapsed_s", elapsed)] if elapsed is not None else []
    evidence += [Evidence("declared", "client_timeout_s", limit)] if limit else []
    return Conclusion(
        code="timeout.client",
        confidence=Confidence.LIKELY if hit else Confidence.POSSIBLE,
        evidence=tuple(evidence),
        alternatives=("timeout.customer_proxy", "timeout.upstream"),
        params={"seconds": elapsed or limit} if elapsed or limit else {},
    )


def customers_proxy_cut(reading: Reading) -> Conclusion | None:
    """A path that the customer says has a proxy, and a cut at a constant time."""
    words = reading.says(PROXY_CUTS)
    timed = (
        reading.says(CLIENT_TIMEOUT)
        or round_limit(reading.intake.elapsed_s)
        or any(round_limit(seconds) for seconds in durations_in(reading.said))
    )
    if not words or not timed:
        return None
    return Conclusion(
        code="timeout.customer_proxy",
        evidence=(Evidence("declared", "words", words),),
        alternatives=("timeout.client", "timeout.our_proxy"),
    )


def _client_limit(reading: Reading) -> float | None:
    return reading.intake.client_timeout_s or None
