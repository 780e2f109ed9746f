"""From hits to spans: split pieces that belong together, overlaps under their best name."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import NamedTuple

from probes.redaction.context import NO_CREDENTIALS
from probes.redaction.keep import has_mask, kept_shape
from probes.redaction.normalise import Joined, Seam
from probes.redaction.randomness import UNSPOKEN, UNSPOKEN_WORD, turns
from probes.redaction.search import LAST_RANK, Hit

# `name=value`, `--name=value`, an address, a path: something new begins with the line.
_ASSIGNMENT = re.compile(
    r"-{0,2}(?:(?:[A-Za-z_.\-]+\d{0,4}){1,2}=(?!=*$)|[A-Za-z_][\w.\-]+://|arn:)", re.ASCII
)
_PATH_BEGINS = re.compile(r"[a-z]{4,20}/")
_WORDS = re.compile(r"[A-Z]?[a-z]{1,20}(?:[-_][a-z]{1,20})*")
_NUMBERED_WORD = re.compile(r"(?=[a-f]*[g-z])[a-z]{3,12}[0-9]{1,3}")  # sha256, and no rest in hex
_WORDS_INSIDE = re.compile(r"(?:^|[-_.])[a-z]{3,}[-_.][a-z]{3,}(?:$|[-_.])")
_CAMEL_CASE = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]{2,})(?:[A-Z][a-z]+|[A-Z]{2,})*")
_CAMEL_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_UNSPOKEN = re.compile(UNSPOKEN)
_UNSPOKEN_WORD = re.compile(rf"[A-Z]?{UNSPOKEN_WORD}")
_WORD_LENGTH, _CLASS_WORD = 3.5, 4.5  # letters, on average: of the words of a name, and of a class's name
_CAPITALS_END = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{12}$")
_HEX_REST = re.compile(r"-?[0-9a-f]{4,12}(?:-[0-9a-f]{4,12})*")
_HEX_END = re.compile(r"[0-9a-f.:_-]{8}$|[0-9A-F.:_-]{8}$")
_DIGITS_INSIDE = re.compile(r"[A-Za-z][0-9]+[A-Za-z]")
_ONLY_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_HEX_WIDTHS = {16, 24, 32, 40, 48, 64, 96, 128}  # of keys and hashes
_SHORT = 12  # characters
_SHORTEST_ID, _SHORT_NUMBER, _LONG_WORD = 16, 8, 14
_LINE = 400  # characters in which an open quote is looked for
_IDS = {
    "uuid",
    "prefixed_id",
    "resource_id",
    "gateway_request_id",
    "traceparent",
    "cf_ray",
    "aws_trace",
    "digest",
}
_WORDY = {"path", "host"}
_NAMES = {"number", "version", "model", "host", "path", "product", "error_code"}


def kept_together(joined: Joined, hit: Hit, *, stands_alone: Callable[[Hit], bool]) -> int:
    """The end of the part of a hit whose pieces belong together; 0 when no seam is crossed rightly.

    `stands_alone` tells whether the part of the hit before the first seam would be found by itself.
    """
    inner = [seam for seam in joined.seams if hit.start < seam.at < hit.end]
    announced = any(_is_announced(seam, hit) for seam in joined.seams)
    if not inner:
        return hit.end if announced else 0
    if _is_none(joined.text[hit.start : inner[0].at], joined.text[inner[0].at : hit.end], hit):
        return 0
    torn = _torn_at(hit, inner, stands_alone)
    return _last_end(joined, hit, inner, torn=torn) or (inner[0].at if announced and not torn else 0)


def _is_none(before: str, after: str, hit: Hit) -> bool:
    """Whether what stands before the first seam is no secret, whatever follows: "token": null, or words."""
    if hit.rank >= LAST_RANK and _are_two_words(before, after):
        return True
    return before.lower() in NO_CREDENTIALS or has_mask(before)


def _torn_at(hit: Hit, inner: list[Seam], stands_alone: Callable[[Hit], bool]) -> int:
    """How many seams, from the first one, stand where what is before them is no secret yet."""
    whole = (number for number, seam in enumerate(inner) if stands_alone(hit._replace(end=seam.at)))
    return next(whole, len(inner))


def _last_end(joined: Joined, hit: Hit, inner: list[Seam], *, torn: int) -> int:
    """The end of the last piece that belongs to those before it; 0 when not even the second one does."""
    text, crossed = joined.text, 0
    quoted, ends = _is_quoted(text, hit), {seam.at for seam in joined.seams}
    borders = [hit.start, *(seam.at for seam in inner), hit.end]
    for index, seam in enumerate(inner):
        begin, end = borders[index], borders[index + 2]
        piece = text[seam.at : end]
        rest = _Rest(
            before=text[max(0, seam.at - 16) : seam.at],
            piece=piece,
            after="" if end in ends else text[end : end + 1],
            width=seam.at - begin,
            crossed=crossed > 0,
            likely=seam.likely,
            torn=index < torn,
            completes=_completes_hex(text[hit.start : end], piece),
        )
        in_one_literal = quoted and _in_one_literal(seam, text, hit, rest)
        if not (seam.sure or in_one_literal or _belongs(rest)):
            break
        crossed = end
    return crossed


def concerns_seam(joined: Joined, hit: Hit) -> bool:
    """Whether a hit crosses a seam or is named by what stands before one; no other hit is kept together."""
    return any(hit.start < seam.at < hit.end or _is_announced(seam, hit) for seam in joined.seams)


def _is_announced(seam: Seam, hit: Hit) -> bool:
    """True when what stood before a seam may name the whole hit behind it."""
    return (seam.label and 0 <= hit.start - seam.at <= 8) or (seam.sure and hit.start == seam.at)


def _is_quoted(text: str, hit: Hit) -> bool:
    """True when a quote that was opened before a hit closes right behind it."""
    closing = text[hit.end : hit.end + 1]
    if closing not in {'"', "'", "`"} or text[hit.end + 1 : hit.end + 2] == ":":  # a field's name
        return False
    line = max(text.rfind("\n", 0, hit.start) + 1, hit.start - _LINE)
    return text[hit.start - 1 : hit.start] == closing or text.count(closing, line, hit.start) % 2 == 1


def _are_two_words(before: str, after: str) -> bool:
    """Whether a dense string is none: an id, and what happens to stand below it, or a name below anything."""
    return kept_shape(before) in {*_IDS, "hash", "number"} or _is_name(after)


def _in_one_literal(seam: Seam, text: str, hit: Hit, rest: "_Rest") -> bool:
    """Whether quotes hold all pieces together; beside each other they may also belong to two fields."""
    shape = kept_shape(rest.piece)
    goes_on = shape == "number" and (rest.crossed or len(rest.piece) < _SHORT_NUMBER)
    is_known = (shape in _NAMES and not goes_on) or (shape in _IDS and len(rest.piece) >= _SHORTEST_ID)
    if is_known and not (shape in _WORDY and turns(rest.piece) >= 0.2):
        return False
    return not seam.beside or text[hit.start - 1 : hit.start] in {'"', "'", "`"}


class _Rest(NamedTuple):
    """What follows a line's end inside a hit, and what speaks for it."""

    before: str
    piece: str
    after: str  # nothing at a line's end
    width: int  # of the piece before
    crossed: bool  # an earlier line's end was no end of the secret either
    likely: bool  # quoted-printable says that the line goes on
    torn: bool  # without it, what stands before is no secret yet
    completes: bool  # with it, all of it is as long as keys in hex are, and without it was not


def _belongs(rest: _Rest) -> bool:
    """True when the next line's first word is the rest of a secret, not the next field, id or sentence."""
    piece, shape = rest.piece, kept_shape(rest.piece)
    if rest.after in {"=", ":"} or _ASSIGNMENT.match(piece) or shape in _IDS:
        return False
    if rest.likely or len(piece) == rest.width >= 8:
        is_long = rest.likely and len(piece) > _LONG_WORD and piece.isalpha()
        return is_long or not (_are_plain_words(piece) or _WORDS_INSIDE.search(piece))
    if rest.completes:
        return True
    if _PATH_BEGINS.match(piece):
        return False
    if rest.torn and not (shape == "hash" and rest.width >= 8 and not _HEX_END.search(rest.before)):
        return not _is_words(piece)
    if shape in _NAMES:
        return shape in _WORDY and turns(piece) >= 0.35
    if shape == "hash" or (shape is None and _HEX_REST.fullmatch(piece)):
        return _HEX_END.search(rest.before) is not None
    if rest.crossed and len(piece) >= 5 and piece.isalpha():
        goes_on = not rest.after and _CAPITALS_END.search(rest.before) is not None
        return not (piece.isupper() and not goes_on) and not _is_words(piece)
    if rest.crossed and not rest.after and len(piece) < min(rest.width, _SHORT) and _is_mixed(piece):
        return True
    if len(piece) >= 5:
        return not _is_name(piece) if piece.isalpha() else turns(piece) >= 0.2 or _has_digits_inside(piece)
    return rest.crossed and len(piece) < rest.width and rest.after not in {".", " "} and not piece.isalpha()


def _is_words(piece: str) -> bool:
    """Whether it reads as words: plain ones, or the long name of a class."""
    words = len(_CAMEL_WORD.findall(piece))
    is_class = words >= 2 and len(piece) >= _CLASS_WORD * words and _is_camel_case(piece)
    return is_class or _are_plain_words(piece) or _NUMBERED_WORD.fullmatch(piece) is not None


def _are_plain_words(piece: str) -> bool:
    return _WORDS.fullmatch(piece) is not None and _UNSPOKEN_WORD.match(piece) is None


def _completes_hex(whole: str, piece: str) -> bool:
    is_round = len(whole) in _HEX_WIDTHS and len(whole) - len(piece) not in _HEX_WIDTHS
    return is_round and _ONLY_HEX.fullmatch(whole) is not None


def _is_mixed(piece: str) -> bool:
    return any(c.isdigit() for c in piece) and any(c.isalpha() for c in piece)


def _is_name(piece: str) -> bool:
    is_wordy = len(piece) > _WORD_LENGTH * len(_CAMEL_WORD.findall(piece))
    return is_wordy and _is_camel_case(piece) and turns(piece) < 0.4


def _is_camel_case(piece: str) -> bool:
    return _CAMEL_CASE.fullmatch(piece) is not None and _UNSPOKEN.search(piece) is None


def _has_digits_inside(piece: str) -> bool:
    return _DIGITS_INSIDE.search(piece) is not None and not _WORDS_INSIDE.search(piece)


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
