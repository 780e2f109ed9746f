"""Cheap looks at a text that save dear ones: what every escape begins with, what folds one to one."""

import re
from collections.abc import Iterator

ESCAPES = re.compile(r"[%\\&]")
QUOTED = re.compile(r"=")


def each(pattern: "re.Pattern[str]", sign: "re.Pattern[str]", text: str) -> "Iterator[re.Match[str]]":
    """What `pattern.finditer(text)` finds, when every match begins with the one character `sign`.

    `re` looks for a single character many times faster than it tries a pattern everywhere.
    """
    reached = 0
    for place in sign.finditer(text):
        if place.start() >= reached and (found := pattern.match(text, place.start())):
            reached = found.end()
            yield found


# What editors and Chinese keyboards put into ordinary text, in place of one plain character each.
ORDINARY = {
    "：": ":",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "\u00a0": " ",
    "\u3000": " ",
}


def with_plain_punctuation(text: str) -> str:
    """The same with ordinary punctuation in its plain form, character by character."""
    for dressed, plain in ORDINARY.items():
        text = text.replace(dressed, plain)
    return text
