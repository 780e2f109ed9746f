"""What the browser's guard must know beyond the built-in catalogue: the admins' rules, and kinds in words."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from probes.redaction.browser import rule_row
from probes.redaction.catalogue import RULES
from probes.redaction.context import KINDS
from probes.redaction.ecmascript import Untranslatable
from probes.redaction.models import RedactionRule
from triage.tickets.actions.submit_ticket import Masked
from triage.tickets.guard_counts import Caught, read_counts, read_spots
from triage.tickets.wording.masked import finding_kind

_MOST_RULES = 500  # more of them would make each check slow; the server knows them all
_BUILTIN_NAMES = frozenset(rule.name for rule in RULES)
_BUILTIN_KINDS = frozenset(
    {*(rule.kind for rule in RULES), *KINDS.values(), "cookie", "unknown_secret"}  # the last two have no rule
)


def rules_for_browser(rules: Iterable[RedactionRule]) -> str:
    """JSON: `rules` as rows of the guard's catalogue, `kinds` in the words of the language in force."""
    rows = list(_rows(rules))
    kinds = sorted(_BUILTIN_KINDS | {row[1] for row in rows})
    told = {"rules": rows, "kinds": {kind: finding_kind(kind) for kind in kinds}}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def counts_in(report: bytes, rules: Iterable[RedactionRule]) -> list[Caught]:
    """What a guard that knew these rules of the admins may have masked; raises BadCounts."""
    own = [(rule.name, rule.kind) for rule in rules]
    return read_counts(
        report,
        kinds=_BUILTIN_KINDS | {kind for _name, kind in own},
        rules=_BUILTIN_NAMES | {name for name, _kind in own},
    )


def spots_in(report: str, rules: Iterable[RedactionRule]) -> list[Masked]:
    """What the guard masked before the form was sent; nothing of a report that no guard makes."""
    kinds = _BUILTIN_KINDS | {rule.kind for rule in rules} if report else _BUILTIN_KINDS
    return [Masked(*spot) for spot in read_spots(report, kinds=kinds)]


def etag_of(content: str) -> str:
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


def _rows(rules: Iterable[RedactionRule]) -> Iterator[list[Any]]:
    """Rules that JavaScript can say; those that it cannot hold on the server alone."""
    for number, rule in enumerate(rules):
        if number >= _MOST_RULES:
            return
        try:
            yield rule_row(rule.as_rule(), rule.only_in)
        except Untranslatable:
            continue
