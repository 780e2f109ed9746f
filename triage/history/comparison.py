"""The facts of a run's attempts side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from probes.wire.facts import Facts
from triage.tickets.wording import FACTS, fact_text, in_words

_OWN_TABLES = frozenset({"step", "headers", "body_excerpt", "bursts"})
_MEASURED = ("_ms", "_bytes", "_tokens", "_chars", "_s")
# What differs between any two requests, or between an answer in one piece and a stream, tells nothing.
_DIFFERS_ANYWAY = frozenset(
    {"content_type", "body_kind", "reads", "events", "comments", "usage_seen", "done_seen", "request_ids"}
)
_HEADERS_OF_ONE_ANSWER = re.compile(
    r"^(content-(type|length)|date|age|transfer-encoding|connection|.*(-id|-ray|-ms|-remaining.*|-reset.*))$"
)


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
    return [_row(name, attempts) for name in names]


def header_rows(attempts: Sequence[Facts]) -> list[FactRow]:
    names = sorted({name for facts in attempts for name in facts.headers})
    return [
        FactRow(name, name, values, differs=len(set(values)) > 1 and not _HEADERS_OF_ONE_ANSWER.match(name))
        for name in names
        for values in [tuple(facts.headers.get(name, "") for facts in attempts)]
    ]


def _row(name: str, attempts: Sequence[Facts]) -> FactRow:
    values = tuple(fact_text(name, getattr(facts, name), step=facts.step) for facts in attempts)
    comparable = name not in _DIFFERS_ANYWAY and not name.endswith(_MEASURED)
    return FactRow(name, in_words(FACTS, name), values, differs=comparable and len(set(values)) > 1)
