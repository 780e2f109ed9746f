"""Answers that come late, slowly or in lumps."""

from probes.lab.behaviour import Behaviour
from probes.lab.promises import FLOWING, WHOLE, Containing, Within, after_units, at_least, at_most, streams

_BUFFERED = ("stream.fully_buffered", "stream.block_buffered")

_WAITED_FOR = {**WHOLE, "headers_ms": after_units(900)}

BEHAVIOURS = (
    Behaviour(
        "slow_first_token",
        "The stream opens at once, the first text comes late.",
        "流立即打开，但首字很晚才到。",
        ("stream.slow_first_token", "upstream.slow"),
        unit="seconds",
        default=6,
        shows=streams(first_content_ms=after_units(900), max_gap_ms=after_units(900)),
    ),
    Behaviour(
        "slow_headers_ttfb",
        "Nothing at all, not even headers, for a while; then a normal answer.",
        "先是完全无响应（连响应头也没有），然后正常回答。",
        ("upstream.slow", "stream.slow_first_token", "timeout.client"),
        unit="seconds",
        default=8,
        shows={
            "control": {**WHOLE, "headers_ms": after_units(900)},
            "stream": {**FLOWING, "headers_ms": after_units(900)},
        },
    ),
    Behaviour(
        "slow_total",
        "A correct answer at a slow pace, streamed or not.",
        "回答正确但整体很慢，流式与非流式都慢。",
        ("upstream.slow", "ok.not_reproduced"),
        unit="seconds",
        default=8,
        shows={
            "control": {**WHOLE, "headers_ms": after_units(900)},
            "stream": {**FLOWING, "last_byte_ms": after_units(900)},
        },
    ),
    Behaviour(
        "headers_held",
        "Headers wait until the first text, then the stream flows normally.",
        "响应头被扣到首字才发出，之后正常流动。",
        ("stream.headers_held", "stream.slow_first_token"),
        unit="seconds",
        default=4,
        shows={
            "control": {**WHOLE, "headers_ms": at_most(3000)},
            "stream": {**FLOWING, "headers_ms": after_units(900)},
        },
    ),
    Behaviour(
        "buffered",
        "The whole stream is held back and delivered at once.",
        "整个流被攒住，最后一次性送达。",
        _BUFFERED,
        unit="seconds",
        default=4,
        shows={
            "control": _WAITED_FOR,
            "stream": {**FLOWING, "first_content_ms": after_units(900), "burst_count": at_most(8)},
        },
    ),
    Behaviour(
        "buffered_length",
        "As `buffered`, and the headers wait too and name a content-length.",
        "同 `buffered`，且响应头也被扣住并带 content-length。",
        (*_BUFFERED, "stream.headers_held"),
        unit="seconds",
        default=4,
        shows={
            "control": _WAITED_FOR,
            "stream": {
                **FLOWING,
                "headers_ms": after_units(900),
                "burst_count": at_most(8),
                "header_names": Containing("content-length"),
            },
        },
    ),
    Behaviour(
        "buffered_4k",
        "Delivered in lumps of 4 KiB.",
        "每攒满 4 KiB 才送达一次。",
        _BUFFERED,
        unit="seconds",
        default=3,
        shows={
            "control": _WAITED_FOR,
            "stream": {**FLOWING, "body_bytes": at_least(16384), "burst_count": Within(5, 40)},
        },
    ),
    Behaviour(
        "buffered_16k",
        "Delivered in lumps of 16 KiB.",
        "每攒满 16 KiB 才送达一次。",
        _BUFFERED,
        unit="seconds",
        default=3,
        shows={
            "control": _WAITED_FOR,
            "stream": {**FLOWING, "body_bytes": at_least(16384), "burst_count": Within(2, 12)},
        },
    ),
    Behaviour(
        "gzip_buffered",
        "gzip without flushing: one lump at the end.",
        "gzip 压缩且不刷新：最后一次性送达。",
        _BUFFERED,
        unit="seconds",
        default=4,
        shows={
            "control": _WAITED_FOR,
            "stream": {
                **FLOWING,
                "content_encoding": "gzip",
                "first_content_ms": after_units(900),
                "burst_count": at_most(4),
            },
        },
    ),
)
