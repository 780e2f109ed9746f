"""Every phrase that is a sign, sought in one pass over a text, however many phrases there are."""

from functools import lru_cache
from typing import Final

import re2

_MEMORY: Final = 64 * 1024 * 1024  # bytes for the automaton
_TEXTS_KEPT: Final = 256


class _Phrases:
    """All phrases with a number each. One automaton finds them; it is built when it is first asked.

    RE2 reads a text once whatever it looks for. The empty phrase is in every text: without it in the answer
    the automaton has run out of memory, and the phrases are sought one by one.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self._automaton: re2.Set | None = None

    def number(self, phrase: str) -> int:
        known = self._numbers.get(phrase)
        if known is not None:
            return known
        self._automaton = None
        return self._numbers.setdefault(phrase, len(self._numbers))

    def numbers_in(self, text: str) -> frozenset[int]:
        if self._automaton is None:
            self._automaton = _automaton(list(self._numbers))
        found = frozenset(self._automaton.Match(text.encode("utf-8", "replace")))
        return found if 0 in found else self._one_by_one(text)

    def _one_by_one(self, text: str) -> frozenset[int]:
        return frozenset(number for phrase, number in self._numbers.items() if phrase in text)


def _automaton(phrases: list[str]) -> "re2.Set":
    options = re2.Options()
    options.literal = True
    options.never_capture = True
    options.log_errors = False
    options.max_mem = _MEMORY
    automaton = re2.Set.SearchSet(options)
    for phrase in phrases:
        automaton.Add(phrase)
    automaton.Compile()
    return automaton


_PHRASES: Final = _Phrases()


def number_of(phrase: str) -> int:
    """The number under which `phrases_in` reports this phrase from now on."""
    phrases_in.cache_clear()
    return _PHRASES.number(phrase)


@lru_cache(maxsize=_TEXTS_KEPT)
def phrases_in(text: str) -> frozenset[int]:
    """Numbers of all known phrases that stand in `text`."""
    return _PHRASES.numbers_in(text)
