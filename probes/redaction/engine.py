"""Text in, masked text and findings out."""

import logging
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from probes.redaction.catalogue import RULES
from probes.redaction.fingerprints import fingerprints_of
from probes.redaction.keep import is_masked
from probes.redaction.literals import literal_forms, literal_hits
from probes.redaction.longtext import LONG, LongText, can_screen
from probes.redaction.masking import label
from probes.redaction.merging import kept_together, merged_hits
from probes.redaction.names import Named, named
from probes.redaction.normalise import Joined, fold, joins, storable, unescape
from probes.redaction.patience import TookTooLong, patience
from probes.redaction.rule import Rule
from probes.redaction.screen import Screen
from probes.redaction.search import CONTEXT_RANK, CheckFailed, Hit, Rules, placed

WITHHELD = "[withheld]"
MAX_CHARS = 64 * 1024 * 1024
_STRETCH = 1024 * 1024  # characters searched at a time
_BEHIND = 4 * 1024  # of its surroundings, how many before it give context
_AHEAD = 16 * 1024  # and how many after it may complete a finding
_DEEPEST = 256  # levels of a JSON-like value
_PATIENCE, _PATIENCE_PER_CHAR = 2.0, 2e-5  # seconds of a processor: ordinary texts take 1 µs a character
_NAMING = 240  # characters before a value that may name it

ENGINE_LOGGER = __name__
logger = logging.getLogger(ENGINE_LOGGER)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was masked: code-point offsets in the original, never the value."""

    kind: str
    start: int
    end: int
    rule: str
    path: str = ""  # of a leaf in a JSON-like value: `headers.authorization`, `items[2]`
    # Only from a redactor with peppers, and only of a key: what it is matched by, and what is shown of it.
    fingerprints: tuple[str, ...] = ()
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Redacted:
    text: str
    findings: tuple[Finding, ...]


class Redactor:
    """Finds and masks with a fixed set of rules; safe to share between threads."""

    def __init__(self, rules: Iterable[Rule] = RULES, *, shapes_only: bool = False) -> None:
        """Raises RuleError when a rule does not compile.

        `shapes_only` leaves out what needs no rule: named credentials, dense strings, encoded secrets.
        """
        rules = tuple(rules)
        self._rules: Rules | None = Rules(rules, shapes_only=shapes_only)
        self._screen = Screen(rules, shapes_only=shapes_only)
        self._literals: frozenset[str] = frozenset()
        self._peppers: tuple[bytes, ...] = ()
        self._patience = _PATIENCE

    @classmethod
    def withholding(cls) -> "Redactor":
        """A redactor that lets nothing through, for when the rules cannot be trusted."""
        redactor = cls((), shapes_only=True)
        redactor._rules = None
        return redactor

    def with_literals(self, values: Iterable[str]) -> "Redactor":
        """A redactor that also masks these exact values, plain, URL-encoded, base64 or hex."""
        other = copy(self)
        other._literals = self._literals | literal_forms(values)
        return other

    def with_peppers(self, peppers: Iterable[str]) -> "Redactor":
        """A redactor whose findings carry keyed fingerprints of keys; the first pepper is the present one."""
        other = copy(self)
        other._peppers = tuple(pepper.encode() for pepper in peppers)
        return other

    def prepare(self) -> None:
        """Compile now what the first long text would compile."""
        if self._rules is not None:
            self.find(" " * LONG)

    def with_patience(self, seconds: float) -> "Redactor":
        """A redactor that withholds what keeps a processor longer than this, and 20 µs a character more."""
        other = copy(self)
        other._patience = seconds
        return other

    def redact(self, text: str) -> Redacted:
        """Mask every secret; when anything goes wrong, withhold the text instead."""
        try:
            return render(text, self.find(text), peppers=self._peppers)
        except Exception as error:  # fail closed: whatever breaks, the text does not get out
            logger.error("redaction failed: %s", type(error).__name__)
            return withheld(text)

    def find(self, text: str) -> list[Hit]:
        """What `redact` would mask, in order and without overlaps; raises where `redact` withholds."""
        if len(text) > MAX_CHARS:
            raise CheckFailed
        try:
            with patience(self._patience + _PATIENCE_PER_CHAR * len(text)):
                return merged_hits(self._hits(text))
        except TookTooLong:
            raise CheckFailed from None

    def _hits(self, text: str) -> Iterator[Hit]:
        start = 0
        while start < len(text):
            start = yield from self._stretch(text, start)

    def _stretch(self, text: str, start: int) -> "Generator[Hit, None, int]":
        """Hits that begin in one stretch, read with its surroundings; returns where the next begins."""
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
        if self._rules is not None and can_screen(text):
            quick = LongText(self._rules, self._screen, self._literals, self._across)
            yield from placed(quick.hits(text[left:right]), left)
        else:
            yield from self._read_all(text, left, right)

    def _read_all(self, text: str, left: int, right: int) -> Iterator[Hit]:
        folded = fold(text[left:right])
        for view in filter(None, (folded, unescape(folded))):
            for hit in self._search(view.text):
                start, end = view.span(hit.start, hit.end)
                yield hit._replace(start=start + left, end=end + left)
            for joined in joins(view):
                yield from placed(self._across(joined), left)

    def _across(self, joined: Joined) -> Iterator[Hit]:
        """Hits that a split had hidden, cut back to the pieces that belong together."""
        for hit in self._search(joined.text):
            end = kept_together(joined, hit, stands_alone=lambda part: self._stands_alone(joined, part))
            if end:
                cut = hit if end == hit.end else self._again(joined, hit._replace(end=end))
                start, end = joined.span(hit.start, end)
                yield hit._replace(start=start, end=end, shown=cut.shown if cut else label(hit.kind))

    def _stands_alone(self, joined: Joined, part: Hit) -> bool:
        """Whether a shape is complete without what follows; values without a shape always are."""
        return part.rank >= CONTEXT_RANK or self._again(joined, part) is not None

    def _again(self, joined: Joined, part: Hit) -> Hit | None:
        """The hit of the same rule, or of a better one, in a text that ends with `part`."""
        first = max(0, part.start - _NAMING)
        found = (
            hit for hit in self._search(joined.text[first : part.end]) if hit.start + first == part.start
        )
        return min((hit for hit in found if hit.rank <= part.rank), key=lambda hit: hit.rank, default=None)

    def _search(self, text: str) -> Iterator[Hit]:
        if self._rules is None:
            raise CheckFailed
        yield from literal_hits(text, self._literals)
        yield from self._rules.search(text)


@lru_cache(maxsize=1)
def builtin_redactor() -> Redactor:
    """The rules that ship with the desk."""
    return Redactor()


def withheld(text: str) -> Redacted:
    """Nothing of the text, and a finding that says so."""
    return Redacted(WITHHELD, (Finding("withheld", 0, len(text), "withheld"),))


def _line_end(text: str, at: int) -> int:
    """The next line start at or after `at`, so that no line is read from its middle, if one comes soon."""
    end = text.find("\n", at, at + _BEHIND)
    return at if end < 0 or at >= len(text) else end + 1


def render(text: str, hits: Iterable[Hit], *, peppers: Sequence[bytes] = ()) -> Redacted:
    """The text with every hit (in order, without overlaps) replaced; safe to encode and to store."""
    pieces, findings, position = [], [], 0
    for hit in hits:
        pieces += [text[position : hit.start], hit.shown]
        marks = fingerprints_of(hit, text[hit.start : hit.end], peppers=peppers) if peppers else ()
        shown = hit.shown if marks else ""
        findings.append(Finding(hit.kind, hit.start, hit.end, hit.rule, fingerprints=marks, shown=shown))
        position = hit.end
    pieces.append(text[position:])
    return Redacted(storable("".join(pieces)), tuple(findings))


# --- JSON-like values ---

_WHOLE = {Named.PASSWORD, Named.SECRET, Named.KEY, Named.AUTH, Named.COOKIE}


def redact_leaves(value: Any, redactor: Redactor) -> tuple[Any, tuple[Finding, ...]]:
    """A new value with every text in it masked, keys included, and the findings with their paths.

    What stands under a credential's name (X-Api-Key = x_api_key) is masked whole at any depth, unless it is
    masked already. What is nested too deep is withheld.
    """
    findings: list[Finding] = []
    try:
        return _leaf(value, "", Named.NOTHING, redactor, findings), tuple(findings)
    except RecursionError:  # the caller's own calls had taken most of the stack, or a value contains itself
        return WITHHELD, (Finding("withheld", 0, 0, "withheld"),)


def _leaf(
    value: Any, path: str, name: Named, redactor: Redactor, findings: list[Finding], depth: int = 0
) -> Any:
    if depth > _DEEPEST:
        findings.append(Finding("withheld", 0, 0, "withheld", path))
        return WITHHELD
    if isinstance(value, Mapping):
        return dict(_item(value, key, path, name, redactor, findings, depth + 1) for key in value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [
            _leaf(item, f"{path}[{index}]", name, redactor, findings, depth + 1)
            for index, item in enumerate(value)
        ]
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return value
    redacted = _whole(value, name) or redactor.redact(value)
    findings.extend(replace(finding, path=path) for finding in redacted.findings)
    return redacted.text


_JUST_THE_VALUE = frozenset({"value", "raw", "plain", "plaintext", "plain_text", "data"})


def _meaning(pair: Mapping[Any, Any], key: Any, above: Named) -> Named:
    """What a key says of its value; in {"name": "x-api-key", "value": …} the name speaks for the value.

    In {"api_key": {"raw": …}} it is the name `above`.
    """
    if above in _WHOLE and isinstance(key, str) and key.casefold() in _JUST_THE_VALUE:
        return above
    if key == "value":
        names = (pair.get(k) for k in ("name", "key", "header"))
        return next((named(n) for n in names if isinstance(n, str)), Named.NOTHING)
    return named(key) if isinstance(key, str) else Named.NOTHING


def _whole(value: str, name: Named) -> Redacted | None:
    """A value masked whole for its name's sake; None when the name or the value calls for nothing."""
    if (
        name not in _WHOLE
        or not value.strip()
        or is_masked(value.strip())
        or (value.isdigit() and name is Named.KEY)
    ):
        return None
    return Redacted(label(name.value), (Finding(name.value, 0, len(value), "named_leaf"),))


def _item(
    pair: Mapping[Any, Any],
    key: Any,
    path: str,
    above: Named,
    redactor: Redactor,
    findings: list[Finding],
    depth: int,
) -> tuple[Any, Any]:
    """Keys are texts too: a map from API key to balance is a list of keys."""
    shown = _leaf(key, path, Named.NOTHING, redactor, findings) if isinstance(key, str) else key
    below = f"{path}.{shown}" if path else str(shown)
    return shown, _leaf(pair[key], below, _meaning(pair, key, above), redactor, findings, depth)
