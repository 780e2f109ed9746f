"""Where in a long text figures are worth looking for: around the words that give them a meaning."""

import re
from collections.abc import Iterator
from functools import lru_cache

_AROUND = 120
"""Characters on either side of a word: more than any pattern here can span."""


def near(pattern: re.Pattern[str], text: str, words: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """What `pattern` finds close to one of the `words`, in the order of the text.

    Every pattern here holds such a word, so nothing is missed; the rest of the text is not read by it.
    """
    for start, end in _stretches(text, words):
        yield from pattern.finditer(text, start, end)


@lru_cache(maxsize=64)
def _stretches(text: str, words: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    """(start, end) around the words; those that meet are one. Kept: several patterns ask for the same."""
    found: list[tuple[int, int]] = []
    for word in words.finditer(text):
        start, end = max(0, word.start() - _AROUND), word.end() + _AROUND
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)
