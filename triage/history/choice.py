"""Which runs somebody wants to see side by side, as the address of the page tells it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

FEWEST, MOST = 2, 4
_BETWEEN = re.compile(r"[\s,;+，；、]+")
_LONGEST = 18  # digits of the largest number that the database can hold


@dataclass(frozen=True, slots=True)
class Choice:
    """`numbers` in the order of asking, each once; what else was typed, so that the page can say it."""

    numbers: tuple[int, ...]
    too_many: tuple[int, ...]
    unreadable: tuple[str, ...]


def read_choice(typed: Iterable[str]) -> Choice:
    """Each text may name several runs, as somebody types them: "12, 13"."""
    words = [word for text in typed for word in _BETWEEN.split(text) if word]
    numbers = list(dict.fromkeys(int(word) for word in words if _is_number(word)))
    return Choice(
        numbers=tuple(numbers[:MOST]),
        too_many=tuple(numbers[MOST:]),
        unreadable=tuple(dict.fromkeys(word for word in words if not _is_number(word))),
    )


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= _LONGEST
