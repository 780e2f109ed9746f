"""Endpoints, runs and exchanges as the tests of this room need them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db.models.functions import Now

from probes.endpoints.actions import seal_probe_key
from probes.endpoints.models import Endpoint
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.models import Run
from probes.runs.plan import plan_chat
from probes.wire.dialects.base import WireRequest
from probes.wire.moments import Chunk, Closed, Connected, Headers, Moment, Resolved, Sending, Sent

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
PROBE_KEY = "sk-" + "pR0be" * 9

ANSWER = orjson.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "m",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "one, two"}, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14},
    }
)
DELTA = {
    "id": "chatcmpl-2",
    "choices": [{"index": 0, "delta": {"content": "one, two"}, "finish_reason": None}],
}
STOP = {"id": "chatcmpl-2", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
STREAM = b"".join(b"data: " + orjson.dumps(event) + b"\n\n" for event in (DELTA, STOP)) + b"data: [DONE]\n\n"


def make_endpoint(**columns: Any) -> Endpoint:
    given = {
        "slug": "shop",
        "base_url": "https://api.shop.example/v1",
        "protocol": "openai_chat",
        "probe_model": "gpt-4o-mini",
    }
    endpoint = Endpoint.objects.create(**given | columns)
    seal_probe_key(endpoint, PROBE_KEY)
    return endpoint


def make_run(endpoint: Endpoint | None = None, **wanted: Any) -> Run:
    endpoint = endpoint or make_endpoint()
    return create_run(
        endpoint=endpoint, plan=plan_chat(terms_of(endpoint), **wanted), requested_by=None, now=NOW
    )


def let_leases_lapse() -> None:
    """As if no worker had been heard of for a while."""
    Run.objects.filter(state=Run.State.RUNNING).update(lease_until=Now() - timedelta(seconds=1))


def moments(status: int, content_type: str, body: bytes) -> tuple[Moment, ...]:
    headers = Headers(30, status, "HTTP/1.1", (("content-type", content_type),))
    return (
        Resolved(1, ("203.0.113.7",)),
        Connected(2, "203.0.113.7"),
        Sending(3),
        Sent(4),
        headers,
        Chunk(40, body),
        Closed(41),
    )


def answering(
    sent: list[WireRequest], *, control: tuple[Moment, ...] = (), stream: tuple[Moment, ...] = ()
) -> Callable[..., None]:
    """An exchange that notes each request and answers it with the given moments."""
    answers = {
        False: control or moments(200, "application/json", ANSWER),
        True: stream or moments(200, "text/event-stream", STREAM),
    }

    def send(request: WireRequest, *, emit: Callable[[Moment], None], **_: Any) -> None:
        sent.append(request)
        for moment in answers[bool(orjson.loads(request.body or b"{}").get("stream"))]:
            emit(moment)

    return send
