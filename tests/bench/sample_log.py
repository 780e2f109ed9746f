"""A gateway's log as support receives it: ids, URLs, JSON, Chinese, stack traces, and a key now and then."""

# ruff: noqa: E501 (lines of a log)

import random
from itertools import count

from probes.redaction.samples import expand

_ORDINARY = (
    "2026-11-05T20:16:02Z INFO [gateway] upstream=https://api.openai.com/v1 model=gpt-4o-2024-11-20 status=502"
    " prompt_tokens=<d4> cost=0.<d8> USD request_id=20260703537380214994<an8>",
    '10.0.3.<d2> - - [05/Nov/2026:20:16:02 +0800] "POST /v1/chat/completions?api-version=2024-10-21&lang=zh%2DCN'
    ' HTTP/1.1" 200 <d4> "-" "OpenAI/Python 1.58.1" rt=0.<d3> cf-ray=<hex16>-HKG',
    '{"level":"info","caller":"relay/channel.go:211","msg":"channel selected","trace_id":"<hex32>",'
    '"usage":{"prompt_tokens":<d3>,"total_tokens":<d4>},"id":"chatcmpl-<an29>","path":"\\/v1\\/chat"}',
    '[GIN] 2026/11/05 - 20:16:02 | 200 |  1.<d6>s |   203.0.113.<d2> | POST     "/v1/chat/completions"',
    "2026-11-05 20:16:02,<d3> ERROR 渠道 <d2> 请求失败：上游返回 502，稍后重试。请求ID req_<hex32>，任务 <uuid>",
    "2026-11-05 20:16:03,<d3> WARN [worker-<d1>] task <uuid> retry 2/3: upstream timed out (110: Connection"
    " timed out) while reading response header from upstream",
    'Traceback (most recent call last):\n  File "/usr/lib/python3.11/site-packages/openai/_base_client.py", line'
    " <d3>, in _request\n    raise self._make_status_error_from_response(err.response) from None\n"
    "openai.RateLimitError: Error code: 429 - Rate limit reached for gpt-4o in organization org-<an24>",
    'data: {"id":"chatcmpl-<an29>","created":17600<d5>,"choices":[{"delta":{"content":"\\u4f60\\u597d"}}]}',
    "2026-11-05T20:16:02.<d3>+08:00 DEBUG x-request-id: <uuid> x-ratelimit-remaining-requests: <d4>"
    " openai-processing-ms: <d3> sha256:<hex64>",
)
_SECRET = (
    "2026-11-05T20:16:02Z ERROR config dump OPENAI_API_KEY=sk-proj-<u64:156>",
    "2026-11-05T20:16:02Z DEBUG headers: {'Authorization': 'Bearer sk-<an48>'}",
    "DATABASE_URL=postgresql://root:<an14>@db.example.cn:5432/gateway",
    "用户说他的密钥是 sk-<an48> ，密码：Maple#20<d4>",
)


def make_log(size: int, *, secret_every: int = 0, seed: int = 1) -> str:
    """At least `size` characters; every n-th entry holds a made-up secret, none without `secret_every`."""
    rng = random.Random(seed)
    lines: list[str] = []
    for number in count(1):
        is_secret = secret_every and number % secret_every == 0
        lines.append(expand(rng.choice(_SECRET if is_secret else _ORDINARY), rng) + "\n")
        size -= len(lines[-1])
        if size <= 0:
            return "".join(lines)
    raise AssertionError("unreachable")
