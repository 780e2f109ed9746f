"""What customers tell in their own words: the lead where the probe shows nothing or none was sent."""

from triage.verdicts.case import Confidence, Evidence, Owner, Tri
from triage.verdicts.reading import Conclusion, Reading, Rule
from triage.verdicts.rules import client_errors, edge, limits, reach, timeouts
from triage.verdicts.texts import Lead, load_leads, plain

_LEADS = load_leads("stories")

EMPTY_FOR_JSON = _LEADS["empty_for_json"]
"""A parser that met the end before the first character."""

KEEPALIVE = _LEADS["keepalive"]
QUEUED = _LEADS["queued"]
BREAKS = _LEADS["breaks"]
PARSER = _LEADS["parser"]
LINGERS = _LEADS["lingers"]
CANCELLED = _LEADS["cancelled"]
FLAG_IGNORED = _LEADS["flag_ignored"]
MISLABELLED = _LEADS["mislabelled"]
SAME_TYPE = _LEADS["same_type"]
"""The type was right: the reader compares it with its parameter."""

ERROR_INSIDE = _LEADS["error_inside"]
MALFORMED = _LEADS["malformed"]
MARKER_MISSING = _LEADS["marker_missing"]
ALL_AT_ONCE = _LEADS["all_at_once"]
IN_BLOCKS = _LEADS["in_blocks"]
STREAM_NAMED = _LEADS["stream_named"]
HEADERS_HELD = _LEADS["headers_held"]
NO_CONTENT = _LEADS["no_content"]
THEN_FLOWS = _LEADS["then_flows"]
"""Nothing for a while, and then all is well: that is waiting."""

REASONING_ONLY = _LEADS["reasoning_only"]
OUTPUT_LIMITED = _LEADS["output_limited"]
STALLED = _LEADS["stalled"]
TRUNCATED = _LEADS["truncated"]
CUT = _LEADS["cut"]
CUT_BY_NAME = _LEADS["cut_by_name"]
SLOW_FIRST = _LEADS["slow_first"]
SLOW = _LEADS["slow"]
APP_FREEZE = _LEADS["app_freeze"]
RESOLVED = _LEADS["resolved"]
CLOSED = _LEADS["closed"]
"""The customer has no further wish: thanks, or that the ticket may be closed."""

STILL_THERE = _LEADS["still_there"]
NOTHING_TO_GO_ON = _LEADS["nothing_to_go_on"]
"""What was asked for and not answered, or can be read by nobody."""

HANDLING = _LEADS["handling"]
"""Talk of what becomes of the data at the other end."""

ELSEWHERE_FINE = _LEADS["elsewhere_fine"]
"""Another client, or curl, does not show it."""

SERVER_COMPLETE = timeouts.SERVER_COMPLETE
ON_SCREEN = _LEADS["on_screen"]
GONE = _LEADS["gone"]
RECURS = _LEADS["recurs"]
"""What is well again only until the next time is not resolved."""

INTERMITTENT = _LEADS["intermittent"]


def _told(code: str, lead: Lead, *alternatives: str, confidence: Confidence = Confidence.LIKELY) -> Rule:
    """A rule that gives this class when the ticket uses these words."""

    def told(reading: Reading) -> Conclusion | None:
        words = reading.says(lead)
        if not words:
            return None
        return Conclusion(
            code=code,
            confidence=confidence,
            evidence=(Evidence("declared", "words", words),),
            alternatives=alternatives,
        )

    return told


def buffered_on_the_path(reading: Reading) -> Conclusion | None:
    """Words for a stream that does not flow, with a holder on the customer's path or in the app."""
    blocks, lump = reading.says(IN_BLOCKS), reading.says(ALL_AT_ONCE)
    if not (blocks or lump) or not _about_a_stream(reading):
        return None
    in_blocks = bool(blocks) and (not lump or blocks.startswith("一"))  # "一坨一坨" is no "一坨"
    return Conclusion(
        code="stream.block_buffered" if in_blocks else "stream.fully_buffered",
        evidence=(Evidence("declared", "words", blocks if in_blocks else lump),),
        alternatives=("stream.fully_buffered",)
        if in_blocks
        else ("stream.block_buffered", "stream.headers_held"),
    )


def held_by_their_hop(reading: Reading) -> Conclusion | None:
    """What looks over the traffic on the customer's side holds it back: without it the stream flows."""
    words, without = reading.says(FLAG_IGNORED), reading.says(timeouts.DIRECT_IS_FINE)
    if not (words and without) or reading.intake.via_proxy is not Tri.YES:
        return None
    return Conclusion(
        code="stream.fully_buffered",
        evidence=tuple(Evidence("declared", "words", said) for said in (words, without)),
        alternatives=("stream.flag_ignored", "stream.block_buffered"),
    )


def wrong_address(reading: Reading) -> Conclusion | None:
    """An address is wrong every time: where a page came only sometimes, a server between sent it."""
    words = reading.says(edge.WRONG_ADDRESS)
    if not words:
        return None
    if reading.probed and (sometimes := reading.says(INTERMITTENT)):
        return Conclusion(
            code="intermittent",
            evidence=tuple(Evidence("declared", "words", said) for said in (sometimes, words)),
            alternatives=("edge.gateway_down", "client.wrong_base_url"),
        )
    return Conclusion(
        code="client.wrong_base_url",
        evidence=(Evidence("declared", "words", words),),
        alternatives=("reach.block_page",),
    )


def malformed(reading: Reading) -> Conclusion | None:
    """Text that comes twice or in pieces; where another reader gets it whole, this one breaks it."""
    words = reading.says(MALFORMED)
    if not words:
        return None
    elsewhere = reading.says(ELSEWHERE_FINE) if reading.probed else ""
    return Conclusion(
        code="stream.client_parser" if elsewhere else "stream.malformed",
        evidence=tuple(Evidence("declared", "words", said) for said in (words, elsewhere) if said),
        alternatives=("stream.malformed" if elsewhere else "stream.client_parser",),
    )


def never_connected(reading: Reading) -> Conclusion | None:
    """What a system says of a connection that never stood; beside a status it is a server's story."""
    words = reading.says(reach.NO_CONNECTION)
    from_server = reading.intake.status_code or (reading.declared and reading.declared.is_error_object)
    if not words or from_server:
        return None
    return Conclusion(
        code="reach.connect",
        evidence=(Evidence("declared", "words", words),),
        alternatives=("reach.proxy_refused", "timeout.connect"),
    )


def refused_by_nobody(reading: Reading) -> Conclusion | None:
    """A connection that never stood, and no status: nobody was there to refuse a key or an address."""
    if reading.intake.status_code or (reading.declared and reading.declared.is_error_object):
        return None
    return tell(reading, (never_connected, _CONNECT_TIMED_OUT))


_IN_ITS_LOG = (
    ("reach.tls", reach.HANDSHAKE),
    ("timeout.connect", reach.CONNECT_TIMEOUT),
    ("reach.connect", reach.NO_CONNECTION),
)


def own_server_never_connected(reading: Reading) -> Conclusion | None:
    """A server that the customer runs says that it could not reach us, whom the desk reaches.

    The status that its users see is that server's own answer, whatever it says.
    """
    if not reading.probed or reading.says(edge.PROXY_REFUSED):
        return None
    logged = reading.says(reach.OWN_LOG)
    if not logged and not reading.path_says(reach.SELF_HOSTED):
        return None
    named = _IN_ITS_LOG if logged else _IN_ITS_LOG[-1:]
    code, words = next(((code, said) for code, lead in named if (said := reading.says(lead))), ("", ""))
    if not words:
        return None
    return Conclusion(
        code=code,
        evidence=(Evidence("declared", "words", words),),
        owner=Owner.CUSTOMER_NETWORK,
        alternatives=("reach.proxy_refused", "upstream.error"),
    )


def cut_between(reading: Reading) -> Conclusion | None:
    """The server says that it sent all of it, the client that it broke off: something between them."""
    words, complete = reading.says(CUT), reading.says(SERVER_COMPLETE)
    if not (words and complete) or reading.says(ON_SCREEN):
        return None
    return Conclusion(
        code="stream.cut",
        evidence=(Evidence("declared", "words", words), Evidence("declared", "words", complete)),
        owner=Owner.CUSTOMER_NETWORK,
        alternatives=("timeout.customer_proxy", "stream.client_parser"),
    )


def proxy_out_of_reach(reading: Reading) -> Conclusion | None:
    """A proxy on the loopback address is not there for a program inside a container."""
    address = reach.LOCAL_PROXY.found_in(plain(reading.intake.via_proxy_text))
    if not address or not reading.path_says(reach.IN_A_CONTAINER) or reading.intake.status_code:
        return None
    return Conclusion(
        code="reach.proxy_refused",
        evidence=(Evidence("declared", "via_proxy_text", reading.intake.via_proxy_text),),
        alternatives=("reach.connect",),
    )


def connect_timed_out_when_idle(reading: Reading) -> Conclusion | None:
    """The first call after a pause that gets no connection in time: nothing old was used again."""
    words = reading.says(reach.CONNECT_TIMEOUT)
    if not words or not reading.says(reach.STALE):
        return None
    return Conclusion(
        code="timeout.connect",
        evidence=(Evidence("declared", "words", words),),
        alternatives=("timeout.stale_keepalive", "reach.connect"),
    )


def _about_a_stream(reading: Reading) -> bool:
    """Buffers, compression and bursts are talked of elsewhere too."""
    told = reading.intake.stream
    named = reading.intake.symptom.startswith("stream_") or reading.says(STREAM_NAMED)
    return told is Tri.YES or (told is Tri.UNKNOWN and bool(named))


def marker_missing(reading: Reading) -> Conclusion | None:
    """No end marker: harmless when the ticket says that the text is whole, else a cut."""
    words = reading.says(MARKER_MISSING)
    if not words:
        return None
    partial = reading.says(TRUNCATED) or reading.says(CUT)
    return Conclusion(
        code="stream.truncated" if partial else "stream.marker_missing",
        evidence=(Evidence("declared", "words", words),),
        alternatives=("stream.marker_missing" if partial else "stream.truncated",),
    )


def queued_under_heartbeats(reading: Reading) -> Conclusion | None:
    """Heartbeats while one waits in a queue, and no word of a reader that breaks on them: it is slow."""
    words, queue = reading.says(KEEPALIVE), reading.says(QUEUED)
    if not (words and queue) or reading.says(BREAKS):
        return None
    return Conclusion(
        code="stream.slow_first_token",
        evidence=tuple(Evidence("declared", "words", said) for said in (queue, words)),
        alternatives=("stream.keepalive_breaks_client", "upstream.slow"),
    )


def no_content(reading: Reading) -> Conclusion | None:
    words = reading.says(NO_CONTENT)
    if not words:
        return None
    streamed = reading.intake.stream is Tri.YES
    return Conclusion(
        code="stream.no_content" if streamed else "body.empty",
        evidence=(Evidence("declared", "words", words),),
        alternatives=("body.empty" if streamed else "stream.no_content", "body.reasoning_only"),
    )


def app_freezes(reading: Reading) -> Conclusion | None:
    """The program itself gets slow on a long answer; the API delivered it."""
    words = reading.says(APP_FREEZE)
    if not words:
        return None
    return Conclusion(
        code="ok.not_reproduced",
        evidence=(Evidence("declared", "words", words),),
        alternatives=("stream.client_parser", "upstream.slow"),
    )


STORM_RETRIES = 50


def retry_storm(reading: Reading) -> Conclusion | None:
    words = "" if reading.says(timeouts.BACKS_OFF) else reading.says(limits.STORM)
    many = (reading.intake.retry_count or 0) >= STORM_RETRIES
    if not words and not many:
        return None
    evidence: tuple[Evidence, ...] = (Evidence("declared", "words", words),) if words else ()
    if reading.intake.retry_count:
        evidence += (Evidence("declared", "retry_count", reading.intake.retry_count),)
    return Conclusion(code="limit.retry_storm", evidence=evidence, alternatives=("limit.gateway_rate",))


_CONNECT_TIMED_OUT = _told("timeout.connect", reach.CONNECT_TIMEOUT, "reach.connect")

STRONG: tuple[Rule, ...] = (
    wrong_address,
    _told("body.empty", EMPTY_FOR_JSON, "client.wrong_base_url"),
    queued_under_heartbeats,
    _told("stream.keepalive_breaks_client", KEEPALIVE, "stream.client_parser"),
    _told("stream.lingers", LINGERS, "stream.client_parser"),
    malformed,
    _told("body.reasoning_only", REASONING_ONLY, "body.output_limited"),
    _told("body.output_limited", OUTPUT_LIMITED, "stream.truncated"),
    _told("stream.client_parser", SAME_TYPE, "stream.mislabelled"),
    _told("stream.mislabelled", MISLABELLED, "stream.flag_ignored"),
    _told("stream.error_inside", ERROR_INSIDE, "body.error_in_200"),
    _told("reach.proxy_refused", edge.PROXY_REFUSED, "reach.connect"),
    proxy_out_of_reach,
    _told("reach.tls", reach.TLS, "reach.proxy_refused"),
    never_connected,
    cut_between,
    client_errors.known_fault,
    _told("stream.client_parser", PARSER, "ok.not_reproduced"),
    held_by_their_hop,
    _told("stream.flag_ignored", FLAG_IGNORED, "stream.mislabelled"),
    app_freezes,
    marker_missing,
    buffered_on_the_path,
    _told("stream.headers_held", HEADERS_HELD, "stream.fully_buffered"),
    _told("reach.block_page", edge.OFFICE_BLOCK, "edge.blocked"),
    connect_timed_out_when_idle,
    _told("timeout.stale_keepalive", reach.STALE, "reach.connect"),
    timeouts.retries_multiplied,
    client_errors.fell_silent,
    timeouts.hop_on_the_path_cut,
    timeouts.customers_proxy_cut,
    timeouts.somebody_elses_limit,
    timeouts.picture_cut_at_a_limit,
)
"""Stories that name their cause."""

WEAK: tuple[Rule, ...] = (
    timeouts.client_gave_up_on_time,
    _CONNECT_TIMED_OUT,
    _told("timeout.connect", reach.CONNECTION_TIMEOUT, "timeout.client", confidence=Confidence.POSSIBLE),
    _told("reach.connect", reach.NEVER_CONNECTED, "timeout.connect"),
    _told("reach.connect", reach.CONNECTION, "stream.cut", confidence=Confidence.POSSIBLE),
    _told("stream.client_cancelled", CANCELLED, "stream.cut"),
    _told("stream.slow_first_token", THEN_FLOWS, "stream.headers_held"),
    no_content,
    _told("stream.slow_first_token", SLOW_FIRST, "upstream.slow"),
    _told("stream.cut", CUT_BY_NAME, "stream.truncated", confidence=Confidence.POSSIBLE),
    _told("stream.truncated", TRUNCATED, "body.output_limited", confidence=Confidence.POSSIBLE),
    timeouts.client_gave_up,
    _told("stream.stalled", STALLED, "stream.cut", confidence=Confidence.POSSIBLE),
    _told("stream.cut", CUT, "stream.truncated", confidence=Confidence.POSSIBLE),
    retry_storm,
    _told("upstream.slow", SLOW, "stream.slow_first_token", confidence=Confidence.POSSIBLE),
    client_errors.by_its_name,
)
"""Stories that several causes share."""


def tell(reading: Reading, rules: tuple[Rule, ...]) -> Conclusion | None:
    return next((conclusion for rule in rules if (conclusion := rule(reading))), None)
