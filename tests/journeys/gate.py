"""A gate before the lab: it lets an answer through up to a chosen byte, and the rest when it is told to."""

import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress

PATIENCE_S = 120.0

Enough = Callable[[bytes], bool]
"""Told all bytes of an answer so far: whether the gate shuts behind them."""


def nothing(answer: bytes) -> bool:
    return True


def half_a_body(answer: bytes) -> bool:
    _head, _blank, body = answer.partition(b"\r\n\r\n")
    return len(body) >= 40


def some_events(answer: bytes) -> bool:
    return answer.count(b"data: ") >= 3


class Gate:
    """Stands for one endpoint. Holds the answer to the `nth` request, once, and counts what was sent."""

    def __init__(self, lab_port: int, *, nth: int = 0, shut: Enough = nothing) -> None:
        self._lab_port, self._nth, self._shut = lab_port, nth, shut
        self._opened = threading.Event()
        self._lock = threading.Lock()
        self.holding = threading.Event()
        self.posts: Counter[str] = Counter()  # by step
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def open(self) -> None:
        self._opened.set()

    def close(self) -> None:
        self.open()
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        lab = socket.create_connection(("127.0.0.1", self._lab_port))
        with closing(client), closing(lab), suppress(OSError):
            request = _whole_request(client)
            if not request:
                return
            held = self._count(request) == self._nth
            lab.sendall(request)
            self._answer(client, lab, held)

    def _count(self, request: bytes) -> int:
        """The how-manieth request this is."""
        with self._lock:
            self.posts["stream" if b'"stream":true' in request else "control"] += 1
            return sum(self.posts.values())

    def _answer(self, client: socket.socket, lab: socket.socket, held: bool) -> None:
        answer = b""
        if held and self._shut is nothing:
            self._hold()
            held = False
        while piece := lab.recv(300):
            client.sendall(piece)
            answer += piece
            if held and self._shut(answer):
                self._hold()
                held = False

    def _hold(self) -> None:
        self.holding.set()
        self._opened.wait(PATIENCE_S)


def _whole_request(client: socket.socket) -> bytes:
    """Head and counted body, or nothing when the client left before it sent them."""
    request = b""
    while piece := client.recv(65536):
        request += piece
        head, blank, body = request.partition(b"\r\n\r\n")
        if blank and len(body) >= _length(head):
            return request
    return b""


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
