"""Real loopback servers that misbehave as told, and what they saw."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator

Script = Callable[[socket.socket, "Served"], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"


class Served:
    """A running server: `port`, how many connected, and every byte they sent after TLS."""

    def __init__(self, script: Script, *, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family)
        self.host, self.port = host, self._listener.getsockname()[1]
        self._script, self._tls = script, tls
        self._lock = threading.Lock()
        self.connections = 0
        self.received = bytearray()
        self.accepted = threading.Event()
        self.stopping = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def entry(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def read_request(self, conn: socket.socket) -> bytes:
        """Read headers and the counted body."""
        request = b""
        while b"\r\n\r\n" not in request or len(request) < _expected(request):
            data = conn.recv(65536)
            if not data:
                break
            self.note(data)
            request += data
        return request

    def note(self, data: bytes) -> None:
        with self._lock:
            self.received += data

    def stop(self) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self.accepted.set()
            thread = threading.Thread(target=self._serve, args=(conn,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, conn: socket.socket) -> None:
        with contextlib.suppress(OSError):
            secured = self._tls.wrap_socket(conn, server_side=True) if self._tls else conn
            with secured:
                self._script(secured, self)
        conn.close()


def _expected(request: bytes) -> int:
    head, _, _ = request.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(head) + 4 + int(line.partition(b":")[2])
    return len(head) + 4


@contextlib.contextmanager
def served(
    script: Script, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Served]:
    server = Served(script, host=host, port=port, tls=tls)
    try:
        yield server
    finally:
        server.stop()


def answer(*pieces: bytes, before_each: float = 0) -> Script:
    """Read the request, send the pieces, close."""

    def script(conn: socket.socket, server: Served) -> None:
        _say(conn, server, pieces, before_each)
        drain(conn, server)

    return script


def _say(conn: socket.socket, server: Served, pieces: tuple[bytes, ...], before_each: float) -> None:
    server.read_request(conn)
    for piece in pieces:
        if server.stopping.wait(before_each):
            return
        conn.sendall(piece)


def drain(conn: socket.socket, server: Served) -> None:
    """Say that nothing more comes, and hear the peer out: what is left unread makes a close a reset."""
    with contextlib.suppress(OSError):
        conn.shutdown(socket.SHUT_WR)
        hold(conn, server)


def hold(conn: socket.socket, server: Served) -> None:
    """Keep the connection open in silence; note what still comes."""
    conn.settimeout(0.02)
    while not server.stopping.is_set():
        with contextlib.suppress(TimeoutError):
            received = conn.recv(65_536)
            if not received:
                return
            server.note(received)


def answer_then_hold(*pieces: bytes, before_each: float = 0) -> Script:
    """Read the request, send the pieces, keep the connection open in silence."""

    def script(conn: socket.socket, server: Served) -> None:
        _say(conn, server, pieces, before_each)
        server.stopping.wait(10)

    return script


def answer_then_reset(*pieces: bytes) -> Script:
    """Read the request, send the pieces, then RST; the pause lets the peer read what was sent before."""

    def script(conn: socket.socket, server: Served) -> None:
        _say(conn, server, pieces, before_each=0)
        server.stopping.wait(0.1)
        reset(conn)

    return script


def drip(start: bytes, byte: bytes, *, every: float) -> Script:
    """Read the request, send `start`, then one piece at a time without end."""

    def script(conn: socket.socket, server: Served) -> None:
        server.read_request(conn)
        conn.sendall(start)
        while not server.stopping.wait(every):
            conn.sendall(byte)

    return script


def flood(start: bytes, piece: bytes) -> Script:
    """Read the request, send `start`, then `piece` as fast as it is taken, without end."""
    return drip(start, piece, every=0)


def reset(conn: socket.socket) -> None:
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


def silent(conn: socket.socket, server: Served) -> None:
    """Accept and say nothing at all."""
    server.stopping.wait(10)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"
