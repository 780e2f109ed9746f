"""Answers that never came from the API: challenges, block pages, web pages and the errors of proxies."""

from triage.verdicts.reading import Answer
from triage.verdicts.rules.family import ErrorFamily
from triage.verdicts.texts import load_leads

_LEADS = load_leads("edge")

_CERTIFICATE = load_leads("reach")["tls"]
_KEYS_OWN_LIST = load_leads("auth")["ip_refused"]
CHALLENGE = _LEADS["challenge"]
BLOCKED = _LEADS["blocked"]
BY_AGENT = _LEADS["by_agent"]
OFFICE_BLOCK = _LEADS["office_block"]
WRONG_ADDRESS = _LEADS["wrong_address"]
PARSE_OF_A_PAGE = _LEADS["parse_of_a_page"]
TOO_LARGE = _LEADS["too_large"]
ORIGIN_GONE = _LEADS["origin_gone"]
ORIGIN_SLOW = _LEADS["origin_slow"]
PROXY_TIMEOUT = _LEADS["proxy_timeout"]
GATEWAY_DOWN = _LEADS["gateway_down"]
PROXY_REFUSED = _LEADS["proxy_refused"]


def challenge(answer: Answer) -> str:
    """A challenge may come as 403, 429 or 503; its header has one valid value.

    Cloudflare's page that blocks for good has the title of a challenge and says so in its text.
    """
    mitigated = answer.headers.get("cf-mitigated", "").lower() == "challenge"
    page = (answer.html or answer.is_declared) and CHALLENGE.found_in(answer.text)
    final = "you have been blocked" in answer.text
    return "edge.challenge" if mitigated or (page and not final) else ""


def block_page(answer: Answer) -> str:
    """A page, not an API error, that refuses the caller."""
    words = BLOCKED.found_in(answer.text)
    refused = answer.status in (403, 405, 429, 503, 401, None)  # 405: the firewall of Alibaba Cloud
    if answer.is_error_object or (answer.is_declared and _told_otherwise(answer)):
        return ""
    page = answer.html or answer.is_text or (answer.is_declared and answer.status in (403, None))
    if (page or (answer.is_declared and answer.status in (200, 302))) and OFFICE_BLOCK.found_in(answer.text):
        return "reach.block_page"
    if answer.html and answer.status == 403:
        return "edge.blocked"
    return "edge.blocked" if words and page and refused else ""


def _told_otherwise(answer: Answer) -> bool:
    """A key's own list of addresses, or a certificate that the client refuses: no page was seen."""
    certificate = answer.status is None and _CERTIFICATE.found_in(answer.text)
    return bool(_KEYS_OWN_LIST.found_in(answer.text) or certificate)


def agent_refused(answer: Answer) -> str:
    """Another User-Agent cures it: somebody in front of the API looks at who asks."""
    told = answer.is_declared and (answer.status or 400) >= 400
    return "edge.blocked" if told and BY_AGENT.found_in(answer.text) else ""


def proxy_refusal(answer: Answer) -> str:
    """In an error object that the desk met, the proxy is the gateway's own."""
    if answer.facts is not None and answer.is_error_object:
        return ""
    return "reach.proxy_refused" if answer.status == 407 or PROXY_REFUSED.found_in(answer.text) else ""


def cdn_status(answer: Answer) -> str:
    """The 52x numbers of Cloudflare; only its own pair of headers proves that nothing was executed.

    Cloudflare sends a page with them: an API error under such a number is a relay's own word.
    """
    if answer.facts is not None and (answer.code or answer.kind) and not answer.behind_cloudflare:
        return ""
    if answer.status == 524:
        return "edge.origin_slow"
    if answer.status in (521, 522, 523, 525, 526):
        return "edge.origin_unreachable"
    if answer.status in (504, 502, 503) and ORIGIN_SLOW.found_in(answer.text):
        return "edge.origin_slow"
    return "edge.gateway_down" if answer.status in (520, 527) else ""


_PAGES = {
    **dict.fromkeys((200, 301, 302, 303, 307, 308, 404, 405), "client.wrong_base_url"),
    **dict.fromkeys((500, 502, 503), "edge.gateway_down"),
    **dict.fromkeys((408, 504), "timeout.our_proxy"),
    413: "client.body_too_large",
    429: "limit.ip",
}


def web_page(answer: Answer) -> str:
    """HTML where JSON was due: the status tells which server speaks."""
    return _PAGES.get(answer.status or 0, "") if answer.html else ""


_BARE = {
    404: "client.wrong_base_url", 405: "client.wrong_base_url", 413: "client.body_too_large", 429: "limit.ip",
    502: "edge.gateway_down", 503: "edge.gateway_down", 504: "timeout.our_proxy",
}  # fmt: skip


def bare_status(answer: Answer) -> str:
    """A status without any body: a server in front of the API."""
    return _BARE.get(answer.status or 0, "") if answer.empty else ""


def redirect(answer: Answer) -> str:
    return "client.wrong_base_url" if answer.status in (301, 302, 303, 307, 308, 405) else ""


def page_in_a_parser(answer: Answer) -> str:
    """A client that chokes on the first character of a 200 was given a page, as far as the ticket tells."""
    at_start = PARSE_OF_A_PAGE.found_in(answer.text) and answer.status in (200, None)
    return "client.wrong_base_url" if answer.is_declared and at_start else ""


FAMILY = ErrorFamily(
    special=(
        challenge,
        agent_refused,
        block_page,
        proxy_refusal,
        cdn_status,
        web_page,
        bare_status,
        redirect,
    ),
    codes={
        "request_too_large": "client.body_too_large",
        "read_request_body_failed": "client.body_too_large",
        "invalid_url": "client.wrong_base_url",
        "unknown_url": "client.wrong_base_url",
    },
    leads=(
        ("client.body_too_large", TOO_LARGE),
        ("edge.origin_unreachable", ORIGIN_GONE),
        ("edge.origin_slow", ORIGIN_SLOW),
        ("timeout.our_proxy", PROXY_TIMEOUT),
        ("client.wrong_base_url", WRONG_ADDRESS),
        ("edge.gateway_down", GATEWAY_DOWN),
    ),
    statuses={413: "client.body_too_large", 405: "client.wrong_base_url"},
)
