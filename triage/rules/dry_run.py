"""A dry run: what a draft would change in the stored texts and in the examples, within bounds."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from probes.redaction.engine import Redactor
from probes.redaction.rule import Rule
from probes.redaction.search import CheckFailed
from triage.rules.comparing import Change, compare
from triage.rules.content import FIELDS, Content, engine_rule, is_in_force, masked_samples
from triage.rules.examples import keepers, secrets
from triage.rules.redactors import alone, in_field, other_rules, redactor_of
from triage.rules.stored import count_rows, stored_rows

TOO_BROAD = 0.05  # of the stored texts
SECONDS = 6.0
_SHOWN = 8  # places of each sort


@dataclass(slots=True)
class Places:
    """How many, and the first few, each with the ticket, run or example that it stands in."""

    count: int = 0
    shown: list[tuple[str, str]] = field(default_factory=list)

    def add(self, of: str, excerpts: tuple[str, ...]) -> None:
        self.count += len(excerpts)
        self.shown += [(of, excerpt) for excerpt in excerpts[: _SHOWN - len(self.shown)]]


@dataclass(slots=True)
class DryRun:
    """What was read and what was found in it; plain enough to be kept with the draft as JSON."""

    rows_read: int = 0
    rows_stored: int = 0
    texts: int = 0
    out_of_time: bool = False
    unreadable: int = 0  # texts that would be withheld
    texts_hit: int = 0
    gained: Places = field(default_factory=Places)
    lost: Places = field(default_factory=Places)
    kept: Places = field(default_factory=Places)
    examples: int = 0

    @property
    def share(self) -> float:
        """Of the stored texts, how many the draft would mask something more in."""
        return self.texts_hit / self.texts if self.texts else 0.0

    @property
    def percent(self) -> str:
        """The share as people read it, with one digit where less than ten."""
        return f"{self.share * 100:.1f}".removesuffix(".0")

    @property
    def warnings(self) -> list[str]:
        """Codes of what somebody must confirm: unmasks, keeps, too_broad."""
        found = {
            "unmasks": self.lost.count > 0,
            "keeps": self.kept.count > 0,
            "too_broad": self.share > TOO_BROAD,
        }
        return [code for code, holds in found.items() if holds]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "DryRun":
        known: dict[str, Any] = {f.name: data[f.name] for f in fields(cls)}
        known |= {name: Places(**data[name]) for name in ("gained", "lost", "kept")}
        return cls(**known)


class Sides:
    """The rules before and after a change, compiled per field only where one of the two rules can hit."""

    def __init__(self, name: str, before: Content | None, after: Content | None) -> None:
        self._others = other_rules(name)
        self._old = self._rule(name, before)
        self._new = self._rule(name, after)
        self._only_in = {
            side: frozenset(content["only_in"]) if content else frozenset()
            for side, content in (("old", before), ("new", after))
        }

    @staticmethod
    def _rule(name: str, content: Content | None) -> Rule | None:
        return engine_rule(name, content) if content is not None and is_in_force(content) else None

    def change(self, text: str, field: str = "") -> Change:
        """What changes in a text of a field; without a field, as if both rules held there."""
        old = self._old if self._holds("old", field) else None
        new = self._new if self._holds("new", field) else None
        if old == new or not any(alone(rule).find(text) for rule in (old, new) if rule):
            return Change()
        return compare(text, self._with(old, field), self._with(new, field))

    def _holds(self, side: str, field: str) -> bool:
        return not field or not self._only_in[side] or field in self._only_in[side]

    def _with(self, rule: Rule | None, field: str) -> Redactor:
        others = in_field(self._others, field)
        return redactor_of((rule, *others) if rule else others)


def dry_run(
    name: str,
    before: Content | None,
    after: Content | None,
    *,
    clock: Callable[[], float],
    seconds: float = SECONDS,
) -> DryRun:
    """Compare the rules in force with a draft, for no longer than `seconds` by `clock`."""
    until = clock() + seconds
    sides, found = Sides(name, before, after), DryRun(rows_stored=count_rows())
    _read_examples(sides, before, after, found)
    for texts in stored_rows():
        if clock() > until:
            found.out_of_time = True
            break
        found.rows_read += 1
        for text, place, of in texts:
            found.texts += 1
            change = _change(sides, text, place, found)
            found.texts_hit += bool(change.gained)
            _note(found, of, change)
    return found


def _read_examples(sides: Sides, before: Content | None, after: Content | None, found: DryRun) -> None:
    """Built-in samples and the rule's own must stay masked; what is to be kept must stay readable."""
    own = masked_samples(before) if before is not None and is_in_force(before) else []
    for text, of in secrets():
        found.examples += 1
        found.lost.add(of, _change(sides, text, "", found).lost)
    for number, text in enumerate(own, start=1):
        found.examples += 1
        place = _given_up(before, after)
        found.lost.add(f"sample {number}", _change(sides, text, place, found).lost)
    for text, of in keepers():
        found.examples += 1
        found.kept.add(of, _change(sides, text, "", found).gained)


def _given_up(before: Content | None, after: Content | None) -> str:
    """A field in which a rule held and would no longer hold; empty when there is none."""
    held, holds = _reach(before), _reach(after)
    return min(held - holds, default="")


def _reach(content: Content | None) -> set[str]:
    """The fields of a rule; everywhere is all of them and what has no field of the form."""
    only_in = content["only_in"] if content else []
    return set(only_in) or {*FIELDS, "elsewhere"}


def _note(found: DryRun, of: str, change: Change) -> None:
    found.gained.add(of, change.gained)
    found.lost.add(of, change.lost)
    found.kept.add(of, change.kept)


def _change(sides: Sides, text: str, field: str, found: DryRun) -> Change:
    try:
        return sides.change(text, field)
    except CheckFailed:
        found.unreadable += 1
        return Change()
