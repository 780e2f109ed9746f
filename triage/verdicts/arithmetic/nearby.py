"""Where in a long text figures are worth looking for: around the words that give them a meaning."""

import re
from collections.abc import Iterator

_AROUND = 120
"""Characters on either side of a word: more than any pattern here can span."""


def near(pattern: re.Pattern[str], text: str, words: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """What `pattern` finds close to one of the `words`, in the order of the text.

    Every pattern here holds such a word, so nothing is missed; the rest of the text is not read by it.
    """
    for start, end in _stretches(text, words):
        yield from pattern.finditer(text, start, end)


def _stretches(text: str, words: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """(start, end) around the words; those that meet are one."""
    start, end = 0, -1
    for word in words.finditer(text):
        if word.start() - _AROUND > end:
            if end > 0:
                yield start, end
            start = max(0, word.start() - _AROUND)
        end = word.end() + _AROUND
    if end > 0:
        yield start, end
