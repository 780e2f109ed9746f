"""Every phrase and pattern that is a sign, sought in one pass over a text, however many there are."""

from functools import lru_cache
from typing import Final

import re2

_MEMORY: Final = 64 * 1024 * 1024  # bytes for the automaton of phrases
_MEMORY_EACH: Final = 1024 * 1024  # bytes for the automaton of one expression
_TEXTS_KEPT: Final = 256


def _options(*, literal: bool, memory: int) -> "re2.Options":
    options = re2.Options()
    options.literal = literal
    options.max_mem = memory
    options.never_capture = True
    options.log_errors = False
    return options


class _Phrases:
    """Phrases with a number each. One automaton finds them, built when first asked.

    RE2 reads a text once whatever it looks for. The empty phrase is in every text: without it in the answer
    the automaton has run out of memory, and they are sought one by one.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self._automaton: re2.Set | None = None

    def number(self, sought: str) -> int:
        known = self._numbers.get(sought)
        if known is not None:
            return known
        self._automaton = None
        return self._numbers.setdefault(sought, len(self._numbers))

    def numbers_in(self, text: str) -> frozenset[int]:
        if self._automaton is None:
            self._automaton = self._built()
        found = frozenset(self._automaton.Match(text.encode("utf-8", "replace")))
        return found if 0 in found else self._one_by_one(text)

    def _built(self) -> "re2.Set":
        options = _options(literal=True, memory=_MEMORY)
        automaton = re2.Set.SearchSet(options)
        for sought in self._numbers:
            automaton.Add(sought)
        automaton.Compile()
        return automaton

    def _one_by_one(self, text: str) -> frozenset[int]:
        return frozenset(number for sought, number in self._numbers.items() if sought in text)


class _Patterns:
    """Regular expressions with a number each.

    One automaton of all would not do: expressions with gaps multiply each other's states, so that a text of
    300 new words takes ten milliseconds. The filter looks for the words that each cannot match without, which
    it works out by itself, and tries only those expressions whose words are there.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._filter: re2.Filter | None = None

    def number(self, sought: str) -> int:
        known = self._numbers.get(sought)
        if known is not None:
            return known
        self._filter = None
        return self._numbers.setdefault(sought, len(self._numbers))

    def numbers_in(self, text: str) -> frozenset[int]:
        if self._filter is None:
            self._filter = self._built()
        return frozenset(self._filter.Match(text.encode("utf-8", "replace")) or ())

    def _built(self) -> "re2.Filter":
        options = _options(literal=False, memory=_MEMORY_EACH)
        built = re2.Filter()
        for sought in self._numbers:
            built.Add(sought, options)
        built.Compile()
        return built


_PHRASES: Final = _Phrases()
_PATTERNS: Final = _Patterns()


def number_of(phrase: str) -> int:
    """The number under which `phrases_in` reports this phrase from now on."""
    phrases_in.cache_clear()
    return _PHRASES.number(phrase)


def pattern_number_of(pattern: str) -> int:
    """The same of a regular expression that RE2 can read, for `patterns_in`."""
    patterns_in.cache_clear()
    return _PATTERNS.number(pattern)


@lru_cache(maxsize=_TEXTS_KEPT)
def phrases_in(text: str) -> frozenset[int]:
    """Numbers of all known phrases that stand in `text`."""
    return _PHRASES.numbers_in(text)


@lru_cache(maxsize=_TEXTS_KEPT)
def patterns_in(text: str) -> frozenset[int]:
    """Numbers of all known regular expressions that match somewhere in `text`, which is in lower case."""
    return _PATTERNS.numbers_in(text)
