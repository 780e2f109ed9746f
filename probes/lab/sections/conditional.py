"""Faults that only some requests meet: one step alone never shows them."""

from probes.lab.behaviour import FINE, Behaviour
from probes.lab.promises import (
    AS_OK,
    AT_THE_LIMIT,
    FLOWING,
    WHOLE,
    Promise,
    after_units,
    at_least,
    at_most,
    ends_early,
    refuses,
    shows_page,
    streams,
)

_THOUGHTS_ALONE: Promise = {"content_chars": 0, "reasoning_chars": at_least(1), "finish_reason": AT_THE_LIMIT}

BEHAVIOURS = (
    Behaviour(
        "intermittent",
        "Every so-manieth request answers 502, the others are fine.",
        "每第 N 个请求返回 502，其余正常。",
        ("intermittent", "ok.not_reproduced", "edge.gateway_down"),
        unit="requests",
        default=3,
        shows={**AS_OK, "repeat": refuses(502, "upstream_error", "bad_response_status_code")["stream"]},
    ),
    Behaviour(
        "flaky",
        "Every so-manieth answer is cut in the middle, the others are fine.",
        "每第 N 个回答中途断开，其余正常。",
        ("intermittent", "ok.not_reproduced", "stream.cut"),
        unit="requests",
        default=3,
        shows={**AS_OK, "repeat": ends_early("incomplete_chunked", failure="incomplete_body")["stream"]},
    ),
    Behaviour(
        "gzip_held",
        "Who accepts gzip gets the stream at once at the end, anybody else steadily.",
        "接受 gzip 的请求到最后才一次性收到，其他请求正常流动。",
        ("stream.fully_buffered", "stream.block_buffered", *FINE),
        unit="seconds",
        default=2,
        shows={
            **streams(burst_count=at_least(5)),
            "gzip": {
                **FLOWING,
                "content_encoding": "gzip",
                "first_content_ms": after_units(900),
                "burst_count": at_most(4),
            },
        },
    ),
    Behaviour(
        "edge_buffers",
        "Through `/edge/` the stream is held back and delivered at once, behind it it flows.",
        "经 `/edge/` 访问时整个流被攒住，绕开它则正常流动。",
        ("stream.fully_buffered", "stream.block_buffered", *FINE),
        unit="seconds",
        default=2,
        shows={
            **streams(burst_count=at_least(5)),
            "route": {**FLOWING, "first_content_ms": after_units(900), "burst_count": at_most(8)},
        },
    ),
    Behaviour(
        "edge_gives_up",
        "Through `/edge/` nginx answers 504 after a while, behind it all is well.",
        "经 `/edge/` 访问时 nginx 等待后返回 504，绕开它则正常。",
        ("edge.origin_slow", "timeout.our_proxy", "timeout.upstream", *FINE),
        unit="seconds",
        default=1,
        shows={**AS_OK, "route": shows_page(504, headers_ms=after_units(900))["stream"]},
    ),
    Behaviour(
        "tool_refused_400",
        "400 for a request that offers a tool, any other is fine.",
        "带工具的请求返回 400，其余正常。",
        ("client.bad_parameter", *FINE),
        shows={
            **AS_OK,
            "tool": refuses(400, "invalid_request_error", "unsupported_parameter")["stream"],
        },
    ),
    Behaviour(
        "tool_ignored",
        "Asked to call a tool, the model answers in words.",
        "要求调用工具时，模型只用文字回答。",
        ("client.protocol_mismatch", *FINE),
        shows={**AS_OK, "tool": {**FLOWING, "tool_calls": 0}},
    ),
    Behaviour(
        "reasoning_budget",
        "Reasons for so many tokens before it says a word: with fewer there is no text.",
        "先思考这么多 token 才开始输出正文：额度不足时没有正文。",
        ("body.reasoning_only",),
        unit="tokens",
        default=1000,
        shows={
            "control": {**WHOLE, **_THOUGHTS_ALONE},
            "stream": {**FLOWING, **_THOUGHTS_ALONE},
            "long": {**FLOWING, "reasoning_chars": at_least(1)},
        },
    ),
)
