"""From hits to spans: split pieces that belong together, overlaps under their best name."""

import re
from bisect import bisect_right
from collections.abc import Iterable

from probes.redaction.keep import kept_shape
from probes.redaction.normalise import Joined
from probes.redaction.randomness import turns
from probes.redaction.search import Hit

_ASSIGNMENT = re.compile(r"[A-Za-z_][\w.\-]*[=:]", re.ASCII)
_HEX_END = re.compile(r"[0-9a-f-]{8}$|[0-9A-F-]{8}$")
_IDS = {"uuid", "prefixed_id", "gateway_request_id", "traceparent", "cf_ray", "aws_trace", "digest"}
_NAMES = {"number", "model", "host", "path", "product", "error_code"}


def kept_together(joined: Joined, hit: Hit) -> int:
    """The end of the part of a hit whose pieces belong together; 0 when no seam is crossed rightly."""
    text, crossed = joined.view.text, 0
    inner = [seam for seam in joined.seams if hit.start < seam.at < hit.end]
    if not inner:
        return hit.end if any(seam.label and 0 <= hit.start - seam.at <= 8 for seam in joined.seams) else 0
    quoted = _is_quoted(text, hit)
    for index, seam in enumerate(inner):
        piece_end = inner[index + 1].at if index + 1 < len(inner) else hit.end
        piece, width = text[seam.at : piece_end], seam.at - (inner[index - 1].at if index else hit.start)
        after = text[piece_end : piece_end + 1]
        if not (
            seam.sure or quoted or _continues(text[: seam.at], piece, after, width, crossed, seam.likely)
        ):
            break
        crossed = piece_end
    return crossed


def _is_quoted(text: str, hit: Hit) -> bool:
    quote_mark = text[hit.start - 1 : hit.start]
    return quote_mark in {'"', "'", "`"} and text[hit.end : hit.end + 1] == quote_mark


def _continues(before: str, piece: str, after: str, width: int, crossed: int, likely: bool) -> bool:
    """True when the next line's first word is the rest of a secret, not the next field, id or sentence."""
    shape = kept_shape(piece)
    if after in {"=", ":"} or _ASSIGNMENT.match(piece) or shape in _IDS:
        return False
    if likely or (len(piece) == width >= 8):
        return not piece.isalpha() or turns(piece) >= 0.15
    if shape in _NAMES:
        return False
    if shape == "hash":
        return _HEX_END.search(before) is not None
    if shape in {None, "words"} and len(piece) >= 6:
        return turns(piece) >= (0.2 if shape is None else 0.35)
    return bool(crossed) and len(piece) < width and after not in {".", " "} and not piece.isalpha()


def merged_hits(hits: Iterable[Hit]) -> list[Hit]:
    """Hits in order, overlapping ones as one under the better name.

    `user:secret@host.cn` also reads as an e-mail address, which would take the host along: secrets go first.
    """
    found = list(hits)
    secrets = _united(hit for hit in found if hit.kind != "email")
    ends = [hit.end for hit in secrets]
    return _united([*secrets, *(h for h in found if h.kind == "email" and not _overlaps(secrets, ends, h))])


def _united(hits: Iterable[Hit]) -> list[Hit]:
    merged: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not merged or hit.start >= merged[-1].end:
            merged.append(hit)
            continue
        last = merged[-1]
        best = min(last, hit, key=lambda h: (h.rank, h.start - h.end))
        merged[-1] = best._replace(start=last.start, end=max(last.end, hit.end))
    return merged


def _overlaps(merged: list[Hit], ends: list[int], hit: Hit) -> bool:
    first = bisect_right(ends, hit.start)
    return first < len(merged) and merged[first].start < hit.end
