"""Answers that are no API answers as a table: web pages, redirects, empty and broken bodies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from probes.lab.answering import Performer
from probes.lab.call import HTML, JSON, Call, edge_headers, gateway_headers, proxy_headers
from probes.lab.framing import Headers, Line

CONSOLE = """<!doctype html>
<html lang="zh">
<head><meta charset="utf-8"><title>Lab API</title>
<script type="module" src="/assets/index.js"></script></head>
<body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body>
</html>
"""
_NGINX = """<html>
<head><title>{title}</title></head>
<body>
<center><h1>{title}</h1></center>
<hr><center>nginx/1.24.0</center>
</body>
</html>
"""
_CDN = """<!DOCTYPE html>
<html lang="en-US">
<head><title>{title}</title><meta name="robots" content="noindex,nofollow"></head>
<body>
<h1>{heading}</h1>
<p>{words}</p>
<p>Cloudflare Ray ID: <strong>{ray}</strong> &bull; Performance &amp; security by Cloudflare</p>
</body>
</html>
"""
_BLOCK_PAGE = """<html><head><title>Access Denied - Web Filter</title></head>
<body><h2>Web Page Blocked</h2><p>The page you requested is blocked by your organisation's policy.
Category: Generative AI. User: GUEST</p></body></html>
"""
_MAINTENANCE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>系统维护中</title></head>
<body><h1>系统维护中</h1><p>We'll be back soon. 服务正在升级，请稍后访问。</p></body></html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One fixed answer. `{ray}` in the text becomes the CDN's ray id."""

    status: int
    text: str = ""
    headers: Callable[[Call], Headers] = proxy_headers
    extra: Headers = ()
    after_s: Callable[[Call], float] = lambda call: 0.0


async def show(page: Page, call: Call, line: Line) -> None:
    await line.rest(page.after_s(call))
    body = page.text.replace("{ray}", call.nonce[:16]).encode()
    await line.whole(page.status, (*page.headers(call), *page.extra), body)


def _nginx(status: int, title: str, after_s: Callable[[Call], float] = lambda call: 0.0) -> Page:
    return Page(status=status, text=_NGINX.format(title=title), after_s=after_s)


def _cdn(status: int, title: str, heading: str, words: str, extra: Headers = ()) -> Page:
    text = _CDN.format(title=title, heading=heading, words=words, ray="{ray}")
    return Page(status=status, text=text, headers=edge_headers, extra=extra)


def _challenge(status: int) -> Page:
    words = "Enable JavaScript and cookies to continue"
    heading = "Verifying you are human. This may take a few seconds."
    return _cdn(status, "Just a moment...", heading, words, (("cf-mitigated", "challenge"),))


def _console_headers(call: Call) -> Headers:
    return gateway_headers(call, HTML)


def _json_headers(call: Call) -> Headers:
    return gateway_headers(call, JSON)


def _foreign_headers(call: Call) -> Headers:
    """Not one header of ours: the answer was made inside the customer's network."""
    return (("content-type", "text/html"), ("connection", "close"))


PAGES: Mapping[str, Page] = {
    "html_200": Page(status=200, text=CONSOLE, headers=_console_headers),
    "login_redirect": Page(status=302, extra=(("location", "/login?next=%2Fv1"),)),
    "redirect_301": Page(
        status=301, extra=(("location", "https://console.lab.example/v1/chat/completions"),)
    ),
    "empty_200": Page(status=200, headers=_json_headers),
    "malformed_json": Page(
        status=200,
        headers=_json_headers,
        text='{"id":"chatcmpl-lab","object":"chat.completion","choices":[{"index":0,',
    ),
    "block_page_200": Page(status=200, text=_BLOCK_PAGE, headers=_foreign_headers),
    "too_large_413": _nginx(413, "413 Request Entity Too Large"),
    "limit_ip_empty": Page(status=429, headers=lambda call: gateway_headers(call, None)),
    "waf_403_html": _cdn(
        403,
        "Attention Required! | Cloudflare",
        "Sorry, you have been blocked",
        "You are unable to access lab.example. Error code: 1020",
    ),
    "challenge_403": _challenge(403),
    "challenge_429": _challenge(429),
    "bad_gateway_502": _nginx(502, "502 Bad Gateway"),
    "maintenance_503": Page(status=503, text=_MAINTENANCE),
    "gateway_timeout_504": _nginx(504, "504 Gateway Time-out", lambda call: call.arg),
    "cdn_524": _cdn(
        524,
        "lab.example | 524: A timeout occurred",
        "A timeout occurred Error code 524",
        "The origin web server timed out responding to this request.",
    ),
    "cdn_521": _cdn(
        521,
        "lab.example | 521: Web server is down",
        "Web server is down Error code 521",
        "The web server is not returning a connection.",
    ),
    "proxy_407": Page(
        status=407,
        text="<html><body><h1>Proxy Authentication Required</h1></body></html>",
        headers=_foreign_headers,
        extra=(
            ("proxy-authenticate", 'Basic realm="office"'),
            ("via", "1.1 proxy.office.example (squid/5.7)"),
        ),
    ),
}

PERFORMERS: Mapping[str, Performer] = {name: partial(show, page) for name, page in PAGES.items()}
