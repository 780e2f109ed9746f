"""Tells a random string from a name: how often letters, capitals and digits take turns."""

import re

_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_RUNS = re.compile(r"[a-z]+|[A-Z]+|[0-9]+")


def turns(token: str) -> float:
    """Changes between small, capital and digit per character: words near 0.1, random base62 near 0.6."""
    pieces = [piece for piece in _PLAIN.split(token) if piece]
    size = sum(map(len, pieces))
    return sum(len(_RUNS.findall(piece)) - 1 for piece in pieces) / size if size else 0.0


def looks_random(token: str, *, least: int = 16, rate: float = 0.25) -> bool:
    """True when a token of at least `least` letters and digits mixes them like a key, not like a name."""
    size = sum(c.isascii() and c.isalnum() for c in token)
    return size >= least and any(c.isdigit() for c in token) and turns(token) >= rate


def looks_dense(token: str, *, least: int = 30) -> bool:
    """True for long strings that mix all three classes evenly, as secrets do and identifiers rarely."""
    classes = (str.isdigit, str.isupper, str.islower)
    return all(sum(map(one, token)) >= 2 for one in classes) and looks_random(token, least=least, rate=0.38)


def looks_generated(key: str) -> bool:
    """True for what follows a key's prefix unless it reads as words: xxxx, token_limit_exceeded."""
    return len(set(key.lower())) >= 8 and (looks_random(key, least=12, rate=0.12) or turns(key) >= 0.3)
