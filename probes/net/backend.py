"""The only sockets of the product: vets every address of a name, connects to no other, keeps the limits."""

import contextlib
import functools
import socket
import ssl
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass

import certifi
import httpcore

from probes.net.addresses import BaseUrl, entry_of, vet
from probes.net.failures import NetworkBroke, NotAsHttp, Stage, tls_words
from probes.net.limits import CapReached, Caps, Watch
from probes.net.resolve import DNS_TIMEOUT_S, Lookup, absolute, resolve, system_lookup
from probes.wire.facts import Failure
from probes.wire.moments import Connected, Moment, Resolved, TlsDone

Emit = Callable[[Moment], None]

HTTP1, HTTP2 = "http/1.1", "h2"  # as ALPN names them
NO_HTTP2 = "server does not offer h2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Whom the desk may connect to, whom it believes, whom it asks for addresses, and which HTTP it wants."""

    exceptions: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    ca_file: str = ""
    lookup: Lookup = system_lookup
    protocol: str = HTTP1


_open_lines: "weakref.WeakSet[Line]" = weakref.WeakSet()
_open_lock = threading.Lock()


def hang_up_all() -> None:
    """Hang up on every endpoint that this process talks to."""
    with _open_lock:
        lines = tuple(_open_lines)
    for line in lines:
        line.hang_up()


class Line(httpcore.NetworkStream):
    """One connection on which every read and write keeps the deadlines and caps.

    Breaks with NetworkBroke, CapReached or what the watch raises. Of httpcore's own exceptions it knows
    WriteError alone, after which httpcore still reads: a server may refuse a request before it has read it.
    """

    def __init__(self, sock: socket.socket, *, watch: Watch, caps: Caps) -> None:
        self._sock = sock
        self._watch = watch
        self._caps = caps
        self._bytes_allowed = caps.header_bytes
        self._reads_allowed: int | None = None
        self._write_error: OSError | None = None
        self.before_read: Callable[[], None] = lambda: None
        self.every_read_counts = False  # as a sign of life in the body; else only what brings a piece of it
        self.bytes_read = 0
        self.reads = 0
        self.read_at_ms = 0.0
        self.ended = False  # the peer closed its side
        with _open_lock:
            _open_lines.add(self)

    def headers_ended(self) -> None:
        """What is read from here on counts as body."""
        self._bytes_allowed = self.bytes_read + self._caps.body_bytes
        self._reads_allowed = self.reads + self._caps.body_reads

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.before_read()
        room = self._bytes_allowed - self.bytes_read
        if room <= 0:
            raise CapReached("body_bytes" if self.in_body else "header_bytes")
        if self.reads == self._reads_allowed:
            raise CapReached("body_reads")
        data = self._receive(min(max_bytes, room))
        self.read_at_ms = self._watch.ms()
        if self.every_read_counts:
            self._watch.read_something()
        self.reads += 1
        self.bytes_read += len(data)
        self.ended = not data
        if self.ended and not self.in_body and self._write_error:
            raise NetworkBroke(Stage.WRITING, self._write_error)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            rest = rest[self._send(rest) :]

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "Line":
        self._sock.settimeout(self._watch.left())  # for the handshake as a whole, see do_handshake in _ssl.c
        try:
            self._sock = secured = ssl_context.wrap_socket(
                self._sock, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            secured.do_handshake()  # of its own, for wrap_socket leaves it out on a peer that is gone already
        except TimeoutError as error:
            raise self._overrun(error, Stage.SECURING) from None
        except OSError as error:
            raise NetworkBroke(Stage.SECURING, error) from error
        return self

    @property
    def body_cap(self) -> int:
        return self._caps.body_bytes

    @property
    def in_body(self) -> bool:
        return self._reads_allowed is not None

    @property
    def protocol(self) -> str:
        """What the server chose of ALPN; empty when it chose nothing."""
        return (self._sock.selected_alpn_protocol() or "") if isinstance(self._sock, ssl.SSLSocket) else ""

    @property
    def tls_version(self) -> str:
        return (self._sock.version() or "") if isinstance(self._sock, ssl.SSLSocket) else ""

    def close(self) -> None:
        self._sock.close()

    def hang_up(self) -> None:
        """Called from another thread: whoever waits on this line reads its end at once."""
        with contextlib.suppress(OSError):  # it was closed meanwhile
            # The base class's own, since SSLSocket's takes TLS away from under the thread that reads.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def _receive(self, most: int) -> bytes:
        self._sock.settimeout(self._watch.left())
        try:
            return self._sock.recv(most)
        except TimeoutError as error:
            raise self._overrun(error, Stage.READING) from None
        except OSError as error:
            if self._write_error and not self.in_body:
                raise NetworkBroke(Stage.WRITING, self._write_error) from error
            raise NetworkBroke(Stage.READING, error) from error

    def _send(self, data: memoryview) -> int:
        self._sock.settimeout(self._watch.left())
        try:
            return self._sock.send(data)
        except TimeoutError as error:
            raise self._overrun(error, Stage.WRITING) from None
        except OSError as error:
            self._write_error = error
            raise httpcore.WriteError from error

    def _overrun(self, error: TimeoutError, stage: Stage) -> Exception:
        """A TimeoutError with a number is the system's own (ETIMEDOUT), not one of our deadlines."""
        return NetworkBroke(stage, error) if error.errno else self._watch.overrun()


def open_line(url: BaseUrl, *, rules: Rules, watch: Watch, caps: Caps, emit: Emit) -> Line:
    """Resolve, connect and, for https, shake hands under the name of `url`: the first three moments.

    Raises AddressRefused, NetworkBroke, what the watch raises, and NotAsHttp when HTTP/2 is wanted and the
    server does not choose it.
    """
    context = trust(rules.ca_file, rules.protocol) if url.scheme == "https" else None
    addresses = _resolve(url, rules, watch)
    emit(Resolved(watch.ms(), addresses))
    for address in addresses:
        _vet(address, url, rules)
    sock, peer = _connect_to_one(addresses, url.port, watch)
    line = Line(sock, watch=watch, caps=caps)
    try:
        _vet(peer, url, rules)
        emit(Connected(watch.ms(), peer))
        if context:
            _secure(line, context, url.host, rules.protocol)
            emit(TlsDone(watch.ms(), line.tls_version))
            _check_protocol(line, rules.protocol)
    except BaseException:
        line.close()
        raise
    return line


@functools.lru_cache(maxsize=16)
def trust(ca_file: str = "", protocol: str = HTTP1) -> ssl.SSLContext:
    """The issuers that https must show: those of `ca_file`, or the public ones. Shared by all exchanges.

    Offers `protocol` alone, so that the server's choice tells whether it speaks it.

    Built by hand, since ssl.create_default_context obeys SSLKEYLOGFILE and SSL_CERT_FILE of the environment.
    Raises OSError when the file cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies certificate and name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=ca_file or certifi.where())
    context.set_alpn_protocols([protocol])
    return context


def _secure(line: Line, context: ssl.SSLContext, name: str, protocol: str) -> None:
    """Some servers refuse the handshake for want of a common protocol, others go on without one."""
    try:
        line.start_tls(context, name)
    except NetworkBroke as broke:
        said = tls_words(broke.cause) if isinstance(broke.cause, ssl.SSLError) else ""
        if protocol == HTTP2 and said.endswith("no application protocol"):
            raise NotAsHttp(Failure.BAD_PROTOCOL, NO_HTTP2) from broke
        raise


def _check_protocol(line: Line, protocol: str) -> None:
    if protocol == HTTP2 and line.protocol != HTTP2:
        raise NotAsHttp(Failure.BAD_PROTOCOL, NO_HTTP2)


def _resolve(url: BaseUrl, rules: Rules, watch: Watch) -> tuple[str, ...]:
    name = absolute(url.host, as_written=entry_of(url.host, url.port) in rules.exceptions)
    within_s = min(DNS_TIMEOUT_S, watch.left())
    try:
        return resolve(name, url.port, within_s=within_s, lookup=rules.lookup)
    except (OSError, UnicodeError) as error:
        raise NetworkBroke(Stage.RESOLVING, error) from error


def _vet(address: str, url: BaseUrl, rules: Rules) -> None:
    vet(address, url.port, exceptions=rules.exceptions, name=url.host, never=rules.never)


def _connect_to_one(addresses: tuple[str, ...], port: int, watch: Watch) -> tuple[socket.socket, str]:
    """The first address that answers. Each may use an equal share of the time that is left."""
    errors: list[OSError] = []
    for waiting, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        try:
            return _connect(address, port, timeout_s=watch.left() / waiting)
        except OSError as error:
            errors.append(error)
    watch.left()  # names the deadline, when it was one
    raise NetworkBroke(Stage.CONNECTING, errors[-1])


def _connect(address: str, port: int, *, timeout_s: float) -> tuple[socket.socket, str]:
    """The socket, and the peer's address as the system says; a peer that reset at once has none: OSError."""
    sock = socket.create_connection((address, port), timeout=timeout_s)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock, str(sock.getpeername()[0])
    except OSError:
        sock.close()
        raise
