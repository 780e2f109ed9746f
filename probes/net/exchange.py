"""One request, one fresh connection, one timed transcript: the only way the desk asks an endpoint."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass

from probes.net.addresses import BaseUrl, check_exception, read_base_url
from probes.net.backend import HTTP1, HTTP2, Emit, Line, Rules, open_line
from probes.net.failures import Broke, NetworkBroke, NotAsHttp, detail_of, failure_of
from probes.net.http1 import talk as talk_http1
from probes.net.http2 import talk as talk_http2
from probes.net.limits import CapReached, DeadlinePassed, GraceOver, Watch
from probes.net.limits import Caps as Caps
from probes.net.limits import Deadlines as Deadlines
from probes.net.refusals import Refused
from probes.net.resolve import Lookup, system_lookup
from probes.net.secret import SecretHeaders
from probes.net.transcript import Asked, Fields, Transcript
from probes.wire.dialects.base import WireRequest, join_url
from probes.wire.moments import Failed, Sending

log = logging.getLogger(__name__)
for _noisy in ("httpx", "httpcore", "hpack"):  # below WARNING they write URLs and headers
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
    http2: bool = False,
) -> None:
    """Send `request` once and tell `emit` what happens, as it happens, in the caller's thread.

    The moments are Resolved, Connected, TlsDone (https), Sending, Sent, Headers, a Chunk for every read of
    body bytes, and last of all Closed or Failed. What the endpoint does wrong is a Failed moment, never an
    exception. What `emit` raises travels up and abandons the exchange; raised for Sending, not a byte of the
    request has left. Redirects are not followed, bodies not decompressed, and proxies, .netrc and TLS
    settings of the environment not read. A 101 is followed by Closed, with nothing read or sent after it.

    With `http2` the server must choose h2 in the TLS handshake, and on plain http know it beforehand. There
    is no falling back: the answer of another HTTP would say nothing about this one.

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
        rules = Rules(
            exceptions=exceptions,
            never=to.never,
            ca_file=to.ca_file,
            lookup=lookup,
            protocol=HTTP2 if http2 else HTTP1,
        )
        with closing(open_line(url, rules=rules, watch=watch, caps=caps, emit=emit)) as line:
            with watch.stopped():  # the caller commits to the database that it sends
                emit(Sending(watch.ms()))
            watch.sending()
            asked = Asked(request.method, url, target, _with_secrets(fields, secret_headers), request.body)
            _talk(asked, line, Transcript(line, watch, emit, enough), http2=http2)
    except Refused as refused:
        log.warning("probe refused by the address rules: %s", refused.code)
        emit(_failed(watch, refused))
    except (NetworkBroke, DeadlinePassed, CapReached, NotAsHttp) as broke:
        emit(_failed(watch, broke))


def _failed(watch: Watch, broke: Broke) -> Failed:
    return Failed(watch.ms(), failure_of(broke), detail_of(broke))


def _talk(asked: Asked, line: Line, transcript: Transcript, *, http2: bool) -> None:
    talk = talk_http2 if http2 else talk_http1
    lingered = False
    try:
        talk(asked, line, transcript)
    except NotAsHttp:
        transcript.flush()  # what arrived before the fault is evidence
        raise
    except GraceOver:
        lingered = True
    transcript.end(lingered=lingered)


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


def _with_secrets(fields: Iterable[tuple[str, str]], secrets: SecretHeaders) -> Fields:
    hidden = {name.lower() for name in secrets}
    shown = [(name, value) for name, value in fields if name.lower() not in hidden]
    every = (*shown, *secrets.items())
    return tuple((name.encode("ascii"), value.encode("latin-1")) for name, value in every)
