"""What happens in a made-up history: a mix of tickets whose facts, words and verdicts belong together."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from triage.verdicts.case import Case, Intake, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict

# Stands for a request id of its own in every text that has one.
ID = "{id}"
_SPREAD = 0.45  # of the logarithm of a duration
_DURATIONS = (
    *("resolve_ms", "connect_ms", "tls_ms", "headers_ms", "first_byte_ms", "first_event_ms"),
    *("first_content_ms", "last_byte_ms", "total_ms", "max_gap_ms"),
)


def _facts(step: str, **seen: Any) -> Facts:
    """An answer like those of a public endpoint, but for what is given."""
    usual: dict[str, Any] = {
        "step": step,
        "sent": True,
        "status": 200,
        "http_version": "HTTP/1.1",
        "resolve_ms": 4.0,
        "connect_ms": 22.0,
        "tls_ms": 48.0,
        "headers_ms": 310.0,
        "first_byte_ms": 312.0,
        "first_event_ms": 320.0,
        "first_content_ms": 480.0,
        "last_byte_ms": 2900.0,
        "total_ms": 2904.0,
        "headers": {"content-type": "text/event-stream", "server": "nginx"},
        "content_type": "text/event-stream",
        "body_kind": BodyKind.EVENTS,
        "body_bytes": 18_204,
        "reads": 96,
        "events": 102,
        "max_gap_ms": 160.0,
        "done_seen": True,
        "end_mode": EndMode.DONE,
        "content_chars": 610,
        "finish_reason": "stop",
        "usage_seen": True,
        "prompt_tokens": 24,
        "completion_tokens": 151,
    }
    return Facts(**usual | seen)


def _well(step: str) -> Facts:
    if step != "control":
        return _facts(step)
    return _facts(
        step,
        content_type="application/json",
        body_kind=BodyKind.JSON_OK,
        headers={"content-type": "application/json", "server": "nginx"},
        first_content_ms=None,
        first_event_ms=None,
        max_gap_ms=None,
        events=0,
        done_seen=False,
        end_mode=EndMode.CLEAN_EOF,
    )


def _refused(step: str, status: int, message: str, *, code: str = "", **seen: Any) -> Facts:
    return _facts(
        step,
        status=status,
        error_type="invalid_request_error" if status < 500 else "server_error",
        error_code=code,
        error_message=message,
        content_type="application/json",
        body_kind=BodyKind.JSON_ERROR,
        headers={"content-type": "application/json", "server": "nginx"},
        first_content_ms=None,
        first_event_ms=None,
        max_gap_ms=None,
        last_byte_ms=340.0,
        total_ms=342.0,
        events=0,
        content_chars=0,
        done_seen=False,
        end_mode=EndMode.CLEAN_EOF,
        body_bytes=240,
        **{"finish_reason": "", "usage_seen": False, "prompt_tokens": None, "completion_tokens": None} | seen,
    )


def _broken(step: str, failure: Failure, *, end_mode: EndMode | None = None, **seen: Any) -> Facts:
    """An exchange that never brought an answer."""
    lasting: dict[str, Any] = {
        "failure": failure,
        "end_mode": end_mode,
        "sent": failure is Failure.FIRST_BYTE_TIMEOUT,
    }
    lasting |= {"step": step, "resolve_ms": 4.0, "total_ms": 10_004.0}
    return Facts(**lasting | seen)


@dataclass(frozen=True)
class Scenario:
    """One kind of ticket: what the customer says, and what control and stream show."""

    weight: int
    said: str
    control: Facts
    stream: Facts
    client_status: int | None = None
    intake: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict:
        """Today's rules, on what the scenario shows."""
        given: dict[str, Any] = {"error_text": self.said, "status_code": self.client_status} | dict(
            self.intake
        )
        return classify(Case(intake=Intake(**given), attempts=(self.control, self.stream), now=_THEN))

    def verdict_json(self, rules_version: str) -> str:
        """As if rules of that version had said it."""
        if rules_version not in self._spelled:
            said = verdict_as_dict(self.verdict) | {"rules_version": rules_version}
            self._spelled[rules_version] = json.dumps(said, ensure_ascii=False)
        return self._spelled[rules_version]

    @cached_property
    def _spelled(self) -> dict[str, str]:
        return {}

    def shows(self, step: str) -> Mapping[str, Any]:
        """What a request of this kind showed, as it is stored."""
        if step == "control":
            return self._control
        return self._stream | {"step": step}

    @cached_property
    def _control(self) -> dict[str, Any]:
        return self.control.as_dict()

    @cached_property
    def _stream(self) -> dict[str, Any]:
        return self.stream.as_dict()


_THEN = datetime.fromisoformat("2026-01-05T04:00:00+00:00")


def _both(status: int, message: str, weight: int, said: str = "", *, code: str = "", **more: Any) -> Scenario:
    """Control and stream are refused in the same words."""
    control, stream = (_refused(step, status, message, code=code) for step in ("control", "stream"))
    return Scenario(weight, said or f"Error code: {status} - {message}", control, stream, status, **more)


def _stream_alone(stream: Facts, weight: int, said: str, **more: Any) -> Scenario:
    return Scenario(weight, said, _well("control"), stream, **more)


SCENARIOS: Sequence[Scenario] = (
    _stream_alone(_facts("stream"), 1800, "偶尔没有响应，重试后正常"),
    _stream_alone(_facts("stream"), 700, "openai.APIConnectionError: Connection error."),
    _both(429, f"Rate limit reached, requests per min (request id: {ID})", 900, code="rate_limit_exceeded"),
    _both(429, "当前分组上游负载已饱和，请稍后再试", 500, "429 当前分组上游负载已饱和，请稍后再试"),
    _both(402, "Insufficient Balance", 450, code="insufficient_balance"),
    _both(403, f"预扣费额度失败，用户剩余额度不足 (request id: {ID})", 420, code="insufficient_user_quota"),
    _both(401, "Incorrect API key provided", 380, code="invalid_api_key"),
    _both(401, f"无效的令牌 (request id: {ID})", 260, "提示无效的令牌，昨天还能用"),
    _both(404, "The model does not exist or you do not have access to it", 240, code="model_not_found"),
    _both(503, f"当前分组下没有可用渠道 (request id: {ID})", 330, code="model_no_available_channel"),
    _both(400, "max_tokens is too large: 200000. This model supports at most 16384", 150),
    _both(400, "This model's maximum context length is 128000 tokens", 130, code="context_length_exceeded"),
    _both(500, f"upstream error: do request failed (request id: {ID})", 300, "500 服务器内部错误"),
    _both(502, "502 Bad Gateway", 260),
    _both(504, "504 Gateway Time-out", 200, "504 Gateway Time-out nginx，长文本时出现"),
    _both(413, "Request Entity Too Large", 60),
    _stream_alone(
        _facts("stream", done_seen=False, end_mode=EndMode.IDLE_TIMEOUT, failure=Failure.IDLE_TIMEOUT,
               max_gap_ms=30_000.0, total_ms=34_000.0, last_byte_ms=4000.0, finish_reason=""),
        420, "流式输出到一半就停住，一直没有结束标记",
    ),
    _stream_alone(
        _facts("stream", done_seen=False, end_mode=EndMode.INCOMPLETE, failure=Failure.INCOMPLETE_BODY,
               finish_reason=""),
        380, "httpx.RemoteProtocolError: peer closed connection without sending complete message body",
    ),
    _stream_alone(
        _facts("stream", done_seen=False, end_mode=EndMode.RESET, failure=Failure.RESET, finish_reason=""),
        240, "ECONNRESET while streaming",
    ),
    _stream_alone(
        _facts("stream", done_seen=False, end_mode=EndMode.CLEAN_EOF), 180, "stream ends without [DONE]"
    ),
    _stream_alone(
        _facts("stream", reads=2, first_byte_ms=9800.0, headers_ms=300.0, first_event_ms=9800.0,
               first_content_ms=9802.0, last_byte_ms=9806.0, total_ms=9810.0, max_gap_ms=4.0,
               bursts=((9800.0, 18_204),), burst_count=1),
        300, "流式变成一次性输出，等很久才全部出来",
    ),
    _stream_alone(
        _facts("stream", first_content_ms=14_500.0, first_event_ms=14_490.0, first_byte_ms=14_480.0,
               max_gap_ms=14_000.0, last_byte_ms=17_500.0, total_ms=17_504.0),
        360, "首字要等十几秒",
    ),
    _stream_alone(
        _facts("stream", in_stream_error=True, error_code="server_error", end_mode=EndMode.CLEAN_EOF,
               error_message=f"upstream stream interrupted, trace {ID}", done_seen=False),
        210, "流里返回 error 对象 upstream stream interrupted",
    ),
    _stream_alone(_facts("stream", http_version="HTTP/2"), 110, "The request was aborted due to timeout"),
    Scenario(
        120, "Connection timed out after 10000 milliseconds",
        _broken("control", Failure.CONNECT_TIMEOUT), _broken("stream", Failure.CONNECT_TIMEOUT),
    ),
    Scenario(
        70, "getaddrinfo ENOTFOUND", _broken("control", Failure.DNS, total_ms=22.0),
        _broken("stream", Failure.DNS, total_ms=22.0),
    ),
    Scenario(
        50, "certificate has expired", _broken("control", Failure.TLS_EXPIRED, total_ms=60.0),
        _broken("stream", Failure.TLS_EXPIRED, total_ms=60.0),
    ),
    Scenario(
        160, "Request timed out.",
        _broken("control", Failure.FIRST_BYTE_TIMEOUT, total_ms=60_050.0, connect_ms=22.0, tls_ms=48.0),
        _broken("stream", Failure.FIRST_BYTE_TIMEOUT, total_ms=60_050.0, connect_ms=22.0, tls_ms=48.0),
    ),
)  # fmt: skip

HEALTHY = SCENARIOS[0]


def told_with_ids(facts: Mapping[str, Any], dice: random.Random) -> dict[str, Any]:
    """One sight of what `facts` show: its durations a little other, its ids its own."""
    factor = dice.lognormvariate(0, _SPREAD)
    own = {name: round(facts[name] * factor, 1) for name in _DURATIONS if name in facts}
    name = request_id(dice)
    if facts.get("status"):
        own["request_ids"] = [name]
    if ID in (message := facts.get("error_message", "")):
        own["error_message"] = message.replace(ID, name)
    return {**facts, **own}


def request_id(dice: random.Random) -> str:
    """In the shape of one gateway's: a time, then letters."""
    return f"2026{dice.randrange(10**16):016d}{dice.choice(('aB3x', 'Qw9Z', 'k7Lm', 'P0rt'))}"
