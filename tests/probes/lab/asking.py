"""Asks the lab over a plain socket and keeps what an HTTP client would smooth over."""

import json
import socket
import time
from dataclasses import dataclass, field
from typing import Any

from probes.lab.server import Lab

KEY = "sk-lab-" + "test"
CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"
PATHS = (CHAT, RESPONSES, MESSAGES)


@dataclass
class Reply:
    """All that came back. `arrivals` are the reads with their seconds since the request was sent."""

    arrivals: list[tuple[float, bytes]] = field(default_factory=list)
    was_reset: bool = False
    seconds: float = 0.0

    @property
    def raw(self) -> bytes:
        return b"".join(data for _, data in self.arrivals)

    @property
    def status(self) -> int:
        return int(self.raw.split(b" ", 2)[1])

    @property
    def headers(self) -> dict[str, str]:
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return dict(line.split(": ", 1) for line in lines)

    @property
    def rest(self) -> bytes:
        """Everything after the headers, chunk sizes included."""
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def body(self) -> bytes:
        """The body without chunk sizes, as far as it came."""
        return b"".join(self.chunks) if "transfer-encoding" in self.headers else self.rest

    @property
    def chunks(self) -> list[bytes]:
        return self._read_chunks()[0]

    @property
    def ended_properly(self) -> bool:
        return self._read_chunks()[1]

    def json(self) -> Any:
        return json.loads(self.body)

    def _read_chunks(self) -> tuple[list[bytes], bool]:
        found, left = [], self.rest
        while left:
            size, _, left = left.partition(b"\r\n")
            if size == b"0":
                return found, True
            found.append(left[: int(size, 16)])
            left = left[int(size, 16) + 2 :]
        return found, False


def request_bytes(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    fields = {"host": "lab", "content-type": "application/json", "content-length": str(len(body))} | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def connect(lab: Lab) -> socket.socket:
    return socket.create_connection((lab.host, lab.port), timeout=10)


def ask(lab: Lab, model: str, *, path: str = CHAT, stream: bool = False, **fields: Any) -> Reply:
    """One call on a connection of its own, read until the lab hangs up."""
    body = json.dumps({"model": model, "stream": stream, "messages": [], **fields}).encode()
    headers = {"authorization": f"Bearer {KEY}", "connection": "close"}
    with connect(lab) as line:
        line.sendall(request_bytes(path, body, headers))
        return read_all(line)


def read_all(line: socket.socket) -> Reply:
    reply, began = Reply(), time.monotonic()
    try:
        while data := line.recv(65536):
            reply.arrivals.append((time.monotonic() - began, data))
    except ConnectionResetError:
        reply.was_reset = True
    reply.seconds = time.monotonic() - began
    return reply


def events(body: bytes) -> list[Any]:
    """The JSON of every event; a marker stays text."""
    lines = [line.removeprefix(b"data: ") for line in body.split(b"\n") if line.startswith(b"data: ")]
    return [line.decode() if line == b"[DONE]" else json.loads(line) for line in lines]


def chat_text(body: bytes) -> str:
    """What a chat stream said, put together."""
    deltas = [choice["delta"] for event in events(body) if event != "[DONE]" for choice in event["choices"]]
    return "".join(delta.get("content") or "" for delta in deltas)
