"""What CDNs, proxies and web servers say in place of the gateway."""

from probes.lab.behaviour import Behaviour
from probes.lab.promises import Containing, after_units, shows_page

_BLOCKED = ("edge.challenge", "edge.blocked", "reach.block_page", "auth.region")

BEHAVIOURS = (
    Behaviour(
        "waf_403_html",
        "403 HTML block page of a CDN.",
        "403，CDN 的拦截网页。",
        _BLOCKED,
        shows=shows_page(
            403, header_names=Containing("cf-ray"), body_excerpt=Containing("you have been blocked")
        ),
    ),
    Behaviour(
        "challenge_403",
        "403 challenge page, cf-mitigated: challenge.",
        "403，CDN 人机验证页。",
        ("edge.challenge",),
        shows=shows_page(403, header_names=Containing("cf-mitigated")),
    ),
    Behaviour(
        "challenge_429",
        "The same challenge page under 429.",
        "同样的人机验证页，状态码为 429。",
        ("edge.challenge",),
        shows=shows_page(429, header_names=Containing("cf-mitigated")),
    ),
    Behaviour(
        "bad_gateway_502",
        "502 HTML page of nginx.",
        "502，nginx 的网页。",
        ("edge.gateway_down",),
        shows=shows_page(502, body_excerpt=Containing("nginx")),
    ),
    Behaviour(
        "maintenance_503",
        "503 HTML maintenance page.",
        "503，维护页面。",
        ("edge.gateway_down",),
        shows=shows_page(503, body_excerpt=Containing("系统维护中")),
    ),
    Behaviour(
        "gateway_timeout_504",
        "504 HTML page of nginx, after a while.",
        "等待之后返回 504，nginx 的网页。",
        ("edge.origin_slow", "timeout.our_proxy", "timeout.upstream"),
        unit="seconds",
        default=1,
        shows=shows_page(504, headers_ms=after_units(900), body_excerpt=Containing("nginx")),
    ),
    Behaviour(
        "cdn_524",
        "524 page of a CDN: the origin took too long.",
        "524，CDN 等待源站超时。",
        ("edge.origin_slow", "timeout.our_proxy", "timeout.upstream"),
        shows=shows_page(524, header_names=Containing("cf-ray")),
    ),
    Behaviour(
        "cdn_521",
        "521 page of a CDN: the origin refused the connection.",
        "521，源站拒绝 CDN 的连接。",
        ("edge.origin_unreachable",),
        shows=shows_page(521, header_names=Containing("cf-ray")),
    ),
    Behaviour(
        "proxy_407",
        "407: a proxy wants its own credentials.",
        "407，代理要求认证。",
        ("reach.proxy_refused",),
        shows=shows_page(407, header_names=Containing("proxy-authenticate")),
    ),
)
