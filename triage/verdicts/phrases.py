"""Every phrase and pattern that is a sign, sought in one pass over a text, however many there are."""

from functools import lru_cache
from threading import Lock
from typing import Final, Generic, TypeVar

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


_Automaton = TypeVar("_Automaton")


class _Numbered(Generic[_Automaton]):
    """What is sought, each under a number of its own, and the automaton of all, built when first asked.

    Workers judge in many threads: without the lock two of them could give one number to two phrases.
    """

    def __init__(self, *first: str) -> None:
        self._numbers = {sought: number for number, sought in enumerate(first)}
        self._automaton: _Automaton | None = None
        self._lock = Lock()

    def number(self, sought: str) -> int:
        with self._lock:
            if sought not in self._numbers:
                self._numbers[sought] = len(self._numbers)
                self._automaton = None
            return self._numbers[sought]

    def _ready(self) -> _Automaton:
        with self._lock:
            if self._automaton is None:
                self._automaton = self._built()
            return self._automaton

    def _built(self) -> _Automaton:
        raise NotImplementedError


class _Phrases(_Numbered["re2.Set"]):
    """Phrases as they stand.

    RE2 reads a text once whatever it looks for. The empty phrase is in every text: without it in the answer
    the automaton has run out of memory, and they are sought one by one.
    """

    def __init__(self) -> None:
        super().__init__("")

    def numbers_in(self, text: str) -> frozenset[int]:
        found = frozenset(self._ready().Match(text.encode("utf-8", "replace")))
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


class _Patterns(_Numbered["re2.Filter"]):
    """Regular expressions.

    One automaton of all would not do: expressions with gaps multiply each other's states, so that a text of
    300 new words takes ten milliseconds. The filter looks for the words that each cannot match without, which
    it works out by itself, and tries only those expressions whose words are there.
    """

    def numbers_in(self, text: str) -> frozenset[int]:
        return frozenset(self._ready().Match(text.encode("utf-8", "replace")) or ())

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
    number = _PHRASES.number(phrase)
    phrases_in.cache_clear()
    return number


def pattern_number_of(pattern: str) -> int:
    """The same of a regular expression that RE2 can read, for `patterns_in`."""
    number = _PATTERNS.number(pattern)
    patterns_in.cache_clear()
    return number


@lru_cache(maxsize=_TEXTS_KEPT)
def phrases_in(text: str) -> frozenset[int]:
    """Numbers of all known phrases that stand in `text`."""
    return _PHRASES.numbers_in(text)


@lru_cache(maxsize=_TEXTS_KEPT)
def patterns_in(text: str) -> frozenset[int]:
    """Numbers of all known regular expressions that match somewhere in `text`, which is in lower case."""
    return _PATTERNS.numbers_in(text)
