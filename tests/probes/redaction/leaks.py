"""Whether a reader could still get a secret out of a text, undoing what a curious person would undo."""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

READABLE = 12  # characters in a row of a long secret that may never survive
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\ufeff]")


def survives(secret: str, text: str) -> bool:
    """True when a run of READABLE characters of the secret (all of a shorter one) can be read."""
    size = min(READABLE, len(secret))
    runs = {secret[i : i + size] for i in range(len(secret) - size + 1)}
    return any(run in reading for reading in readings(text) for run in runs)


def readings(text: str) -> Iterator[str]:
    """The text as it stands, with every escape undone, joined, squeezed and decoded."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    for view in (plain, html.unescape(plain), unquote(plain), _unescaped(plain), _summed(plain)):
        yield view
        yield re.sub(r"\s+", "", re.sub(r"=\r?\n|\\\r?\n|\\n", "", view))
    for blob in re.findall(r"[A-Za-z0-9+/_-]{16,}", plain):
        yield from _decoded(blob)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))", lambda m: chr(int(m[1] or m[2], 16)), text)


def _summed(text: str) -> str:
    return re.sub(r"""["']\s*[+.]\s*["']""", "", text)


def _decoded(blob: str) -> Iterator[str]:
    for skip in range(4):
        piece = blob[skip:].replace("-", "+").replace("_", "/")
        try:
            yield base64.b64decode(piece[: len(piece) // 4 * 4]).decode("ascii", "ignore")
        except (binascii.Error, ValueError):
            continue
