"""Which lines of a long text its rules may hit: built-in rules by one native scan, those of admins by RE2."""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from probes.redaction.catalogue import RULES
from probes.redaction.marks import Mark, Scanner, line_patterns, text_patterns
from probes.redaction.rule import Rule
from probes.redaction.search import matching, pattern_set

_BUILT_IN = frozenset(RULES)


class Screen:
    """The marks of a set of rules; its databases are made when a long text first needs them."""

    def __init__(self, rules: tuple[Rule, ...], *, shapes_only: bool) -> None:
        self._own = tuple(rule for rule in rules if rule in _BUILT_IN)
        self._others = tuple(rule for rule in rules if rule not in _BUILT_IN)
        self._shapes_only = shapes_only

    def in_lines(self, data: bytes) -> list[tuple[int, int]]:
        """(end, mark) of whatever may be found in a line, in order."""
        found = self._scanners[0].marks(data) if self._scanners[0] else []
        return sorted([*found, *self._added.in_lines(data)]) if self._others else found

    @property
    def others_span(self) -> bool:
        """Whether a rule of an admin spans lines."""
        return any(rule.spans_lines for rule in self._others)

    def may_span(self, data: bytes) -> bool:
        """Whether anything that spans lines may be found."""
        if self.others_span and self._added.may_span(data):
            return True
        return any(mark == Mark.TEXT for _, mark in self._spanning(data))

    def near_spanning(self, data: bytes) -> list[int]:
        """Ends of whatever may be a part, on one line, of a finding of a built-in rule that spans lines."""
        return [at for at, _ in self._spanning(data)]

    def _spanning(self, data: bytes) -> list[tuple[int, int]]:
        return self._scanners[1].marks(data) if self._scanners[1] else []

    @cached_property
    def _scanners(self) -> tuple[Scanner | None, Scanner | None]:
        return _scanners(self._own, shapes_only=self._shapes_only)

    @cached_property
    def _added(self) -> "_Added":
        return _Added(self._others)


@lru_cache(maxsize=2)
def _scanners(rules: tuple[Rule, ...], *, shapes_only: bool) -> tuple[Scanner | None, Scanner | None]:
    """For lines and for whole texts; the built-in rules are compiled once, whatever admins add."""
    lines = line_patterns(rules, shapes_only=shapes_only)
    texts = text_patterns(rules, shapes_only=shapes_only)
    return Scanner(lines) if lines else None, Scanner(texts) if texts else None


# What means something else in a text of many lines than in one, however the pattern is wrapped.
_LINE_BOUND = re.compile(r"\\[AzZQEC]|\(\?[A-Za-z]*-")


class _Added:
    """Rules in RE2's own words, tried on many lines at once: `^` and `$` stand at every line's ends."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._set = pattern_set([f"(?m:{rule.pattern})" for rule in rules])
        self._bound = any(_LINE_BOUND.search(rule.pattern) for rule in rules)

    def in_lines(self, data: bytes) -> Iterator[tuple[int, int]]:
        if not (self._bound or self._possible(data, spans_lines=False)):
            return
        end = 0
        for line in data.split(b"\n"):
            end += len(line) + 1
            if self._possible(line, spans_lines=False):
                yield end, Mark.RULE

    def may_span(self, data: bytes) -> bool:
        return self._possible(data, spans_lines=True)

    def _possible(self, data: bytes, *, spans_lines: bool) -> bool:
        return any(n and self._rules[n - 1].spans_lines is spans_lines for n in matching(self._set, data))
