"""The facts of a run's attempts side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from probes.wire.facts import Facts
from triage.tickets.wording import FACTS, fact_text, in_words

_OWN_TABLES = frozenset({"step", "headers", "body_excerpt", "bursts"})
_NEVER_EQUAL = ("_ms", "_bytes", "_tokens", "_chars")  # these differ between any two requests


@dataclass(frozen=True, slots=True)
class FactRow:
    name: str
    label: str
    values: tuple[str, ...]
    differs: bool


def fact_rows(attempts: Sequence[Facts]) -> list[FactRow]:
    """Every fact that at least one attempt showed, in the order of the wire."""
    shown = [facts.as_dict() for facts in attempts]
    names = [name for name in FACTS if name not in _OWN_TABLES and any(name in facts for facts in shown)]
    return [_row(name, shown) for name in names]


def header_rows(attempts: Sequence[Facts]) -> list[FactRow]:
    names = sorted({name for facts in attempts for name in facts.headers})
    return [
        FactRow(name, name, values, differs=len(set(values)) > 1)
        for name in names
        for values in [tuple(facts.headers.get(name, "") for facts in attempts)]
    ]


def _row(name: str, shown: Sequence[dict[str, object]]) -> FactRow:
    values = tuple(fact_text(name, facts[name]) if name in facts else _("not seen") for facts in shown)
    comparable = not name.endswith(_NEVER_EQUAL)
    return FactRow(name, in_words(FACTS, name), values, differs=comparable and len(set(values)) > 1)
