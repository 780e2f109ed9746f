"""Tells a random string from a name: how often letters, capitals and digits take turns."""

import re

_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_DIGIT = re.compile(r"[0-9]")
_RUNS = re.compile(r"[a-z]+|[A-Z]+|[0-9]+")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NO_WORD = re.compile(r"[a-z]{21}")
# Four consonants in a row that hardly any word has: `s`, `h` and `y` occur in most of those that words have.
UNSPOKEN = r"(?!ckgr)[bcdfgj-np-rtv-xz]{4}"
UNSPOKEN_WORD = rf"(?=[a-z]{{10}})[a-z]{{0,16}}{UNSPOKEN}"
_WORD_LENGTH = 3.5  # letters, on average: random ones make words of two
_JUDGED = 200  # characters are enough to tell
# Two of each class, in any order.
_THREE_CLASSES = re.compile(r"(?=.*[0-9].*[0-9])(?=.*[A-Z].*[A-Z])(?=.*[a-z].*[a-z])")


def turns(token: str) -> float:
    """Changes between small, capital and digit per character: words near 0.1, random base62 near 0.6."""
    pieces = [piece for piece in _PLAIN.split(token) if piece]
    size = sum(map(len, pieces))
    return sum(len(_RUNS.findall(piece)) - 1 for piece in pieces) / size if size else 0.0


def looks_random(token: str, *, least: int = 16, rate: float = 0.25) -> bool:
    """True when a token of at least `least` letters and digits mixes them like a key, not like a name."""
    if len(token) < least or len(_PLAIN.sub("", token)) < least:
        return False
    if _DIGIT.search(token):
        return turns(token) >= rate
    # Without a digit it must take turns more often than CamelCase does, and its words must be no words.
    return turns(token) >= max(rate, 0.24) and len(token) < _WORD_LENGTH * len(_WORD.findall(token))


def looks_dense(token: str, *, least: int = 30) -> bool:
    """True for long strings that mix all three classes evenly, as secrets do and identifiers rarely."""
    return _THREE_CLASSES.match(token[:_JUDGED]) is not None and looks_random(token, least=least, rate=0.38)


def looks_generated(key: str) -> bool:
    """True for what follows a key's prefix unless it reads as words: xxxx, token_limit_exceeded."""
    is_no_word = (
        looks_random(key, least=12, rate=0.12) or turns(key) >= 0.3 or _NO_WORD.search(key) is not None
    )
    return len(set(key.lower())) >= 8 and is_no_word
