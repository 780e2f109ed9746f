"""Decodes an event stream by the WHATWG rules, and keeps what an ordinary parser drops."""

from dataclasses import dataclass
from typing import NamedTuple


class Event(NamedTuple):
    """One dispatched event: `id` is the last one seen so far, `retry` what this event itself named."""

    event: str
    data: str
    id: str
    retry: int | None


@dataclass(frozen=True, slots=True)
class Tail:
    """What was left when the stream ended inside an event; false when nothing was."""

    event: str = "message"
    data: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


class Decoder:
    def __init__(self, max_event: int = 1 << 20) -> None:
        raise NotImplementedError

    def feed(self, chunk: bytes) -> list[Event]:
        raise NotImplementedError

    def close(self) -> Tail:
        raise NotImplementedError
