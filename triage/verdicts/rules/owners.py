"""Whose it is: the class names a usual owner, the path that the ticket describes may name another."""

import re

from triage.verdicts.case import Owner, Tri
from triage.verdicts.codes import ISSUES
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.rules import charges, reach
from triage.verdicts.rules.behind import lies_behind
from triage.verdicts.texts import load_leads, plain

_LEADS = load_leads("owners")

A_GATEWAY = _LEADS["a_gateway"]
"""Clients that are gateways themselves: what they parse or hold is a gateway's doing."""

OWN_APP = _LEADS["own_app"]
DIRECT_IS_FINE = _LEADS["direct_is_fine"]
DIRECT_TOO = _LEADS["direct_too"]
"""Without the proxy it is the same: then it is not the proxy."""

OWN_PROXY = _LEADS["own_proxy"]
SERVER_SIDE = _LEADS["server_side"]
UPSTREAM_SAID = _LEADS["upstream_said"]
MISROUTED = _LEADS["misrouted"]
TYPO = _LEADS["typo"]
OUR_LIMITER = _LEADS["our_limiter"]
OWN_NETWORK = _LEADS["own_network"]
NAMED_PROXY = _LEADS["named_proxy"]
NEVER_REACHED_UPSTREAM = _LEADS["never_reached_upstream"]
OUR_MONEY = _LEADS["our_money"]
GATEWAY_SIDE = _LEADS["gateway_side"]
SEVERAL = _LEADS["several"]
"""More than one customer."""

SHARED_EXIT = _LEADS["shared_exit"]
WORD_LIST = _LEADS["word_list"]
FEW_TEXTS = _LEADS["few_texts"]
"""One customer's few texts: theirs to reword, whoever keeps the list."""

NO_CANDIDATE = _LEADS["no_candidate"]
OWN_MADE = _LEADS["own_made"]
"""A proxy that the customer wrote: what it breaks is theirs to mend."""

OWN_HOP = _LEADS["own_hop"]
"""A forwarder that the customer set up before us."""

BEFORE_A_SERVER = _LEADS["before_a_server"]
"""CDNs, reverse proxies and model routers: a server has them in front of it, not a caller."""

OWN_COMPRESSION = _LEADS["own_compression"]
"""Whoever writes switched the compression on in an app of theirs."""

EDGE_NUMBERS = _LEADS["edge_numbers"]
TUNNEL = _LEADS["tunnel"]
"""A way in that whoever runs a machine opens by themselves: never the service's."""

FRAMES_BROKEN = _LEADS["frames_broken"]
"""HTTP/2 is spoken with the hop in front, which breaks a stream in its own name."""

LEFT_OUT = _LEADS["left_out"]
"""A field that means the same written or left out, and is refused only when written."""

OTHERS_WAIT = _LEADS["others_wait"]
"""Another client waits long enough for the same answer."""

_ON_THE_PATH = ("stream.fully_buffered", "stream.block_buffered", "stream.headers_held")
_CUT = ("stream.cut", "stream.stalled", "stream.truncated")
_CUT_ON_THE_PATH = (
    *_CUT,
    "edge.origin_slow",
    "edge.gateway_down",
    "timeout.our_proxy",
    "timeout.upstream",
    "timeout.customer_proxy",
)
_COMPARED = ("route", "http2", "gzip", "models", "model")
_MISREAD = ("stream.client_parser", "stream.lingers", "stream.marker_missing")
"""A gateway that does not understand what it passes on; heartbeats are whoever's that parses them."""


def owner_of(conclusion: Conclusion, reading: Reading) -> Owner:
    """One owner: the one whose act comes next."""
    for rule in (
        _money,
        _proven,
        _behind_the_gateway,
        _held_back,
        _broken_on_the_path,
        _only_the_customer_sees_it,
        _clients_that_are_gateways,
        _refused_at_the_edge,
        _by_code,
        _everybodys,
    ):
        if owner := rule(conclusion, reading):
            return owner
    return conclusion.owner or ISSUES[conclusion.code].owner


def _money(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """Counts made on the customer's side are theirs."""
    family = conclusion.code.partition(".")[0]
    counts = family == "charge" and conclusion.code != "charge.probe_cost"
    return Owner.CUSTOMER if counts and reading.path_says(charges.OUR_SIDE) else None


def _proven(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """What the desk saw on two ways outweighs what the ticket says of its own."""
    compared = any(item.where in _COMPARED for item in conclusion.evidence)
    return conclusion.owner if compared else None


def _behind_the_gateway(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """What a gateway tells of its upstream; one that a ticket quotes may be behind the customer's proxy."""
    answer = conclusion.answer
    if answer is None or (answer.is_declared and _names_a_proxy(reading)):
        return None
    return Owner.UPSTREAM if lies_behind(conclusion.code, answer) else None


def _is_gateway(reading: Reading) -> bool:
    return bool(A_GATEWAY.found_in(reading.intake.client.lower()))


def _reads_as_gateway(reading: Reading) -> bool:
    """Of a chain such as "FastGPT + aiproxy" the first reads what the others pass on."""
    reader = _CHAIN.split(reading.intake.client.lower())[0]
    return bool(A_GATEWAY.found_in(reader))


_CHAIN = re.compile(r"\s*(?:[+/,，(（]|->|→| via | 经 ?| behind )\s*")


def _names_a_proxy(reading: Reading) -> bool:
    if reading.path_says(DIRECT_TOO):
        return False
    return reading.intake.via_proxy is Tri.YES or bool(reading.path_says(OWN_PROXY))


def _held_back(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """Buffers: the app's own compression, the customer's proxy, or our edge."""
    if conclusion.code not in _ON_THE_PATH:
        return None
    if reading.says(OWN_COMPRESSION) and not _is_gateway(reading) and not _names_a_proxy(reading):
        return Owner.CUSTOMER
    if _is_gateway(reading) or reading.path_says(SERVER_SIDE):
        return Owner.EDGE
    if reading.path_says(OWN_APP) and not reading.path_says(NAMED_PROXY):
        return Owner.CUSTOMER
    return Owner.CUSTOMER_NETWORK if _names_a_proxy(reading) else None


def _broken_on_the_path(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """Cuts: who runs the hop that the ticket names."""
    if conclusion.code not in _CUT_ON_THE_PATH or not _names_a_proxy(reading):
        return None
    if reading.path_says(TUNNEL):
        return Owner.CUSTOMER_NETWORK
    if reading.path_says(SERVER_SIDE) or (_is_gateway(reading) and reading.intake.via_proxy is Tri.YES):
        return Owner.EDGE
    set_up = reading.says(DIRECT_IS_FINE) or reading.path_says(OWN_HOP)
    if not set_up and _met_behind_a_servers_hop(conclusion, reading):
        return Owner.EDGE
    own = reading.intake.via_proxy is Tri.YES or set_up
    return Owner.CUSTOMER_NETWORK if own and not _is_gateway(reading) else None


def _met_behind_a_servers_hop(conclusion: Conclusion, reading: Reading) -> bool:
    """The desk met the same cut without the customer's path: the hop that they name is the service's."""
    met = any(item.where != "declared" for item in conclusion.evidence)
    named = BEFORE_A_SERVER.found_in(plain(reading.intake.via_proxy_text))
    return conclusion.code in _CUT and met and bool(named)


def _only_the_customer_sees_it(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """A cut that our own attempts do not show, or a buffer that another way has not, is between us."""
    seen_by_us = not reading.probed or conclusion.answer is not None
    told = all(item.where == "declared" or item.fact == "body_bytes" for item in conclusion.evidence)
    cut = conclusion.code in _CUT
    held = conclusion.code in _ON_THE_PATH and reading.says(DIRECT_IS_FINE)
    return Owner.CUSTOMER_NETWORK if (cut or held) and told and not seen_by_us else None


def _clients_that_are_gateways(conclusion: Conclusion, reading: Reading) -> Owner | None:
    if conclusion.code in _MISREAD and _reads_as_gateway(reading):
        return Owner.CUSTOMER if reading.path_says(OWN_MADE) else Owner.GATEWAY
    server_fault = conclusion.code in ("upstream.error", "gateway.internal", "edge.gateway_down")
    if server_fault and (_is_gateway(reading) or reading.says(NEVER_REACHED_UPSTREAM)):
        return Owner.GATEWAY
    return None


def _refused_at_the_edge(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """A block binds to a caller's address: theirs, unless it is our rule or our way out that is hit."""
    if conclusion.code not in ("edge.blocked", "edge.challenge"):
        return None
    if reading.intake.via_proxy is Tri.YES:
        return Owner.CUSTOMER_NETWORK
    ours = _is_gateway(reading) or reading.says(UPSTREAM_SAID) or reading.intake.base_url
    return Owner.CUSTOMER_NETWORK if reading.says(OWN_NETWORK) and not ours else None


def _by_code(conclusion: Conclusion, reading: Reading) -> Owner | None:
    decide = _DECIDERS.get(conclusion.code)
    return decide(conclusion, reading) if decide else None


def _unknown_model(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """A name that no channel serves is ours to route, a mistyped one theirs to correct."""
    if reading.says(TYPO):
        return Owner.CUSTOMER
    routed = reading.says(MISROUTED) or (conclusion.answer and conclusion.answer.status == 503)
    return Owner.GATEWAY if routed else None


def _protocol(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """A refusal with 5xx is a server that lacks a feature; one with 4xx names what the client must change."""
    if reading.says(NO_CANDIDATE) or reading.says(LEFT_OUT):
        return Owner.GATEWAY
    statuses = {facts.status for facts in reading.probed} | {reading.intake.status_code}
    return Owner.UPSTREAM if 500 in statuses or 501 in statuses else None


def _limited(conclusion: Conclusion, reading: Reading) -> Owner | None:
    return Owner.GATEWAY if reading.says(OUR_LIMITER) else None


def _unfinished(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """The end marker without a finish reason was put there by whoever translates the stream."""
    stream = reading.stream
    return Owner.GATEWAY if stream and stream.done_seen else None


def _no_money(conclusion: Conclusion, reading: Reading) -> Owner | None:
    return Owner.GATEWAY if reading.says(OUR_MONEY) or _is_gateway(reading) else None


_OURS_WHEN_SHARED = (
    "auth.",
    "balance.",
    "quota.",
    "limit.",
    "model.not_permitted",
    "model.unknown",
    "model.retired",
    "client.protocol",
    "client.bad",
)


def _everybodys(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """What hits several customers at once, or began with a change of ours, is ours."""
    if reading.says(TYPO):  # found out to be a slip of one
        return None
    shared = reading.says(GATEWAY_SIDE) or reading.path_says(SEVERAL)
    return Owner.GATEWAY if shared and conclusion.code.startswith(_OURS_WHEN_SHARED) else None


def _shared_exit(conclusion: Conclusion, reading: Reading) -> Owner | None:
    return Owner.CUSTOMER_NETWORK if reading.says(SHARED_EXIT) else None


def _own_way_out(conclusion: Conclusion, reading: Reading) -> Owner | None:
    return Owner.CUSTOMER_NETWORK if reading.intake.via_proxy is Tri.YES else None


def _whose_policy(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """A list of words is the gateway's own; policies are the provider's."""
    if reading.says(FEW_TEXTS) and not reading.says(GATEWAY_SIDE):
        return Owner.CUSTOMER
    answer = conclusion.answer
    listed = (answer is not None and WORD_LIST.found_in(f"{answer.code} {answer.text}")) or reading.says(
        WORD_LIST
    )
    return Owner.GATEWAY if listed else None


def _comes_and_goes(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """Numbers of a CDN are its own; a proxy of the customer's is on none of the desk's ways."""
    if reading.says(EDGE_NUMBERS) or reading.intake.status_code in _CDN_STATUSES:
        return Owner.EDGE
    met = conclusion.answer is not None and not conclusion.answer.is_declared
    named = reading.intake.via_proxy is Tri.YES and _names_a_proxy(reading)
    theirs = named and not reading.path_says(SERVER_SIDE) and not _is_gateway(reading)
    return Owner.CUSTOMER_NETWORK if theirs and not met else None


_CDN_STATUSES = range(520, 528)


def _frames(conclusion: Conclusion, reading: Reading) -> Owner | None:
    return Owner.EDGE if reading.says(FRAMES_BROKEN) else None


def _impatient(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """The answer comes to whoever waits: the client that gave up is to be changed."""
    return Owner.CUSTOMER if reading.says(OTHERS_WAIT) else None


def _own_budget(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """A connection that the customer's own program has no time for, against one that nobody gets."""
    named = reading.says(reach.CONNECT_TIMEOUT) and reading.says(reach.CONNECT_BUDGET)
    return Owner.CUSTOMER if named else _nobody_connects(conclusion, reading)


def _nobody_connects(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """Not only one customer but several, or we ourselves: it is our name, our door or our certificate.

    Where the customer gets through without their proxy, it is the proxy.
    """
    if reading.intake.via_proxy is Tri.YES and reading.says(DIRECT_IS_FINE):
        return Owner.CUSTOMER_NETWORK
    everybody = reading.says(reach.BY_US_TOO) or reading.path_says(SEVERAL)
    return Owner.EDGE if everybody and not reading.probed else None


def _retired(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """Whoever asks takes another name; a gateway that still lists the old one has to drop it."""
    return Owner.GATEWAY if _is_gateway(reading) else None


def _unclear_submission(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """A client's own timeout with no status at all broke on the customer's side, as does a hop of theirs."""
    if reading.intake.via_proxy is Tri.YES and reading.path_says(OWN_HOP):
        return Owner.CUSTOMER_NETWORK
    client_side = reading.intake.status_code is None and reading.intake.error_text
    return Owner.CUSTOMER_NETWORK if client_side else None


def _not_known(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """Who is asked next: nobody can be, when the ticket says nothing at all; billing knows its own rows."""
    if reading.nothing_told:
        return Owner.SUPPORT
    return Owner.BILLING if reading.intake.charged is Tri.YES else None


def _refunded(conclusion: Conclusion, reading: Reading) -> Owner | None:
    """Amounts that a customer asks about are explained by those who keep the rows."""
    return Owner.BILLING if any(map(str.isdigit, reading.intake.charged_text)) else None


_DECIDERS = {
    "task.failed_refunded": _refunded,
    "model.unknown": _unknown_model,
    "model.retired": _retired,
    "client.protocol_mismatch": _protocol,
    "limit.daily_key_quota": _limited,
    "limit.gateway_rate": _limited,
    "limit.concurrency": _limited,
    "limit.upstream_daily": _limited,
    "stream.truncated": _unfinished,
    "balance.empty": _no_money,
    "limit.ip": _shared_exit,
    "auth.region": _own_way_out,
    "auth.key_missing": _own_way_out,
    "content.blocked": _whose_policy,
    "intermittent": _comes_and_goes,
    "reach.connect": _nobody_connects,
    "reach.tls": _nobody_connects,
    "timeout.connect": _own_budget,
    "timeout.stale_keepalive": _nobody_connects,
    "stream.cut": _frames,
    "stream.slow_first_token": _impatient,
    "task.submit_ambiguous": _unclear_submission,
    "inconclusive": _not_known,
}
