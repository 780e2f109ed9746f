"""What a page tells of masking: the pieces that were masked, and the fields that had to be withheld."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from probes.redaction.engine import MAX_CHARS

KIND = "withheld"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field of which nothing was kept; `reason` is "rules" or "too_long"."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    masked: list[Mapping[str, Any]]
    withheld: list[Withheld]  # each field once


def told_of(spots: Iterable[Mapping[str, Any]]) -> Told:
    """`spots` as a ticket keeps them: field, kind and place of everything that was found."""
    masked, withheld = list[Mapping[str, Any]](), dict[str, Withheld]()
    for spot in spots:
        if spot["kind"] == KIND:
            withheld.setdefault(spot["field"], Withheld(spot["field"], _reason(spot)))
        else:
            masked.append(spot)
    return Told(masked, list(withheld.values()))


def _reason(spot: Mapping[str, Any]) -> str:
    """Only two things keep a text from being checked: its length, and rules that fail."""
    return "too_long" if spot["end"] - spot["start"] > MAX_CHARS else "rules"
