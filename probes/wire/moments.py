"""The timed transcript of one attempt: what happened on the wire, and when.

Every `at_ms` counts milliseconds from the start of the attempt, so a stored
transcript replays to the same facts.
"""

from dataclasses import dataclass, field

from probes.wire.facts import Failure


@dataclass(frozen=True, slots=True)
class Resolved:
    at_ms: float
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Connected:
    at_ms: float
    address: str


@dataclass(frozen=True, slots=True)
class TlsDone:
    at_ms: float
    version: str


@dataclass(frozen=True, slots=True)
class Sending:
    """The connection stands and the first byte of the request is about to leave."""

    at_ms: float


@dataclass(frozen=True, slots=True)
class Sent:
    """The whole request left for the peer: from here on it may be billed."""

    at_ms: float


@dataclass(frozen=True, slots=True)
class Headers:
    at_ms: float
    status: int
    http_version: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One read of body bytes, transfer coding undone, content coding not."""

    at_ms: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Closed:
    """The response ended as HTTP says it should, or the server lingered after all was said.

    After a 101 the desk hangs up: another protocol would begin.
    """

    at_ms: float  # of the last byte, also when the server lingered
    lingered: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """The exchange broke; nothing follows."""

    at_ms: float
    failure: Failure
    detail: str = ""  # a short word of the system, TLS, HTTP/2 or our own codes; never of the answer


Moment = Resolved | Connected | TlsDone | Sending | Sent | Headers | Chunk | Closed | Failed
