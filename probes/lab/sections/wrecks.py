"""Answers that break HTTP itself, or never become one."""

from probes.lab.behaviour import Behaviour
from probes.lab.promises import both, breaks, by

_CUT = ("stream.cut",)
_NO_ANSWER = ("reach.connect", "timeout.stale_keepalive")
_NOT_HTTP = ("reach.connect", "upstream.error", "gateway.internal", "edge.gateway_down", "body.malformed")

BEHAVIOURS = (
    Behaviour(
        "reset_before_headers",
        "TCP reset instead of an answer.",
        "不给回答，直接重置连接。",
        (*_NO_ANSWER, "timeout.connect"),
        shows=breaks("reset"),
    ),
    Behaviour(
        "close_before_headers",
        "The connection closes without an answer.",
        "不给回答，直接关闭连接。",
        _NO_ANSWER,
        shows=breaks("no_response"),
    ),
    Behaviour(
        "never_answers",
        "The request is read, nothing ever comes back.",
        "收下请求后永不回应。",
        ("timeout.upstream", "upstream.slow"),
        unit="seconds",
        default=120,
        shows=breaks("first_byte_timeout", sent=True),
    ),
    Behaviour(
        "endless_headers",
        "Headers that never end.",
        "响应头永不结束。",
        (*_NOT_HTTP, "timeout.upstream", "inconclusive"),
        unit="seconds",
        default=300,
        shows=breaks(by("first_byte_timeout")),
    ),
    Behaviour(
        "bad_status_line",
        "A status line that is not HTTP.",
        "状态行不是 HTTP。",
        _NOT_HTTP,
        shows=breaks("bad_protocol"),
    ),
    Behaviour(
        "wrong_content_length",
        "Fewer bytes than content-length says.",
        "实际字节少于 content-length。",
        (*_CUT, "body.malformed", "upstream.error"),
        shows=both(
            {
                "status": 200,
                "failure": "incomplete_body",
                "end_mode": "incomplete_chunked",
                "body_kind": "other",
            }
        ),
    ),
    Behaviour(
        "bad_chunk_size",
        "A chunk size that is not a number.",
        "数据块长度不是数字。",
        (*_CUT, *_NOT_HTTP),
        shows=both({"status": 200, "failure": "bad_protocol", "end_mode": "incomplete_chunked", "reads": 0}),
    ),
    Behaviour(
        "gzip_bomb",
        "A small gzip body that unfolds to many MiB.",
        "很小的 gzip 正文，解压后非常大。",
        ("body.malformed", "inconclusive", "stream.malformed"),
        unit="MiB",
        default=64,
        shows=both(
            {
                "status": 200,
                "content_encoding": "gzip",
                "decode_problem": "cap",
                "body_kind": "other",
                "content_chars": 0,
            }
        ),
    ),
)
