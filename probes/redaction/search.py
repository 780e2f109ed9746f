"""Compiled rules behind one filter: every hit of every rule in one reading of a text."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import re2

from probes.redaction import context, tables
from probes.redaction.keep import is_kept, is_masked, is_named_harmless
from probes.redaction.marks import Mark
from probes.redaction.masking import label, mask_key
from probes.redaction.normalise import BLOB, READABLE_BLOB, decode_blob
from probes.redaction.patience import keep_going
from probes.redaction.randomness import looks_dense
from probes.redaction.rule import Rank, Rule, Style

_MEMORY = 128 * 1024 * 1024  # bytes for a filter's automaton
_DEPTH = 2  # encodings within encodings
_SHORTEST_LINE = 3


class RuleError(ValueError):
    """Rules that RE2 refuses, one or all together; the message says why, never with text in it."""


class CheckFailed(RuntimeError):
    """The filter could not run, so that nothing is known about the text."""


class Hit(NamedTuple):
    """A span to mask, what to show there, and how much its name is worth."""

    start: int
    end: int
    kind: str
    rule: str
    shown: str
    rank: int


Search = Callable[[str, int], Iterable[Hit]]


def compile_pattern(pattern: str) -> "re2._Regexp":
    """RE2 with our options; raises RuleError with RE2's own words."""
    try:
        return re2.compile(pattern, _options())
    except (re2.error, UnicodeEncodeError) as error:
        raise RuleError(_readable(error)) from None


class Rules:
    """Compiled rules behind one filter, which says in one pass which of them can hit a line."""

    def __init__(self, rules: tuple[Rule, ...], *, shapes_only: bool = False) -> None:
        searches: list[tuple[Rule, Search]] = [
            (rule, _RuleSearch(rule, order)) for order, rule in enumerate(rules)
        ]
        shapeless = {} if shapes_only else self._shapeless()
        texts = [(rule.hint or rule.pattern, search) for rule, search in searches if rule.spans_lines]
        self._texts = _Filter(texts if shapes_only else [*texts, *self._tables()])
        lines = [(rule.hint or rule.pattern, search) for rule, search in searches if not rule.spans_lines]
        self._lines = _Filter([*lines, *shapeless.values()])
        self._by_mark = {mark: search for mark, (_, search) in shapeless.items()}

    def _shapeless(self) -> "dict[Mark, tuple[str, Search]]":
        """What needs no rule: values named as credentials, dense strings, secrets inside encodings."""
        names, dense, blobs, readable = map(compile_pattern, (context.TRIGGER, _DENSE, BLOB, READABLE_BLOB))
        return {
            Mark.NAMED: (context.TRIGGER, lambda line, depth: _labelled(line, names)),
            Mark.DENSE: (_DENSE, lambda line, depth: _last_resort(line, dense)),
            Mark.ENCODED: (
                BLOB,
                lambda line, depth: self._encoded(line, blobs, depth) if readable.search(line) else (),
            ),
        }

    def _tables(self) -> "Iterator[tuple[str, Search]]":
        headings, pairs, lists, inserts = map(
            compile_pattern, (tables.HEADING, tables.PAIR, tables.LIST, tables.INSERT)
        )
        yield tables.HEADING, lambda text, depth: _in_tables(text, headings)
        yield tables.PAIR, lambda text, depth: _in_pairs(text, pairs)
        yield tables.LIST, lambda text, depth: _in_lists(text, lists)
        yield tables.INSERT, lambda text, depth: _in_inserts(text, inserts)

    def search(self, text: str, depth: int = 0) -> Iterator[Hit]:
        """Every hit of every rule in a text, line by line where a rule does not span lines."""
        return self.without_public_blocks(text, self._search(text, depth))

    def without_public_blocks(self, text: str, hits: Iterable[Hit]) -> Iterator[Hit]:
        """The hits in a text, without dense strings in certificates, public keys and the like."""
        public = [found.span() for found in _PUBLIC_BLOCK.finditer(text)] if _ARMOUR in text else []
        for hit in hits:
            if hit.rank < LAST_RANK or not any(start <= hit.start < end for start, end in public):
                yield hit

    def _search(self, text: str, depth: int) -> Iterator[Hit]:
        yield from self.text_hits(text, depth)
        start = 0
        for line in text.split("\n"):
            keep_going()
            yield from placed(self.line_hits(line, (Mark.RULE,), depth), start)
            start += len(line) + 1

    def text_hits(self, text: str, depth: int = 0) -> Iterator[Hit]:
        """Hits of the rules that span lines, and values in tables."""
        return self._texts.hits(text, depth)

    def line_hits(self, line: str, marks: Iterable[int], depth: int = 0) -> Iterator[Hit]:
        """Hits in one line: all when one of the rules may hit, else those of the marked steps."""
        if len(line) < _SHORTEST_LINE:
            return
        if Mark.RULE in marks:
            yield from self._lines.hits(line, depth)
        else:
            for mark in sorted(marks):
                yield from self._by_mark[Mark(mark)](line, depth)

    def _encoded(self, line: str, blobs: "re2._Regexp", depth: int) -> Iterator[Hit]:
        """Base64 and hex strings that hold a secret are masked whole."""
        if depth >= _DEPTH:
            return
        for start, end in _spans(blobs, line):
            inside = decode_blob(line[start:end])
            if inside is None:
                continue
            best = min(self.search(inside, depth + 1), key=lambda hit: hit.rank, default=None)
            if best:
                yield Hit(start, end, best.kind, f"{best.rule}+encoded", label(best.kind), best.rank)


def pattern_set(patterns: Sequence[str]) -> "re2.Set":
    """One automaton for all, numbered from 1, to be asked with `matching`; RuleError when they do not fit."""
    automaton = re2.Set.SearchSet(_options())
    # The empty pattern matches everything: without it in the answer, the automaton has run out of memory.
    try:
        for pattern in ("", *patterns):
            automaton.Add(pattern)
        automaton.Compile()
    except (re2.error, UnicodeEncodeError):
        raise RuleError(f"{len(patterns)} rules are more than {_MEMORY >> 20} MB can hold") from None
    return automaton


def matching(automaton: "re2.Set", text: str | bytes) -> list[int]:
    """Which patterns match, in any order, and always 0; raises CheckFailed when RE2 could not tell."""
    found: list[int] = automaton.Match(text)
    if 0 not in found:
        raise CheckFailed
    return found


class _Filter:
    """Searches behind one automaton that names, in one pass, those that can find something in a text."""

    def __init__(self, searches: "list[tuple[str, Search]]") -> None:
        self._searches: list[Search] = [_nothing, *(search for _, search in searches)]
        self._set = pattern_set([pattern for pattern, _ in searches])

    def hits(self, text: str, depth: int) -> Iterator[Hit]:
        for index in sorted(matching(self._set, text)):  # of equals the first is shown
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


def placed(hits: Iterable[Hit], offset: int) -> Iterator[Hit]:
    for hit in hits:
        yield hit._replace(start=hit.start + offset, end=hit.end + offset)


_ARMOUR = "-----BEGIN "
# Whatever is not private: certificates, requests for them, revocation lists, public keys, signatures.
_PUBLIC_BLOCK = re.compile(
    r"-----BEGIN (?:(?:[A-Z0-9]+ ){0,3}"
    r"(?:CERTIFICATE(?: REQUEST)?|X509 CRL|PUBLIC KEY(?: BLOCK)?|SIGNATURE))-----"
    r"[\sA-Za-z0-9+/=\\\"',:.|>()]{0,65536}?(?:-----END\b|\Z)"
)
_DENSE = r"[A-Za-z0-9][A-Za-z0-9+/_\-]{31,}={0,2}"
_LONGEST_DENSE = 200  # longer ones are pictures and other payloads
_BEFORE = 96  # characters that say what a value is
CONTEXT_RANK = Rank.CONTEXT.value * 10_000
LAST_RANK = Rank.LAST_RESORT.value * 10_000


def _spans(pattern: "re2._Regexp", text: str) -> Iterator[tuple[int, int]]:
    """Where a pattern matches. RE2 reads bytes: for ASCII they need no counting back to characters."""
    return (found.span() for found in pattern.finditer(text.encode() if text.isascii() else text))


def _nothing(line: str, depth: int) -> Iterator[Hit]:
    return iter(())


def _labelled(line: str, names: "re2._Regexp") -> Iterator[Hit]:
    yield from _announced(line, context.labelled_values(line, _spans(names, line)), "named_credential")


def _in_tables(text: str, headings: "re2._Regexp") -> Iterator[Hit]:
    yield from _announced(text, tables.column_values(text, _spans(headings, text)), "named_column")


def _in_pairs(text: str, pairs: "re2._Regexp") -> Iterator[Hit]:
    for found in pairs.finditer(text):
        values = tables.paired_value(text, found.group("name"), *found.span(pairs.groupindex["value"]))
        yield from _announced(text, values, "named_value")


def _in_lists(text: str, lists: "re2._Regexp") -> Iterator[Hit]:
    for found in lists.finditer(text):
        yield from _announced(text, tables.listed_values(text, *found.span()), "listed_value")


def _in_inserts(text: str, inserts: "re2._Regexp") -> Iterator[Hit]:
    for found in inserts.finditer(text):
        values = tables.inserted_values(text, found.group("columns"), found.end())
        yield from _announced(text, values, "inserted_value")


def _announced(text: str, values: Iterable[context.Labelled], rule: str) -> Iterator[Hit]:
    for value in values:
        shown = (
            mask_key(text[value.start : value.end], "", value.kind)
            if value.kind in _KEY_LIKE
            else label(value.kind)
        )
        yield Hit(value.start, value.end, value.kind, rule, shown, CONTEXT_RANK)


_KEY_LIKE = {"api_key", "secret", "authorization"}


def _last_resort(line: str, dense: "re2._Regexp") -> Iterator[Hit]:
    """Strings so evenly mixed that only a generator writes them, and that nothing explains as an id."""
    for start, end in _spans(dense, line):
        if end - start <= _LONGEST_DENSE and _is_unexplained(
            line[start:end], line[max(0, start - _BEFORE) : start]
        ):
            shown = mask_key(line[start:end], "", "unknown_secret")
            yield Hit(start, end, "unknown_secret", "dense_string", shown, LAST_RANK)


def _is_unexplained(value: str, before: str) -> bool:
    return looks_dense(value) and before[-1:] not in {"/", "."} and not is_kept(value, before)


def _options() -> "re2.Options":
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


def _readable(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
