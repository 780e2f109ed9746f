"""Every phrase and pattern that is a sign, sought in one pass over a text, however many there are."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import re2

_MEMORY: Final = 64 * 1024 * 1024  # bytes for one automaton
_TEXTS_KEPT: Final = 256
_TOGETHER: Final = 100
"""Expressions with gaps multiply each other's states: more of them in one automaton outgrow its memory."""


def _batched(sought: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    return (sought[start : start + size] for start in range(0, len(sought), size))


class _Sought:
    """Phrases, or regular expressions, with a number each. One automaton finds them, built when first asked.

    RE2 reads a text once whatever it looks for. The empty phrase is in every text: without it in the answer
    the automaton has run out of memory, and they are sought one by one.
    """

    def __init__(self, *, literal: bool) -> None:
        self._literal = literal
        self._numbers: dict[str, int] = {"": 0}
        self._automata: list[re2.Set] = []

    def number(self, sought: str) -> int:
        known = self._numbers.get(sought)
        if known is not None:
            return known
        self._automata = []
        return self._numbers.setdefault(sought, len(self._numbers))

    def numbers_in(self, text: str) -> frozenset[int]:
        size = len(self._numbers) if self._literal else _TOGETHER
        if not self._automata:
            self._automata = [self._built(sought) for sought in _batched(tuple(self._numbers)[1:], size)]
        read, found = text.encode("utf-8", "replace"), set[int]()
        for nth, automaton in enumerate(self._automata):
            here = frozenset(automaton.Match(read))
            if 0 not in here:
                return self._one_by_one(text)
            found.update(number + nth * size for number in here if number)
        return frozenset((0, *found))

    def _built(self, sought: Iterable[str]) -> "re2.Set":
        options = re2.Options()
        options.literal = self._literal
        options.never_capture = True
        options.log_errors = False
        options.max_mem = _MEMORY
        automaton = re2.Set.SearchSet(options)
        for phrase in ("", *sought):
            automaton.Add(phrase)
        automaton.Compile()
        return automaton

    def _one_by_one(self, text: str) -> frozenset[int]:
        return frozenset(number for sought, number in self._numbers.items() if self._stands_in(text, sought))

    def _stands_in(self, text: str, sought: str) -> bool:
        return sought in text if self._literal else re.search(sought, text) is not None


_PHRASES: Final = _Sought(literal=True)
_PATTERNS: Final = _Sought(literal=False)


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
    """Numbers of all known regular expressions that match somewhere in `text`."""
    return _PATTERNS.numbers_in(text)
