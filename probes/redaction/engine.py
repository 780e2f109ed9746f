"""Text in, masked text and findings out."""

import base64
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import re2

from probes.redaction import context
from probes.redaction.catalogue import RULES
from probes.redaction.keep import has_kept_shape, is_masked, is_named_harmless, is_vendor_id
from probes.redaction.masking import label, mask_key
from probes.redaction.normalise import BLOB, Joined, View, decode_blob, fold, joins, storable, unescape
from probes.redaction.randomness import looks_dense, turns
from probes.redaction.rule import Rank, Rule, Style

WITHHELD = "[withheld]"
MAX_CHARS = 64 * 1024 * 1024
_MEMORY = 128 * 1024 * 1024  # bytes for the filter's automaton
_STRETCH = 256 * 1024  # characters searched at a time
_BEHIND = 4 * 1024  # of them, how many before it give context only
_AHEAD = 16 * 1024  # and how many after it may complete a finding
_DEPTH = 2  # encodings within encodings
_SHORTEST_LINE = 3

logger = logging.getLogger(__name__)


class RuleError(ValueError):
    """A rule that RE2 refuses; the message says why, never with text in it."""


class CheckFailed(RuntimeError):
    """The filter could not run, so that nothing is known about the text."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was masked: code-point offsets in the original, never the value."""

    kind: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Redacted:
    text: str
    findings: tuple[Finding, ...]


class Hit(NamedTuple):
    """A span to mask, what to show there, and how much its name is worth."""

    start: int
    end: int
    kind: str
    rule: str
    shown: str
    rank: int


Search = Callable[[str, int], Iterator[Hit]]


def compile_pattern(pattern: str) -> "re2._Regexp":
    """RE2 with our options; raises RuleError with RE2's own words."""
    try:
        return re2.compile(pattern, _options())
    except (re2.error, UnicodeEncodeError) as error:
        raise RuleError(_readable(error)) from None


class Redactor:
    """Finds and masks with a fixed set of rules; safe to share between threads."""

    def __init__(self, rules: Iterable[Rule] = RULES, *, literals: Iterable[str] = ()) -> None:
        """Raises RuleError when a rule does not compile."""
        self._rules = tuple(rules)
        self._engine = _Engine(self._rules)
        self._literals = _literal_forms(literals)

    def with_literals(self, values: Iterable[str]) -> "Redactor":
        """A redactor that also masks these exact values, plain, URL-encoded, base64 or hex."""
        other = object.__new__(Redactor)
        other._rules, other._engine = self._rules, self._engine
        other._literals = self._literals | _literal_forms(values)
        return other

    def redact(self, text: str) -> Redacted:
        """Mask every secret; when anything goes wrong, withhold the text instead."""
        try:
            return _render(text, self.find(text))
        except Exception as error:  # fail closed: whatever breaks, the text does not get out
            logger.error("redaction failed: %s", type(error).__name__)
            return withheld(text)

    def find(self, text: str) -> list[Hit]:
        """What `redact` would mask, in order and without overlaps; raises where `redact` withholds."""
        if len(text) > MAX_CHARS:
            raise CheckFailed
        return _merged(self._hits(text))

    def _hits(self, text: str) -> Iterator[Hit]:
        start = 0
        while start < len(text):
            start = yield from self._stretch(text, start)

    def _stretch(self, text: str, start: int) -> "Iterator[Hit]":
        """Hits that begin in one stretch, searched with its surroundings; returns where the next one begins."""
        end = _line_end(text, min(len(text), start + _STRETCH))
        left, ahead = max(0, start - _BEHIND), _AHEAD
        while True:
            right = _line_end(text, min(len(text), end + ahead))
            hits = [h for h in self._window(text, left, right) if start <= h.start < end]
            reach = max((h.end for h in hits), default=0)
            if reach < right or right == len(text):
                break
            ahead *= 4
        yield from hits
        return max(end, reach)

    def _window(self, text: str, left: int, right: int) -> Iterator[Hit]:
        folded = fold(text[left:right])
        for view in filter(None, (folded, unescape(folded))):
            for hit in self._engine.search(view.text, self._literals):
                start, end = view.span(hit.start, hit.end)
                yield hit._replace(start=start + left, end=end + left)
            for joined in joins(view):
                yield from _placed(self._across(joined), left)

    def _across(self, joined: Joined) -> Iterator[Hit]:
        """Hits that a split had hidden, cut back to the pieces that belong together."""
        for hit in self._engine.search(joined.view.text, self._literals):
            end = _kept_together(joined, hit)
            if end:
                start, end = joined.view.span(hit.start, end)
                yield hit._replace(start=start, end=end)


class _Engine:
    """Compiled rules behind one filter, which says in one pass which of them can hit a line."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        searches = [
            (rule.spans_lines, rule.pattern, _RuleSearch(rule, order)) for order, rule in enumerate(rules)
        ]
        names, dense, blobs = map(compile_pattern, (context.TRIGGER, _DENSE, BLOB))
        self._texts = _Filter([(pattern, search) for spans, pattern, search in searches if spans])
        self._lines = _Filter(
            [
                *((pattern, search) for spans, pattern, search in searches if not spans),
                (context.TRIGGER, lambda line, depth: _labelled(line, names)),
                (_DENSE, lambda line, depth: _last_resort(line, dense)),
                (BLOB, lambda line, depth: self._encoded(line, blobs, depth)),
            ]
        )

    def search(self, text: str, literals: frozenset[str], depth: int = 0) -> Iterator[Hit]:
        """Every hit of every rule in a text, line by line where a rule does not span lines."""
        yield from _literal_hits(text, literals)
        yield from self._texts.hits(text, depth)
        start = 0
        for line in text.split("\n"):
            if len(line) >= _SHORTEST_LINE:
                yield from _placed(self._lines.hits(line, depth), start)
            start += len(line) + 1

    def _encoded(self, line: str, blobs: "re2._Regexp", depth: int) -> Iterator[Hit]:
        """Base64 and hex strings that hold a secret are masked whole."""
        if depth >= _DEPTH:
            return
        for blob in blobs.finditer(line):
            inside = decode_blob(blob[0])
            if inside is None:
                continue
            best = min(self.search(inside, frozenset(), depth + 1), key=lambda hit: hit.rank, default=None)
            if best:
                yield Hit(*blob.span(), best.kind, f"{best.rule}+encoded", label(best.kind), best.rank)


class _Filter:
    """Searches behind one automaton that names, in one pass, those that can find something in a text."""

    def __init__(self, searches: "list[tuple[str, Search]]") -> None:
        self._searches: list[Search] = [_nothing, *(search for _, search in searches)]
        self._set = re2.Set.SearchSet(_options())
        # The empty pattern matches everything: when it is absent from an answer, the automaton has run out of memory.
        for pattern in ("", *(pattern for pattern, _ in searches)):
            self._set.Add(pattern)
        self._set.Compile()

    def hits(self, text: str, depth: int) -> Iterator[Hit]:
        possible = self._set.Match(text)
        if 0 not in possible:
            raise CheckFailed
        for index in possible:
            yield from self._searches[index](text, depth)


class _RuleSearch:
    """One compiled rule."""

    def __init__(self, rule: Rule, order: int) -> None:
        self._rule = rule
        self._pattern = compile_pattern(rule.pattern)
        groups = self._pattern.groupindex
        self._secret, self._prefix = groups.get("secret", 0), groups.get("prefix")
        # Earlier rules of one rank are more particular, so they name the span.
        self._rank = rule.rank.value * 10_000 + order

    def __call__(self, text: str, depth: int) -> Iterator[Hit]:
        for found in self._pattern.finditer(text):
            start, end = found.span(self._secret)
            if end > start and self._is_meant(text, start, end):
                prefix = found[self._prefix] or "" if self._prefix else ""
                yield Hit(
                    start,
                    end,
                    self._rule.kind,
                    self._rule.name,
                    self._shown(text[start:end], prefix),
                    self._rank,
                )

    def _is_meant(self, text: str, start: int, end: int) -> bool:
        value, check = text[start:end], self._rule.check
        if check and not check(value):
            return False
        if self._rule.rank is Rank.PERSONAL and is_named_harmless(text[max(0, start - 80) : start]):
            return False
        return not is_masked(value)

    def _shown(self, secret: str, prefix: str) -> str:
        return (
            mask_key(secret, prefix, self._rule.kind)
            if self._rule.style is Style.KEY
            else label(self._rule.kind)
        )


@lru_cache(maxsize=1)
def builtin_redactor() -> Redactor:
    """The rules that ship with the desk."""
    return Redactor()


def withheld(text: str) -> Redacted:
    """Nothing of the text, and a finding that says so."""
    return Redacted(WITHHELD, (Finding("withheld", 0, len(text), "withheld"),))


# --- searches without a shape -------------------------------------------------------------------------------------------

_DENSE = r"[A-Za-z0-9+/_\-]{32,200}={0,2}"
_CONTEXT_RANK = Rank.CONTEXT.value * 10_000
_LAST_RANK = Rank.LAST_RESORT.value * 10_000


def _nothing(line: str, depth: int) -> Iterator[Hit]:
    return iter(())


def _labelled(line: str, names: "re2._Regexp") -> Iterator[Hit]:
    spans = (found.span() for found in names.finditer(line))
    for value in context.labelled_values(line, spans):
        shown = (
            mask_key(line[value.start : value.end], "", value.kind)
            if value.kind in _KEY_LIKE
            else label(value.kind)
        )
        yield Hit(value.start, value.end, value.kind, "named_credential", shown, _CONTEXT_RANK)


_KEY_LIKE = {"api_key", "secret", "authorization"}


def _last_resort(line: str, dense: "re2._Regexp") -> Iterator[Hit]:
    """Strings so evenly mixed that only a generator writes them, and that nothing explains as an id."""
    for found in dense.finditer(line):
        value, before = found[0], line[: found.start()]
        if (
            looks_dense(value)
            and not has_kept_shape(value)
            and not is_named_harmless(before)
            and not _is_payload(before, line)
        ):
            yield Hit(
                *found.span(),
                "unknown_secret",
                "dense_string",
                mask_key(value, "", "unknown_secret"),
                _LAST_RANK,
            )


def _is_payload(before: str, line: str) -> bool:
    """A path, a picture or other long base64 that a moderation ticket may carry."""
    return (
        before[-1:] in {"/", "."}
        or ";base64," in before[-64:]
        or "base64," in before
        or len(line) - len(before) > 1000
    )


# --- pieces put together ------------------------------------------------------------------------------------------------


def _kept_together(joined: Joined, hit: Hit) -> int:
    """The end of the part of a hit whose pieces belong together; 0 when no seam is crossed rightly."""
    text, crossed = joined.view.text, 0
    inner = [seam for seam in joined.seams if hit.start < seam.at < hit.end]
    if not inner:
        return hit.end if any(seam.label and 0 <= hit.start - seam.at <= 8 for seam in joined.seams) else 0
    quoted = _is_quoted(text, hit)
    for index, seam in enumerate(inner):
        piece_end = inner[index + 1].at if index + 1 < len(inner) else hit.end
        piece, width = text[seam.at : piece_end], seam.at - (inner[index - 1].at if index else hit.start)
        if not (seam.sure or quoted or _continues(piece, text[piece_end : piece_end + 1], width, crossed)):
            break
        crossed = piece_end
    return crossed


def _is_quoted(text: str, hit: Hit) -> bool:
    quote_mark = text[hit.start - 1 : hit.start]
    return quote_mark in {'"', "'", "`"} and text[hit.end : hit.end + 1] == quote_mark


def _continues(piece: str, after: str, width: int, crossed: int) -> bool:
    """True when the next line's first word is the rest of a secret, not the next field, id or sentence."""
    if after in {"=", ":"} or is_vendor_id(piece):
        return False
    if len(piece) == width >= 8:
        return not piece.isalpha() or turns(piece) >= 0.15
    if has_kept_shape(piece):
        return (
            bool(crossed)
            and len(piece) < width
            and after not in {".", " "}
            and not (piece.isdigit() or piece.isalpha())
        )
    return len(piece) >= 6 and turns(piece) >= 0.2


def _placed(hits: Iterable[Hit], offset: int) -> Iterator[Hit]:
    for hit in hits:
        yield hit._replace(start=hit.start + offset, end=hit.end + offset)


# --- literals -----------------------------------------------------------------------------------------------------------

_SHORTEST_LITERAL = 4


def _literal_forms(values: Iterable[str]) -> frozenset[str]:
    """Each value as it may travel: itself, URL-encoded, hex, and base64 at its three alignments."""
    return frozenset(form for value in values if len(value) >= _SHORTEST_LITERAL for form in _forms(value))


def _forms(value: str) -> Iterator[str]:
    raw = value.encode("utf-8", "surrogatepass")
    yield from (value, quote(raw, safe=""), quote_plus(raw), raw.hex(), raw.hex().upper())
    for skip in range(3):
        # Characters that share bits with the neighbours differ from text to text and are left out.
        encoded = base64.b64encode(b"\0" * skip + raw).decode().rstrip("=")
        inner = encoded[(0, 2, 3)[skip] : len(encoded) - (1 if (skip + len(raw)) % 3 else 0)]
        if len(inner) >= 8:
            yield from (inner, inner.replace("+", "-").replace("/", "_"))


def _literal_hits(text: str, literals: frozenset[str]) -> Iterator[Hit]:
    for form in literals:
        start = text.find(form)
        while start >= 0:
            yield Hit(start, start + len(form), "literal", "literal", label("literal"), Rank.LITERAL.value)
            start = text.find(form, start + len(form))


# --- results ------------------------------------------------------------------------------------------------------------


def _merged(hits: Iterable[Hit]) -> list[Hit]:
    """Hits in order, overlapping ones as one under the better name; an address inside a secret is part of it."""
    merged: list[Hit] = []
    for hit in sorted(_without_swallowed(list(hits)), key=lambda h: (h.start, -h.end)):
        if not merged or hit.start >= merged[-1].end:
            merged.append(hit)
            continue
        last = merged[-1]
        best = min(last, hit, key=lambda h: (h.rank, h.start - h.end))
        merged[-1] = best._replace(start=last.start, end=max(last.end, hit.end))
    return merged


def _without_swallowed(hits: list[Hit]) -> list[Hit]:
    """`user:secret@host.cn` also reads as an e-mail address, which would take the host with it."""
    secrets = sorted((h.start, h.end) for h in hits if h.kind != "email")
    if len(secrets) == len(hits):
        return hits
    return [h for h in hits if h.kind != "email" or not _overlaps(secrets, h)]


def _overlaps(spans: list[tuple[int, int]], hit: Hit) -> bool:
    return any(start < hit.end and hit.start < end for start, end in spans)


def _render(text: str, hits: list[Hit]) -> Redacted:
    pieces, position = [], 0
    for hit in hits:
        pieces += [text[position : hit.start], hit.shown]
        position = hit.end
    pieces.append(text[position:])
    findings = tuple(Finding(hit.kind, hit.start, hit.end, hit.rule) for hit in hits)
    return Redacted(storable("".join(pieces)), findings)


def _line_end(text: str, at: int) -> int:
    """The next line start at or after `at`, so that no line is read from its middle, if one comes soon."""
    end = text.find("\n", at, at + _BEHIND)
    return at if end < 0 or at >= len(text) else end + 1


def _options() -> "re2.Options":
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


def _readable(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
