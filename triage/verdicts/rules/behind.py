"""What a gateway met behind it and tells in its own error: pages of its upstream, answers that broke off."""

from probes.wire.dialects.base import STREAMED
from triage.verdicts.reading import PAGE, Answer
from triage.verdicts.rules.family import ErrorFamily
from triage.verdicts.texts import load_leads

_LEADS = load_leads("behind")

WRAPPED = _LEADS["wrapped"]
LATE_PAGE = _LEADS["late_page"]
FAILING_PAGE = _LEADS["failing_page"]
CUT = _LEADS["cut"]
UNREADABLE = _LEADS["unreadable"]

_HEAD = 300
"""A page names its fault in its title; further down any number may stand."""

_BY_STATUS = {
    **dict.fromkeys((408, 504, 524), "timeout.upstream"),
    **dict.fromkeys((502, 503, 520, 521, 522, 523, 525, 526), "upstream.error"),
    401: "auth.upstream_credential",
    403: "upstream.error",
    413: "client.body_too_large",
    429: "limit.upstream_rate",
}

_OF_THE_UPSTREAM = ("upstream.error", "timeout.upstream", "stream.cut", "stream.malformed", "body.malformed")


def quoted_page(answer: Answer) -> str:
    """A page inside a gateway's error never came from an edge in front of it.

    Where neither page nor status tells of a fault, it is some website's: the gateway asks at a wrong address.
    """
    if not answer.quotes_page:
        return ""
    page = answer.text[answer.text.index(PAGE.found_in(answer.text)) :]
    head = page[:_HEAD].partition("</html")[0]
    if LATE_PAGE.found_in(head):
        return "timeout.upstream"
    if answer.status in _BY_STATUS:
        return _BY_STATUS[answer.status]
    return "upstream.error" if FAILING_PAGE.found_in(head) else "gateway.misconfigured"


def broken_answer(answer: Answer) -> str:
    """What the gateway's own client or parser says of an answer that it could not read to its end."""
    if not _is_a_gateways_fault(answer):
        return ""
    streamed = answer.facts is None or answer.facts.step in STREAMED
    if CUT.found_in(answer.text):
        return "stream.cut" if streamed else "body.malformed"
    in_stream = answer.facts is not None and streamed
    if UNREADABLE.found_in(answer.text):
        return "stream.malformed" if in_stream else "body.malformed"
    return ""


def lies_behind(code: str, answer: Answer) -> bool:
    """Whether this class was read from what a gateway tells of its upstream."""
    return code in _OF_THE_UPSTREAM and code in (quoted_page(answer), broken_answer(answer))


def _is_a_gateways_fault(answer: Answer) -> bool:
    """Below 500 the same words are about the request; in a ticket they may be of the customer's client."""
    if answer.html or (answer.status or 500) < 500:
        return answer.facts is not None and answer.facts.in_stream_error
    return not answer.is_declared or bool(WRAPPED.found_in(answer.text))


FAMILY = ErrorFamily(special=(broken_answer,))
