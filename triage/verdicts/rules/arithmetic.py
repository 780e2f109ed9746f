"""What figures say beside a conclusion: sums that nobody does by hand, as evidence and as text values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import isinf
from typing import Any, Final

import re2

from probes.wire.request_ids import embedded_time
from triage.verdicts.arithmetic.blocks import fingerprint
from triage.verdicts.arithmetic.limits import Limit, is_near, limit_hit, shipped_by_hops
from triage.verdicts.arithmetic.made import Disagreement, Made, disagreement, made_at
from triage.verdicts.arithmetic.repeated import requests_on_the_wire
from triage.verdicts.case import Evidence
from triage.verdicts.clients.known import Client, client_named
from triage.verdicts.figures import durations_in
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.zones import zone_of

ARITHMETIC: Final = "arithmetic"
"""Where such evidence was seen; its fact is the name of the sum, its value what went into it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What one sum adds: evidence for the conclusion or against it, and values for its texts."""

    evidence: tuple[Evidence, ...] = ()
    counter: tuple[Evidence, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


def worked_out(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """The conclusion with the sums that belong to it; its class and its confidence stay."""
    for add_up in _SUMS:
        found = add_up(conclusion, reading)
        if found:
            conclusion = replace(
                conclusion,
                evidence=(*conclusion.evidence, *found.evidence),
                counter=(*conclusion.counter, *found.counter),
                params={**found.params, **conclusion.params},
            )
    return conclusion


def client_of(reading: Reading) -> Client | None:
    """What is known of the client that the ticket names."""
    return client_named(reading.intake.client, reading.intake.client_version)


def evidence_of(name: str, **values: Any) -> Evidence:
    """A sum as evidence; values that are not known are left out."""
    return Evidence(
        ARITHMETIC, name, {key: value for key, value in values.items() if value not in (None, "")}
    )


def as_told(seconds: float) -> float | int:
    """A whole number of seconds without its decimals, for texts."""
    return int(seconds) if float(seconds).is_integer() else seconds


# --- durations

_ENDS_ON_TIME: Final = (
    "timeout.",
    "edge.origin_slow",
    "edge.gateway_down",
    "reach.connect",
    "stream.cut",
    "stream.stalled",
    "stream.truncated",
    "upstream.slow",
    "task.submit_ambiguous",
)
_AFTER = re2.compile(  # one pass over a text of any size
    r"(?:\bafter|\bwaited|\btook|\bat|等了|等到|过了|超过|正好|刚好|恰好|满|每次|大概|大约)"
    r"\s*(?:exactly |about |around |都是)?"
    r"(\d{1,6}(?:\.\d+)?\s*(?:s\b|sec(?:ond)?s?\b|秒|m(?:in(?:ute)?s?)?\b|分钟))"
    r"|(\d{1,6}(?:\.\d+)?\s*(?:秒|分钟))\s*(?:左右)?(?:整|准时|就断|就报|就超时|必断|一到|后断|后报)"
)


def limit_reached(conclusion: Conclusion, reading: Reading) -> Sum | None:
    """The ticket's duration ends at a limit: the customer's own, the client's, a hop's, or a round one."""
    if not conclusion.code.startswith(_ENDS_ON_TIME) or _is_multiplied(conclusion):
        return None
    seconds = _ended_after_s(reading)
    if seconds is None:
        return None
    own = reading.intake.client_timeout_s
    if own and is_near(seconds, own):
        if seconds == own and reading.intake.elapsed_s is None:
            return None  # the words name the setting once more
        return Sum((evidence_of("own_limit", seconds=seconds, limit=own),))
    limit = limit_hit(seconds, client=client_of(reading), path=_path(conclusion, reading))
    return _of_limit(conclusion, limit, seconds, reading) if limit else None


def _is_multiplied(conclusion: Conclusion) -> bool:
    return conclusion.code == "timeout.retry_multiplied"


def _ended_after_s(reading: Reading) -> float | None:
    """How long it took until it ended: as the field says, or words that cannot mean a setting."""
    if reading.intake.elapsed_s is not None:
        return reading.intake.elapsed_s
    match = _AFTER.search(reading.said)
    said = match.group(1) or match.group(2) if match else ""
    return next(iter(durations_in(said)), None)


def _path(conclusion: Conclusion, reading: Reading) -> str:
    """What is known to stand on the way: as the ticket tells, and as the answer's own header does."""
    answered_by = conclusion.answer.headers.get("server", "") if conclusion.answer else ""
    return f"{reading.intake.via_proxy_text} ; {reading.said} ; {answered_by}"


def _of_limit(conclusion: Conclusion, limit: Limit, seconds: float, reading: Reading) -> Sum:
    """A hop's limit speaks against a client that gave up by itself; a merely round time may be either's."""
    client, gave_up = client_of(reading), conclusion.code == "timeout.client"
    theirs = limit.is_named and client is not None and client.title == limit.whose[0]
    name = "client_limit" if theirs else "hop_limit" if limit.is_named else "round_limit"
    whose = None if gave_up and not limit.is_named else list(limit.whose) or None
    shown = (evidence_of(name, seconds=seconds, limit=limit.seconds, whose=whose),)
    if gave_up and name == "hop_limit":
        return Sum(counter=shown)
    return Sum(shown, params={"limit_of": limit.whose[0]} if limit.is_named else {})


def cut_at_limit(conclusion: Conclusion, reading: Reading) -> Sum | None:
    """Our own attempt ended at a hop's limit to the instant: whose that may be."""
    exact = next((item.value for item in conclusion.evidence if item.fact == "limit_s"), None)
    if exact is None or not (whose := shipped_by_hops(float(exact))):
        return None
    return Sum((evidence_of("round_limit", seconds=exact, limit=exact, whose=list(whose)),))


def client_has_no_limit(conclusion: Conclusion, reading: Reading) -> Sum | None:
    """A client that waits for ever has not given up by itself: somebody set a limit, or cut."""
    client, intake = client_of(reading), reading.intake
    told_why = intake.client_timeout_s or any(item.fact == "words" for item in conclusion.evidence)
    if conclusion.code != "timeout.client" or client is None or client.timeout_s is None or told_why:
        return None
    return (
        Sum(counter=(evidence_of("client_waits", client=client.title),)) if isinf(client.timeout_s) else None
    )


def known_to_stumble(conclusion: Conclusion, reading: Reading) -> Sum | None:
    """The client is known to misread a stream in the very way that the conclusion says."""
    client = client_of(reading)
    for fault in client.parser_faults if client else ():
        if client and fault.verdict == conclusion.code and fault.concerns(client.version_told):
            mended = fault.mended_in
            return Sum(
                (evidence_of("known_fault", client=client.title, about=fault.about, mended_in=mended),)
            )
    return None


# --- requests against rows

_ONE_OR_MORE: Final = ("charge.hidden_retry", "charge.double_submit", "charge.duplicate", "charge.rerouted")
_NUMERALS: Final = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "twice": 2, "double": 2, "three": 3}
_ROWS_TOLD = re.compile(
    r"(?:扣(?:了|费)?|计费|收费|记录|账单)[^\d。;]{0,8}?(\d{1,2}|[两二三四五])\s?(?:次|条|笔|回)"
    r"|(\d{1,2}|[两二三四五])\s?(?:次|条|笔)\s?(?:扣|计费|记录|消费)"
    r"|(?:charged|billed|rows?|records?)\D{0,12}?(\d{1,2}|twice|three)"
    r"\s?(?:times|x\b|rows|records|$|[ ,.;](?!s\b|sec|min|hour))"  # "rows in 25 s" counts no rows
)


def wire_requests(conclusion: Conclusion, reading: Reading) -> Sum | None:
    """(retries + 1) x calls against the rows of the ledger, or those that the ticket counts."""
    rows = _rows(reading) if conclusion.code in _ONE_OR_MORE else None
    if rows is None or rows < 2:
        return None
    client, retries = client_of(reading), reading.intake.retry_count
    least, most = requests_on_the_wire(1, retries=retries, client=client)
    if most is None and retries is None:
        return None
    shown = evidence_of(
        "wire_requests",
        rows=rows,
        at_least=least,
        at_most=most or least,
        client=client.title if client else None,
    )
    fits = least <= rows <= (most or least)
    speaks_for = fits is (conclusion.code != "charge.duplicate")
    params = {"requests": most or least}
    return Sum((shown,), params=params) if speaks_for else Sum(counter=(shown,), params=params)


def _rows(reading: Reading) -> int | None:
    ledger = reading.case.charges
    if ledger is not None and ledger.wire_count is not None:
        return ledger.wire_count.rows
    match = _ROWS_TOLD.search(reading.related)
    said = next(filter(None, match.groups()), "") if match else ""
    return int(said) if said.isdigit() else _NUMERALS.get(said)


# --- bursts


def buffer_size(conclusion: Conclusion, reading: Reading) -> Sum | None:
    """Pieces of one size that somebody ships buffers of."""
    shown = next((item for item in conclusion.evidence if item.fact == "burst_bytes"), None)
    if shown is None:
        return None
    facts = reading.case.attempt(shown.where)
    coded = bool(facts and facts.content_encoding)
    found = fingerprint(shown.value, is_coded=coded)
    if found is None:
        return None
    return Sum(
        (evidence_of("block_size", bytes=found.size, pieces=found.pieces, whose=list(found.holders)),),
        params={"holder": found.holders[0]},
    )


# --- clocks

_DIFFERENCE = re.compile(r"difference of (\d{1,9}(?:\.\d+)?) ?(milliseconds|ms|seconds|s)\b")
_STAMPS = re.compile(r"(?<!\d)(\d{10})(?:\.\d+)?\s*(?:<|>|&lt;|&gt;|vs\.?|and|早于|晚于)\s*(\d{10})(?!\d)")
_BASIC = re.compile(r"(\d{8}t\d{6}z) is (?:now )?(?:earlier|later) than (\d{8}t\d{6}z)")
_SURE_CLOCK_S: Final = 5.0
_WRONG_CLOCK_S: Final = 60.0


def clocks_apart(conclusion: Conclusion, reading: Reading) -> Sum | None:
    """Two moments that an error compares, and whether the server's own clock is right by ours.

    A wrong clock of the server makes good keys and tokens look expired, or not yet valid.
    """
    if not conclusion.code.startswith(("client.clock_skew", "auth.")):
        return None
    is_skew = conclusion.code == "client.clock_skew"
    apart, server = _apart_s(reading.told) if is_skew else None, _server_clock_s(reading)
    evidence = (evidence_of("clock_apart", seconds=apart),) if apart else ()
    if server is None or abs(server) < (_WRONG_CLOCK_S if not is_skew else 0):
        return Sum(evidence)
    shown = evidence_of("server_clock", seconds=round(server, 1) + 0.0)
    if abs(server) >= _WRONG_CLOCK_S:
        return Sum(evidence, counter=(shown,))
    return Sum((*evidence, shown)) if abs(server) <= _SURE_CLOCK_S else Sum(evidence)


def _apart_s(text: str) -> float | None:
    """How far two moments in an error lie from each other, in seconds."""
    if match := _DIFFERENCE.search(text):
        return float(match[1]) * (1e-3 if match[2].startswith("m") else 1)
    if match := _STAMPS.search(text):
        return float(abs(int(match[1]) - int(match[2])))
    if match := _BASIC.search(text):
        try:
            one, other = (datetime.strptime(stamp, "%Y%m%dt%H%M%Sz") for stamp in match.groups())
        except ValueError:
            return None
        return abs((one - other).total_seconds())
    return None


def _server_clock_s(reading: Reading) -> float | None:
    """How far ahead of the desk's clock the server's is, by the Date of its answers."""
    skews = [facts.clock_skew_s for facts in reading.probed if facts.clock_skew_s is not None]
    return min(skews, key=abs) if skews else None


def id_from_another_time(conclusion: Conclusion, reading: Reading) -> Sum | None:
    """An id made long before or after the time that the ticket tells: another request, or another zone."""
    told = reading.intake.occurred_at
    if told is None or told.tzinfo is None:
        return None
    wall = told.astimezone(zone_of(reading.intake.zone)).utcoffset() or timedelta()
    made = (_in_servers_zone(one, reading) for one in map(made_at, reading.intake.request_ids) if one)
    apart = [found for one in made if (found := disagreement(one, told, wall=wall))]
    return Sum(counter=(_shown(min(apart, key=lambda found: abs(found.apart)), wall),)) if apart else None


def _in_servers_zone(made: Made, reading: Reading) -> Made:
    """An id without a zone is of the server's, once an id of our own attempts has told which that is."""
    hops = (hop for facts in reading.probed for hop in facts.id_chain)
    ours = (_moment(at) for _place, request_id, at in hops if embedded_time(request_id))
    zone = next((at.tzinfo for at in ours if at and at.tzinfo), None)
    return replace(made, at=made.at.replace(tzinfo=zone)) if zone and not made.at.tzinfo else made


def _moment(told: str) -> datetime | None:
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        return None


def _shown(found: Disagreement, wall: timedelta) -> Evidence:
    told = (found.told.astimezone(UTC) + wall).replace(tzinfo=None)
    made = found.made.at
    on_the_wall = (made.astimezone(UTC) + wall).replace(tzinfo=None) if made.tzinfo else made
    return evidence_of(
        "id_of_another_zone" if found.may_be_zone else "id_of_another_time",
        id=found.made.request_id[:40],
        made=on_the_wall.isoformat(timespec="minutes"),
        told=told.isoformat(timespec="minutes"),
    )


_SUMS: Final[tuple[Callable[[Conclusion, Reading], Sum | None], ...]] = (
    limit_reached,
    cut_at_limit,
    client_has_no_limit,
    known_to_stumble,
    wire_requests,
    buffer_size,
    clocks_apart,
    id_from_another_time,
)
