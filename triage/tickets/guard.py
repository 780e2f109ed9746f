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
from triage.tickets.wording import finding_kind

_MOST_RULES = 500  # more of them would make each check slow; the server knows them all
_OTHERS = ("cookie", "unknown_secret")


def rules_for_browser(rules: Iterable[RedactionRule]) -> str:
    """JSON: `rules` as rows of the guard's catalogue, `kinds` in the words of the language in force."""
    rows = list(_rows(rules))
    kinds = {*(rule.kind for rule in RULES), *(row[1] for row in rows), *KINDS.values(), *_OTHERS}
    told = {"rules": rows, "kinds": {kind: finding_kind(kind) for kind in sorted(kinds)}}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


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
