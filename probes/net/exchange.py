"""One request, one fresh connection, one timed transcript: the only way the desk asks an endpoint."""

import logging
import re
import ssl
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import httpcore

from probes.net.addresses import BaseUrl, check_exception, read_base_url
from probes.net.backend import Emit, Line, NetworkBroke, Rules, Stage, open_line
from probes.net.limits import CapReached, DeadlinePassed, GraceOver, Watch
from probes.net.limits import Caps as Caps
from probes.net.limits import Deadlines as Deadlines
from probes.net.refusals import Refused
from probes.net.resolve import Lookup, system_lookup
from probes.net.secret import SecretHeaders
from probes.wire.dialects.base import WireRequest, join_url
from probes.wire.facts import Failure
from probes.wire.moments import Chunk, Closed, Failed, Headers, Sending, Sent

log = logging.getLogger(__name__)
for _noisy in ("httpx", "httpcore"):  # below WARNING they write URLs and headers
    logging.getLogger(_noisy).setLevel(logging.WARNING)

_TARGET = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a request goes, as an admin registered it."""

    base_url: str
    allowed_addresses: frozenset[str] = frozenset()  # exact "host:port" exceptions, see check_exception
    allow_http: bool = False
    ca_file: str = ""  # PEM file of issuers to believe instead of the public ones
    never: frozenset[str] = frozenset()  # "address:port" of the desk's own services


class PathUnusable(ValueError):
    """A request path with characters that no request line can carry."""


class NotAsHttp(Exception):
    """The answer broke the rules of HTTP; `failure` says how."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def exchange(
    request: WireRequest,
    *,
    to: Destination,
    secret_headers: Mapping[str, str],
    deadlines: Deadlines = Deadlines(),  # noqa: B008  (frozen)
    caps: Caps = Caps(),  # noqa: B008  (frozen)
    emit: Emit,
    enough: Callable[[], bool] | None = None,
    lookup: Lookup = system_lookup,
) -> None:
    """Send `request` once and tell `emit` what happens, as it happens, in the caller's thread.

    The moments are Resolved, Connected, TlsDone (https), Sending, Sent, Headers, a Chunk for every read of
    body bytes, and last of all Closed or Failed. What the endpoint does wrong is a Failed moment, never an
    exception. What `emit` raises travels up and abandons the exchange; raised for Sending, not a byte of the
    request has left. Redirects are not followed, bodies not decompressed, and proxies, .netrc and TLS
    settings of the environment not read.

    `enough`, asked after every Chunk, says that nothing more is expected: the server may then linger for
    `deadlines.grace_s` before the exchange ends as Closed. Raises SecretUnusable, PathUnusable and, for an
    unreadable `ca_file`, OSError: all of them before anything is sent.
    """
    secret_headers = SecretHeaders(secret_headers)  # so that no frame of a traceback shows them
    watch = Watch(deadlines)
    try:
        exceptions = frozenset(map(check_exception, to.allowed_addresses))
        url = read_base_url(to.base_url, allow_http=to.allow_http, exceptions=exceptions)
        target, fields = _target(url, request), _public_fields(url, request)
        rules = Rules(exceptions=exceptions, never=to.never, ca_file=to.ca_file, lookup=lookup)
        with closing(open_line(url, rules=rules, watch=watch, caps=caps, emit=emit)) as line:
            emit(Sending(watch.ms()))
            watch.sending()
            asked = _http_request(
                request, url, target, _with_secrets(fields, secret_headers), lambda: emit(Sent(watch.ms()))
            )
            _talk(asked, line, _Reads(line, watch, emit, enough), emit)
    except Refused as refused:
        log.warning("probe refused by the address rules: %s", refused.code)
        emit(Failed(watch.ms(), Failure.ADDRESS_REFUSED))
    except (NetworkBroke, DeadlinePassed, CapReached, NotAsHttp) as broke:
        emit(Failed(watch.ms(), failure_of(broke)))


_STAGES: Mapping[Stage, Failure] = {
    Stage.RESOLVING: Failure.DNS,
    Stage.CONNECTING: Failure.CONNECT_REFUSED,
    Stage.SECURING: Failure.TLS_PROTOCOL,
    Stage.WRITING: Failure.WRITE_FAILED,
    Stage.READING: Failure.RESET,
}
_CERTIFICATES: Mapping[int, Failure] = {  # X509_V_ERR_* of OpenSSL; all others are an issue of trust
    9: Failure.TLS_EXPIRED,  # not yet valid
    10: Failure.TLS_EXPIRED,
    62: Failure.TLS_WRONG_NAME,
    64: Failure.TLS_WRONG_NAME,  # an address instead of a name
}


def failure_of(broke: NetworkBroke | DeadlinePassed | CapReached | NotAsHttp) -> Failure:
    """The one table from what broke to its name."""
    match broke:
        case NetworkBroke(cause=ssl.SSLCertVerificationError() as error):
            return _CERTIFICATES.get(error.verify_code, Failure.TLS_UNTRUSTED)
        case NetworkBroke(stage=Stage.CONNECTING, cause=TimeoutError()):
            return Failure.CONNECT_TIMEOUT
        case NetworkBroke():
            return _STAGES[broke.stage]
        case CapReached():
            return Failure.TOO_LARGE
        case _:
            return broke.failure


def _protocol_failure(line: Line) -> Failure:
    """What the HTTP parser's complaint means: nonsense, or an answer that stopped too early."""
    if not line.ended:
        return Failure.BAD_PROTOCOL
    if line.in_body:
        return Failure.INCOMPLETE_BODY
    return Failure.BAD_PROTOCOL if line.bytes_read else Failure.NO_RESPONSE


class _Reads:
    """Turns body data into Chunks: one for each read of the socket, however many HTTP chunks it held."""

    def __init__(self, line: Line, watch: Watch, emit: Emit, enough: Callable[[], bool] | None) -> None:
        self._line, self._watch, self._emit, self._enough = line, watch, emit, enough
        self._pieces: list[bytes] = []
        self._began = False
        line.before_read = self.flush

    def take(self, piece: bytes) -> None:
        if not self._began:
            self._began = True
            self._watch.body_began()
        self._pieces.append(piece)

    def flush(self) -> None:
        """Emit what the last read brought; called before the next one may wait."""
        if not self._pieces:
            return
        data = b"".join(self._pieces)
        self._pieces.clear()
        self._emit(Chunk(self._line.read_at_ms, data))
        if self._enough and self._enough():
            self._watch.only_grace()


def _talk(asked: httpcore.Request, line: Line, reads: _Reads, emit: Emit) -> None:
    connection = httpcore.HTTP11Connection(asked.url.origin, line)
    lingered = False
    try:
        answer = connection.handle_request(asked)
        line.headers_ended()
        emit(_headers(answer, line.read_at_ms))
        for piece in answer.iter_stream():
            reads.take(piece)
    except httpcore.RemoteProtocolError as error:
        reads.flush()
        raise NotAsHttp(_protocol_failure(line)) from error
    except GraceOver:
        lingered = True
    reads.flush()
    emit(Closed(line.read_at_ms, lingered))


def _headers(answer: httpcore.Response, at_ms: float) -> Headers:
    version = answer.extensions["http_version"].decode("ascii")
    fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers)
    return Headers(at_ms, answer.status, version, fields)


def _target(url: BaseUrl, request: WireRequest) -> bytes:
    """What the request line says, with nothing normalised. Raises PathUnusable."""
    target = join_url(str(url), request.path).removeprefix(f"{url.scheme}://{url.authority}")
    if not _TARGET.fullmatch(target):
        raise PathUnusable(
            "the path of the request holds spaces or characters outside ASCII: percent-encode them"
        )
    return target.encode("ascii")


def _public_fields(url: BaseUrl, request: WireRequest) -> tuple[tuple[str, str], ...]:
    """The headers of the request, completed by those that HTTP needs and it does not name itself."""
    own = {"host": url.authority, "accept-encoding": "identity"}
    if request.body or request.method == "POST":
        own["content-length"] = str(len(request.body))
    named = {name.lower() for name, _ in request.headers}
    return (*((name, value) for name, value in own.items() if name not in named), *request.headers)


def _with_secrets(fields: Iterable[tuple[str, str]], secrets: SecretHeaders) -> list[tuple[bytes, bytes]]:
    hidden = {name.lower() for name in secrets}
    shown = [(name, value) for name, value in fields if name.lower() not in hidden]
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in (*shown, *secrets.items())]


def _http_request(
    request: WireRequest,
    url: BaseUrl,
    target: bytes,
    fields: list[tuple[bytes, bytes]],
    on_sent: Callable[[], None],
) -> httpcore.Request:
    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith("send_request_body.complete"):
            on_sent()

    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.scheme.encode(), host=url.host.encode(), port=url.port, target=target),
        headers=fields,
        content=request.body,
        extensions={"trace": trace},
    )
