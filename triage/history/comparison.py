"""The facts of a run's attempts side by side."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from probes.runs.kinds import FREE
from probes.wire.facts import Facts
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.facts import FACTS
from triage.tickets.wording.values import fact_text

_OWN_TABLES = frozenset({"step", "headers", "body_excerpt", "bursts", "id_chain"})
_MEASURED = ("_ms", "_bytes", "_tokens", "_chars", "_s", "_per_read")
# What differs between any two requests, or between an answer in one piece and a stream, tells nothing.
_DIFFERS_ANYWAY = frozenset(
    {
        "route", "route_place", "content_type", "body_kind", "header_names", "headers_missing", "reads",
        "events", "comments", "usage_seen", "done_seen", "request_ids", "burst_count", "gap_histogram",
        "max_gap_after",
    }
)  # fmt: skip
_OF_A_STREAM = frozenset({"end_mode", "last_seen", "answers"})
OF_ANY_ATTEMPT = frozenset({"failure", "failure_detail", "status"})  # answered or not
_ANOTHER_QUESTION = FREE | {"long", "tool", "model"}  # to which nobody expects the same answer
_HEADERS_OF_ONE_ANSWER = re.compile(
    r"^(content-(type|length)|date|age|transfer-encoding|connection|cache-control"
    r"|.*(-id|-ray|-ms|-remaining.*|-reset.*))$"
)
# The first fact of each part, in the order of the wire.
_PARTS: dict[str, Any] = {
    "route": gettext_lazy("Connection"),
    "status": gettext_lazy("Answer"),
    "reads": gettext_lazy("Stream"),
    "content_chars": gettext_lazy("Content"),
    "models_listed": gettext_lazy("Look-ups"),
}
_TELLING_HEADERS = (
    "cache-control",
    "x-accel-buffering",
    "content-encoding",
    "transfer-encoding",
    "retry-after",
    "x-request-id",
)


@dataclass(frozen=True, slots=True)
class FactRow:
    name: str
    label: str
    values: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class FactPart:
    """Facts of one kind: of the connection, the answer, the stream, the content, of look-ups."""

    title: str
    rows: list[FactRow]


def fact_rows(attempts: Sequence[Facts]) -> list[FactRow]:
    """Every fact that at least one attempt showed, in the order of the wire."""
    shown = [facts.as_dict() for facts in attempts]
    names = [name for name in FACTS if name not in _OWN_TABLES and any(name in facts for facts in shown)]
    return [_row(name, attempts) for name in names]


def in_parts(rows: Iterable[FactRow]) -> list[FactPart]:
    """Rows in the order of the wire, cut where one kind of fact ends and the next begins."""
    starts = [name for name in FACTS if name in _PARTS]
    order = list(FACTS)

    def start_of(row: FactRow) -> str:
        return max(
            (start for start in starts if order.index(start) <= order.index(row.name)), key=order.index
        )

    return [FactPart(in_words(_PARTS, start), list(part)) for start, part in groupby(rows, key=start_of)]


def header_rows(attempts: Sequence[Facts]) -> list[FactRow]:
    names = sorted({name for facts in attempts for name in facts.headers})
    return [
        _header(name, attempts, tuple(facts.headers.get(name, "") for facts in attempts)) for name in names
    ]


def telling_header_rows(attempts: Sequence[Facts]) -> list[FactRow]:
    """Headers whose absence tells as much as their presence, of those attempts that were answered."""
    if not any(facts.status for facts in attempts):
        return []
    return [
        _header(name, attempts, tuple(_seen_or_missing(name, facts) for facts in attempts))
        for name in _TELLING_HEADERS
    ]


def _seen_or_missing(name: str, facts: Facts) -> str:
    if facts.status is None:
        return ""
    if name in facts.headers:
        return facts.headers[name]
    return _("there, value not kept") if name in facts.header_names else _("missing")


def _header(name: str, attempts: Sequence[Facts], values: tuple[str, ...]) -> FactRow:
    comparable = not _HEADERS_OF_ONE_ANSWER.match(name)
    return FactRow(name, name, values, differs=comparable and _disagree(name, attempts, values))


def _row(name: str, attempts: Sequence[Facts]) -> FactRow:
    values = tuple(fact_text(name, getattr(facts, name), step=facts.step) for facts in attempts)
    comparable = name not in _DIFFERS_ANYWAY and not name.endswith(_MEASURED)
    differs = comparable and _disagree(name, attempts, values)
    return FactRow(name, in_words(FACTS, name), values, differs=differs)


def _disagree(name: str, attempts: Sequence[Facts], values: Sequence[str]) -> bool:
    """Whether attempts at one question, as far as they can tell, do not say the same."""
    told = zip(attempts, values, strict=True)
    return len({value for facts, value in told if _can_tell(name, facts)}) > 1


def _can_tell(name: str, facts: Facts) -> bool:
    if facts.skipped or facts.step in _ANOTHER_QUESTION:
        return False
    if name in _OF_A_STREAM and facts.step == "control":
        return False
    return facts.status is not None or name in OF_ANY_ATTEMPT
