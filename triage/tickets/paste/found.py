"""What a paste says: fields with the line each came from, the ids of its hops, and what was left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Why(StrEnum):
    """Why a part of a paste is not kept."""

    MASKED = "masked"  # a secret or personal data that was masked before the paste was read
    SECRET_HEADER = "secret_header"  # noqa: S105 (the reason, not a secret)
    PROMPT = "prompt"  # what the customer sent to the model
    ANSWER = "answer"  # what the model said
    HEADER = "header"  # a header that decides nothing
    FRAMES = "frames"  # the stack of a traceback
    CONNECTION = "connection"  # how curl got there
    QUERY = "query"  # what stands behind ? in an address
    ALLOWANCE = "allowance"  # how often the client may retry, which is not how often it did
    TOO_LONG = "too_long"  # beyond what is read


class Remark(StrEnum):
    """What somebody should know of a suggestion or an id."""

    NO_ZONE = "no_zone"  # a time that names no zone
    NO_YEAR = "no_year"  # a date that names no year
    FROM_ID = "from_id"  # a time that stands in a request id, by the gateway's own clock
    DEFAULT = "default"  # nothing says so; it is what the API does when nothing is said
    DISAGREES = "disagrees"  # an id that was made at another time than the paste states
    SERVER_CLOCK = "server_clock"  # a time in UTC, as servers write it: the customer's zone is another matter
    ID_ZONE = "id_zone"  # an id whose time fits, in the zone that it shows


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value for a field of the form, as somebody would type it there. Lines count from 1."""

    field: str
    value: str
    line: int
    quote: str  # of that line, shortened
    remark: str = ""


@dataclass(frozen=True, slots=True)
class RequestId:
    """One hop's id. `made_at` is the time that it carries, ISO 8601, or empty."""

    place: str  # the header's name, or "text"
    value: str
    line: int
    made_at: str = ""
    remark: str = ""

    @property
    def own_clock(self) -> str:
        """The time as the gateway wrote it, where nothing tells its zone; else empty."""
        is_zoned = not self.made_at or datetime.fromisoformat(self.made_at).tzinfo
        return "" if is_zoned else self.made_at.replace("T", " ")


@dataclass(frozen=True, slots=True)
class Discarded:
    """Lines `line` to `until` were left out of the suggestions, and why."""

    line: int
    why: str
    until: int


@dataclass(frozen=True, slots=True)
class Paste:
    """`suggestions`: the likeliest first within each field; `error_code` and `error_type` are no fields."""

    suggestions: tuple[Suggestion, ...] = ()
    chain: tuple[RequestId, ...] = ()
    discarded: tuple[Discarded, ...] = ()

    def best(self) -> Mapping[str, Suggestion]:
        """The likeliest suggestion of each field."""
        return {suggestion.field: suggestion for suggestion in reversed(self.suggestions)}

    def values(self) -> Mapping[str, str]:
        return {name: suggestion.value for name, suggestion in self.best().items()}

    def of(self, field: str) -> Sequence[Suggestion]:
        return [suggestion for suggestion in self.suggestions if suggestion.field == field]


# --- what the readers hand to each other ---


class Weight(IntEnum):
    """How much a sighting counts against another one of the same field."""

    FAINT = 20
    HINT = 40
    NAMED = 60
    SEEN = 80  # as the machine itself wrote it
    SAID = 90  # as somebody filled it in


@dataclass(frozen=True, slots=True)
class Sighting:
    """A value that stands in a line."""

    field: str
    value: str
    line: int
    weight: int = Weight.NAMED
    remark: str = ""


class Role(IntEnum):
    """What a line is good for; of two roles the greater one holds."""

    ASIDE = 0  # nothing: it is read as if nobody had marked it
    STORY = 1  # it tells of the failure, and belongs into the error text
    READ = 2  # all that it says stands in a field
    LEFT_OUT = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """Lines `line` to `until` have this role."""

    line: int
    until: int
    role: Role
    why: str = ""


@dataclass(frozen=True, slots=True)
class IdSeen:
    """A request id where it stands."""

    place: str
    value: str
    line: int


Found = Sighting | Mark | IdSeen
Finds = Iterator[Found]
