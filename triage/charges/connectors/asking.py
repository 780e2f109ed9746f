"""One GET to a billing system through the only sockets of the desk, and its answer as parsed JSON."""

from collections.abc import Mapping
from datetime import datetime

from probes.net.exchange import Caps, Deadlines, Destination, PathUnusable, exchange
from probes.net.resolve import Lookup, system_lookup
from probes.wire.body import Body
from probes.wire.dialects.base import WireRequest, reading_headers
from probes.wire.facts import BodyKind, Failure
from probes.wire.moments import Chunk, Failed, Headers, Moment
from probes.wire.retry_hints import resolve_retry
from probes.wire.times import moment_of
from triage.charges.connectors.faults import FetchCode, FetchFault
from triage.charges.connectors.shape import Answer, parse_json

LONGEST_WAIT_S = 24 * 3600
DEFAULT_WAIT_S = 60
_EXCERPT = 64 * 1024  # of an answer that is no list of charges
CAPS = Caps(body_bytes=8 * 1024 * 1024)
DEADLINES = Deadlines(connect_s=10, first_byte_s=30, idle_s=20, total_s=60)
_STATUSES = {
    401: FetchCode.DENIED,
    403: FetchCode.DENIED,
    404: FetchCode.NOT_FOUND,
    405: FetchCode.NOT_FOUND,
    429: FetchCode.RATE_LIMITED,
}


class MustWait(FetchFault):
    """The system asked for patience: nothing is sent to it for `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(FetchCode.RATE_LIMITED)
        self.wait_s = min(max(wait_s, 1), LONGEST_WAIT_S)


class _Heard:
    """Collects what one exchange said."""

    def __init__(self) -> None:
        self.head: Headers | None = None
        self.failed: Failed | None = None
        self.body = Body(cap=_EXCERPT)
        self.data = bytearray()

    def take(self, moment: Moment) -> None:
        match moment:
            case Headers():
                self.head = moment
            case Chunk(data=data):
                self.body.add(data)
                self.data += data
            case Failed():
                self.failed = moment


def ask(
    path: str,
    *,
    to: Destination,
    headers: Mapping[str, str],
    secret_headers: Mapping[str, str],
    now: datetime,
    deadlines: Deadlines = DEADLINES,
    lookup: Lookup = system_lookup,
) -> Answer:
    """The answer to one GET. Raises FetchFault, or MustWait for a 429, with text of the answer unmasked.

    Redirects are not followed, and nothing is asked a second time.
    """
    request = WireRequest("GET", path, (*reading_headers(stream=False), *headers.items()), b"")
    heard = _Heard()
    try:
        exchange(
            request,
            to=to,
            secret_headers=secret_headers,
            deadlines=deadlines,
            caps=CAPS,
            emit=heard.take,
            lookup=lookup,
        )
    except PathUnusable:
        raise FetchFault(FetchCode.OTHER_SHAPE, "the next page has an address that cannot be asked") from None
    return _answer(heard, now)


def _answer(heard: _Heard, now: datetime) -> Answer:
    if heard.failed:
        raise _broken(heard.failed)
    if heard.head is None:
        raise FetchFault(FetchCode.UNREACHABLE, Failure.NO_RESPONSE)
    fields = {name.lower(): value for name, value in heard.head.fields}
    if heard.head.status != 200:
        raise _refused(heard.head.status, fields, heard.body, now)
    try:
        return Answer(parse_json(bytes(heard.data)), fields)
    except ValueError:
        is_page = heard.body.kind(has_events=False) is BodyKind.HTML
        raise FetchFault(FetchCode.HTML if is_page else FetchCode.NOT_JSON, heard.body.text()) from None


def _broken(failed: Failed) -> FetchFault:
    match failed.failure:
        case Failure.ADDRESS_REFUSED:
            return FetchFault(FetchCode.ADDRESS_REFUSED, failed.detail)
        case Failure.TOO_LARGE:
            return FetchFault(FetchCode.TOO_LARGE, failed.detail)
        case _:
            return FetchFault(FetchCode.UNREACHABLE, " ".join(filter(None, (failed.failure, failed.detail))))


def _refused(status: int, fields: Mapping[str, str], body: Body, now: datetime) -> FetchFault:
    if status == 429:
        return MustWait(_wait_s(fields, body, now))
    if 300 <= status < 400:
        return FetchFault(FetchCode.REDIRECTED, f"{status} {fields.get('location', '')}")
    code = _STATUSES.get(status) or (FetchCode.SERVER_ERROR if status >= 500 else FetchCode.BAD_STATUS)
    return FetchFault(code, f"{status} {body.text()}")


def _wait_s(fields: Mapping[str, str], body: Body, now: datetime) -> float:
    _found, document = body.document()
    hint = resolve_retry(fields, document, text=body.text(), now=now)
    return DEFAULT_WAIT_S if hint.seconds is None else hint.seconds


def clock_of(headers: Mapping[str, str]) -> datetime | None:
    """The server's own time, to the second, where its answer says it."""
    return moment_of(headers.get("date"))
