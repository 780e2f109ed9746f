"""Timeouts by arithmetic: round numbers, the client's own limit, and retries that multiply it."""

from math import isinf

from probes.wire.facts import Facts
from triage.verdicts.arithmetic.limits import NEAR_S, is_near, limits_of
from triage.verdicts.arithmetic.repeated import Multiplied, multiplied
from triage.verdicts.case import Confidence, Evidence, Tri
from triage.verdicts.clients.known import client_of_error, hops_named
from triage.verdicts.figures import durations_in
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.rules.arithmetic import as_told, client_of, evidence_of
from triage.verdicts.rules.reach import CONNECT_TIMEOUT, CONNECTION_TIMEOUT
from triage.verdicts.texts import load_leads, plain

_LEADS = load_leads("timeouts")

ROUND_S = (10.0, 15.0, 20.0, 30.0, 60.0, 90.0, 100.0, 120.0, 180.0, 240.0, 300.0, 600.0, 900.0)
"""Limits that clients, proxies and CDNs are shipped with."""

_HOP_LIMITS_S = (1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 90.0, 100.0, 120.0, 300.0, 600.0)
_EXACT_MS = 50.0
_SHORTEST_TOTAL_S = 10.0
"""Sooner than this whole answers end at any time: a round number would be chance."""

CLIENT_TIMEOUT = _LEADS["client_timeout"]
EXACTLY = _LEADS["exactly"]
MULTIPLIED = _LEADS["multiplied"]
MADE_ALL_THE_SAME = _LEADS["made_all_the_same"]
"""A picture that is there after the page has given up."""

SERVER_COMPLETE = load_leads("stories")["server_complete"]
DIRECT_IS_FINE = load_leads("owners")["direct_is_fine"]
PROXY_CUTS = _LEADS["proxy_cuts"]
BACKS_OFF = _LEADS["backs_off"]
"""Pauses between tries: slow, and no storm."""

NOT_THEIR_SETTING = _LEADS["not_their_setting"]
"""The customer changed their own limit, and the time stayed."""

AT_A_LIMIT = _LEADS["at_a_limit"]
"""Work that takes longer than so many seconds fails."""

CLIENT_NAMED = _LEADS["client_named"]
_NEAR_S = NEAR_S


def round_limit(seconds: float | None) -> float | None:
    """The shipped limit that this duration hits within a second."""
    return next((limit for limit in ROUND_S if seconds is not None and abs(seconds - limit) <= _NEAR_S), None)


def hops_limit_s(facts: Facts) -> float | None:
    """The limit of a hop that an end fits exactly: of silence, as nginx counts, or of the whole answer."""
    if facts.total_ms is None:
        return None
    silence_ms = facts.total_ms - (facts.last_byte_ms or facts.total_ms)
    return _exact_limit_s(silence_ms) or _exact_limit_s(facts.total_ms, shortest_s=_SHORTEST_TOTAL_S)


def _exact_limit_s(ms: float, *, shortest_s: float = 0) -> float | None:
    fitting = (limit for limit in _HOP_LIMITS_S if abs(ms - 1000 * limit) <= _EXACT_MS)
    return next((limit for limit in fitting if limit >= shortest_s), None)


def retries_multiplied(reading: Reading) -> Conclusion | None:
    """elapsed = (retries + 1) x timeout, with room for the pauses between.

    What the ticket leaves open is taken from what its client is known to do.
    """
    intake, client = reading.intake, client_of(reading)
    for elapsed in _times_told(reading):
        found = multiplied(
            elapsed, timeout_s=_client_limit(reading), retries=intake.retry_count, client=client
        )
        if found:
            return _multiplied(found, elapsed, reading)
    if words := reading.says(MULTIPLIED):
        return Conclusion(
            code="timeout.retry_multiplied",
            evidence=(Evidence("declared", "words", words),),
            alternatives=("timeout.client",),
        )
    return None


def _multiplied(found: Multiplied, elapsed: float, reading: Reading) -> Conclusion:
    intake, client = reading.intake, client_of(reading)
    told = (
        ("elapsed_s", elapsed),
        ("client_timeout_s", _client_limit(reading)),
        ("retry_count", intake.retry_count),
    )
    return Conclusion(
        code="timeout.retry_multiplied",
        confidence=Confidence.LIKELY if found.by_default else Confidence.CERTAIN,
        evidence=(
            *(Evidence("declared", name, value) for name, value in told if value is not None),
            evidence_of(
                "requests_multiplied",
                requests=found.requests,
                timeout=found.timeout_s,
                seconds=elapsed,
                client=client.title if client and found.by_default else None,
            ),
        ),
        alternatives=("timeout.client",),
        params={
            "seconds": as_told(elapsed),
            "timeout": as_told(found.timeout_s),
            "requests": found.requests,
        },
    )


def client_gave_up_on_time(reading: Reading) -> Conclusion | None:
    """The same, where the time is exactly a limit: nobody hangs up after 60.0 s by chance."""
    conclusion = client_gave_up(reading)
    return conclusion if conclusion and conclusion.confidence is Confidence.LIKELY else None


def client_gave_up(reading: Reading) -> Conclusion | None:
    """The ticket's error is a client's own: the endpoint was still at work."""
    elapsed, limit = reading.intake.elapsed_s, _client_limit(reading)
    hit = elapsed is not None and (
        (limit and abs(elapsed - limit) <= _NEAR_S)
        or round_limit(elapsed)
        or _is_clients_default(elapsed, reading)
    )
    words = reading.says(CLIENT_TIMEOUT)
    own_limit = limit and any(abs(seconds - limit) <= _NEAR_S for seconds in _times_told(reading))
    if not (words or own_limit or (hit and reading.intake.symptom == "timeout")):
        return None
    evidence = [Evidence("declared", "words", words)] if words else []
    evidence += [Evidence("declared", "elapsed_s", elapsed)] if elapsed is not None else []
    evidence += [Evidence("declared", "client_timeout_s", limit)] if limit else []
    return Conclusion(
        code="timeout.client",
        confidence=Confidence.LIKELY if hit else Confidence.POSSIBLE,
        evidence=tuple(evidence),
        alternatives=("timeout.customer_proxy", "timeout.upstream"),
        params={"seconds": as_told(elapsed or limit or 0)} if elapsed or limit else {},
    )


def picture_cut_at_a_limit(reading: Reading) -> Conclusion | None:
    """Pictures and videos take minutes: a limit that no client is named for is the path's or the model's."""
    words = reading.says(AT_A_LIMIT) if reading.is_media else ""
    named = _client_limit(reading) or reading.says(CLIENT_NAMED) or _is_clients_own_error(reading)
    if not words or named or reading.says(MADE_ALL_THE_SAME):
        return None
    return Conclusion(
        code="timeout.upstream",
        confidence=Confidence.POSSIBLE,
        evidence=(Evidence("declared", "words", words),),
        alternatives=("timeout.our_proxy", "timeout.customer_proxy", "timeout.client"),
    )


def somebody_elses_limit(reading: Reading) -> Conclusion | None:
    """It ends after the same time whatever limit the customer sets: a hop's, or the model's own."""
    words = "" if reading.probed else reading.says(NOT_THEIR_SETTING)
    constant = reading.says(EXACTLY)
    if not words or not (constant or reading.intake.elapsed_s or durations_in(reading.said)):
        return None
    hop = "timeout.customer_proxy" if reading.intake.via_proxy is Tri.YES else "timeout.our_proxy"
    code = hop if constant else "timeout.upstream"
    others = ("timeout.our_proxy", "timeout.upstream", "timeout.client")
    return Conclusion(
        code=code,
        confidence=Confidence.POSSIBLE,
        evidence=(Evidence("declared", "words", words),),
        alternatives=tuple(other for other in others if other != code),
    )


def hop_on_the_path_cut(reading: Reading) -> Conclusion | None:
    """It ended at the limit of a hop that the customer names, and their client has none of its own."""
    elapsed, client = reading.intake.elapsed_s, client_of(reading)
    if elapsed is None or client is None or client.timeout_s is None or not isinf(client.timeout_s):
        return None
    hops = hops_named(reading.intake.via_proxy_text)
    hit = any(is_near(elapsed, limit) for hop in hops for limit in limits_of(hop))
    if not hit or _client_limit(reading) or _is_clients_own_error(reading):
        return None
    return Conclusion(
        code="timeout.customer_proxy",
        evidence=(
            Evidence("declared", "elapsed_s", elapsed),
            Evidence("declared", "via_proxy_text", reading.intake.via_proxy_text),
        ),
        alternatives=("timeout.client", "timeout.our_proxy"),
        params={"seconds": as_told(elapsed)},
    )


def _is_clients_own_error(reading: Reading) -> bool:
    """A timeout that the client itself reports was set by whoever wrote the program."""
    found = client_of_error(reading.intake.error_text)
    return found is not None and found[1].means in ("timeout", "idle", "connect_timeout")


def customers_proxy_cut(reading: Reading) -> Conclusion | None:
    """A path that the customer says has a proxy, and a cut at a constant time."""
    words = reading.says(PROXY_CUTS) or _well_without_proxy(reading)
    words = words or _its_own_limit(reading) or _finished_behind_it(reading)
    timed = (
        reading.says(CLIENT_TIMEOUT)
        or reading.says(EXACTLY)
        or round_limit(reading.intake.elapsed_s)
        or any(round_limit(seconds) for seconds in durations_in(reading.said))
    )
    if not words or not timed or any(map(reading.says, (CONNECT_TIMEOUT, CONNECTION_TIMEOUT))):
        return None
    return Conclusion(
        code="timeout.customer_proxy",
        evidence=(Evidence("declared", "words", words),),
        alternatives=("timeout.client", "timeout.our_proxy"),
    )


def _is_clients_default(elapsed: float, reading: Reading) -> bool:
    client = client_of(reading)
    return client is not None and any(is_near(elapsed, limit) for limit in limits_of(client))


def _well_without_proxy(reading: Reading) -> str:
    """Words for a way around the proxy on which all is well."""
    return reading.says(DIRECT_IS_FINE) if reading.intake.via_proxy is Tri.YES else ""


def _its_own_limit(reading: Reading) -> str:
    """The limit that the customer knows their proxy to have, where it is the time that was met."""
    path = reading.intake.via_proxy_text
    limits = durations_in(plain(path)) if reading.intake.via_proxy is Tri.YES else ()
    met = any(is_near(seconds, limit) for limit in limits for seconds in _times_told(reading))
    return path if met else ""


def _finished_behind_it(reading: Reading) -> str:
    """Words for a server behind the proxy that went on to the end."""
    return reading.says(SERVER_COMPLETE) if reading.intake.via_proxy is Tri.YES else ""


def _times_told(reading: Reading) -> tuple[float, ...]:
    elapsed = reading.intake.elapsed_s
    return durations_in(reading.said) + ((elapsed,) if elapsed is not None else ())


def _client_limit(reading: Reading) -> float | None:
    return reading.intake.client_timeout_s or None
