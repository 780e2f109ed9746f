"""Marks of ids that explain themselves: most dense strings in a log are ids, most blobs encode nothing."""

import re
from collections.abc import Iterator

from probes.redaction.keep import has_kept_shape
from probes.redaction.marks import Mark
from probes.redaction.normalise import decode_blob
from probes.redaction.randomness import looks_dense
from probes.redaction.scanned import Marks

_SHORTEST_DENSE, _LONGEST_DENSE, _SHORTEST_BLOB = 32, 200, 20  # as the search has them
_RUN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_LONG_RUN = re.compile(rb"[A-Za-z0-9+/_\-]{32}")
_REST_OF_BLOB = re.compile(rb"[A-Za-z0-9+/_\-]*={0,2}")
_PADDING = ord("=")


class Explained:
    """Judges strings by themselves, each once; what their surroundings say is left to the search."""

    def __init__(self) -> None:
        self._dense: dict[bytes, bool] = {}
        self._encoded: dict[bytes, bool] = {}

    def without(self, found: Marks, data: bytes) -> Iterator[tuple[int, int]]:
        """The marks without those of strings in which the search would find nothing."""
        end, holds_text = -1, False  # of the last encoded string: a long one has many marks
        for at, mark in found:
            if mark == Mark.ENCODED:
                if at > end:
                    start, end = _blob_around(data, at)
                    holds_text = self._holds_text(data[start:end])
                if not holds_text:
                    continue
            elif mark == Mark.DENSE and not self._may_be_secret(data, at):
                continue
            yield at, mark

    def _holds_text(self, blob: bytes) -> bool:
        known = self._encoded.get(blob)
        if known is None:
            is_long = len(blob) >= _SHORTEST_BLOB
            known = self._encoded[blob] = is_long and decode_blob(blob.decode()) is not None
        return known

    def _may_be_secret(self, data: bytes, at: int) -> bool:
        """Whether the dense string before a mark may be a secret, whatever stands before it."""
        end = at - 1
        while 0x80 <= data[end] < 0xC0:  # inside the character that ends it
            end -= 1
        if not _LONG_RUN.match(data, max(0, end - _SHORTEST_DENSE)):
            return False
        first = max(0, end - _LONGEST_DENSE)
        run = data[first:end]
        start = len(run.rstrip(_RUN))
        if first and not start:
            return True
        token = run[start:].lstrip(b"+/_-")
        known = self._dense.get(token)
        if known is None:
            known = self._dense[token] = _is_unexplained(token.decode(), padded=data[end] == _PADDING)
        return known


def _is_unexplained(token: str, *, padded: bool) -> bool:
    """Signs that fill a string up are not part of the token, but may spoil the shape of an id."""
    if len(token) < _SHORTEST_DENSE or (has_kept_shape(token) and not padded):
        return False
    return looks_dense(token)


def _blob_around(data: bytes, at: int) -> tuple[int, int]:
    """The string of base64's characters that goes on at a place, with the signs that fill it up."""
    width = 256
    while True:
        first = max(0, at - width)
        rest = len(data[first:at].rstrip(_RUN))
        if rest or not first:
            break
        width *= 8
    return first + rest, _REST_OF_BLOB.match(data, at).end()  # type: ignore[union-attr] # maybe empty
