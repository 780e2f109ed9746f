"""Billing systems on loopback that speak the shapes of the real ones, over a real socket."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "adm-" + "q7W2" * 10


@dataclass
class Reply:
    """What the server answers; `body` as bytes goes out as it is, anything else as JSON."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass
class Asked:
    """One request as the server got it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


Answering = Callable[[Asked], Reply]


class System:
    """A running server: what it was asked, and by how many at once."""

    def __init__(self, answer: Answering, clock: Callable[[], datetime]) -> None:
        self.asked: list[Asked] = []
        self.clock = clock
        self._answer = answer
        system = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                system.serve(self)

            def do_POST(self) -> None:
                system.serve(self)

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(system.clock().astimezone(UTC), usegmt=True)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def entry(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.entry}"

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(handler.command, parts.path, query, headers)
        self.asked.append(asked)
        reply = self._answer(asked)
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        handler.send_response(reply.status)
        handler.send_header("Content-Type", reply.content_type)
        for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        with suppress(OSError):  # the desk hung up
            handler.wfile.write(body)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@contextmanager
def running(answer: Answering, *, clock: Callable[[], datetime] | None = None) -> Iterator[System]:
    system = System(answer, clock or (lambda: datetime.now(UTC)))
    try:
        yield system
    finally:
        system.stop()


def log_entry(number: int, at: datetime, **own: Any) -> dict[str, Any]:
    """A row of new-api's log table as its API gives it to an admin."""
    other = own.pop("other", {"task_id": f"task_{number:06d}", "admin_info": {"use_channel": ["7", "12"]}})
    return {
        "id": number,
        "user_id": 42,
        "created_at": int(at.timestamp()),
        "type": 2,
        "content": "模型倍率 15.00，分组倍率 1.00",
        "username": "u_acme",
        "token_name": "prod",
        "model_name": "gpt-4o",
        "quota": 1500,
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "use_time": 3,
        "is_stream": True,
        "channel": 7,
        "channel_name": "upstream-east",
        "token_id": 9,
        "group": "default",
        "ip": "203.0.113.77",
        "request_id": f"2026030109000012345{number:08d}",
        "other": other if isinstance(other, str) else json.dumps(other),
        **own,
    }


@dataclass
class NewApi:
    """GET /api/log/ of new-api: pages from 1 in an object with a total, the newest first."""

    entries: list[dict[str, Any]]
    cap: int = 100
    user_id: str = "1"

    def __call__(self, asked: Asked) -> Reply:
        if asked.path != "/api/log/":
            return Reply(b"<!doctype html><title>New API</title>", content_type="text/html")
        if asked.headers.get("authorization", "").removeprefix("Bearer ") != TOKEN:
            return Reply({"success": False, "message": "无权进行此操作，access token 无效"})
        if asked.headers.get("new-api-user") != self.user_id:
            return Reply({"success": False, "message": "无权进行此操作，未提供 New-Api-User"}, status=401)
        page = max(int(asked.query["p"]), 1)
        size = min(int(asked.query["page_size"]), self.cap)
        found = self.found(asked)
        items = found[(page - 1) * size : page * size]
        data = {"page": page, "page_size": size, "total": len(found), "items": items}
        return Reply({"success": True, "message": "", "data": data})

    def found(self, asked: Asked) -> list[dict[str, Any]]:
        first, last = int(asked.query["start_timestamp"]), int(asked.query["end_timestamp"])
        inside = [entry for entry in self.entries if first <= entry["created_at"] <= last]
        return sorted(inside, key=lambda entry: -entry["id"])


@dataclass
class OneApi(NewApi):
    """GET /api/log/ of one-api: a bare list of ten a page, pages from 0, and no header of its own."""

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization", "").removeprefix("Bearer ") != TOKEN:
            return Reply({"success": False, "message": "无权进行此操作，access token 无效"})
        number = max(int(asked.query["p"]), 0)
        return Reply({"success": True, "message": "", "data": self.found(asked)[number * 10 :][:10]})


def spend_row(number: int, at: datetime, **own: Any) -> dict[str, Any]:
    """A row of LiteLLM_SpendLogs as /spend/logs/v2 lists it."""
    return {
        "request_id": f"chatcmpl-{number:08d}",
        "call_type": "acompletion",
        "api_key": "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
        "spend": 1.4999999999999999e-05,
        "total_tokens": 30,
        "startTime": at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds"),
        "model": "gpt-4o-mini-2024-07-18",
        "model_group": "gpt-4o-mini",
        "user": "u_acme",
        "end_user": "",
        "team_id": None,
        "requester_ip_address": "203.0.113.77",
        "metadata": {"user_api_key_alias": "prod", "user_api_key": "88dc28d0", "error_information": {}},
        "status": "success",
        "litellm_call_id": f"call-{number:08d}",
        **own,
    }


@dataclass
class LiteLlm:
    """GET /spend/logs/v2 of LiteLLM; with `old`, only /spend/logs as it was before."""

    rows: list[dict[str, Any]]
    old: bool = False

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply(
                {"error": {"message": "Authentication Error, Invalid proxy server token"}}, status=401
            )
        if asked.path == "/spend/logs":
            assert asked.query["summarize"] == "false"
            return Reply(self._between(asked, "%Y-%m-%d"))
        if asked.path != "/spend/logs/v2" or self.old:
            return Reply({"detail": "Not Found"}, status=404)
        page, size = int(asked.query["page"]), int(asked.query["page_size"])
        found = self._between(asked, "%Y-%m-%d %H:%M:%S")
        pages = -(-len(found) // size)
        data = found[(page - 1) * size : page * size]
        head = {"total": len(found), "page": page, "page_size": size, "total_pages": pages}
        return Reply({"data": data, "total_is_capped": False, **head})

    def _between(self, asked: Asked, form: str) -> list[dict[str, Any]]:
        first, last = (
            datetime.strptime(asked.query[name], form).isoformat() for name in ("start_date", "end_date")
        )
        return [row for row in self.rows if first <= row["startTime"] <= last]
