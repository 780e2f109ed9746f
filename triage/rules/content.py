"""What people write of a rule, as plain values to compare and to make the engine's rule of."""

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from probes.redaction.models import RedactionRule
from probes.redaction.rule import Rule
from probes.redaction.samples import expand
from triage.tickets.wording.facts import DECLARED

Content = Mapping[str, Any]
# The columns of a RedactionRule that people write, in the order in which they are read.
COLUMNS: Mapping[str, Any] = {
    "kind": _("kind"),
    "pattern": _("pattern"),
    "shown": _("shown as"),
    "only_in": _("only in these fields"),
    "order": _("order"),
    "enabled": _("enabled"),
    "positive_samples": _("texts that must be masked"),
    "negative_samples": _("texts that must stay as they are"),
}
_TEXTS = (
    *("error_text", "notes", "base_url", "model", "client", "client_version", "account_ref", "key_hint"),
    *("task_id", "request_ids", "charged_text", "via_proxy_text", "control_text"),
)
FIELDS: Mapping[str, Any] = {name: DECLARED[name] for name in _TEXTS}  # where a rule may be kept to


@dataclass(frozen=True, slots=True)
class Difference:
    """One column that two contents do not agree in; None where there is no rule."""

    label: Any
    before: str | None
    after: str | None


def content_of(rule: RedactionRule) -> dict[str, Any]:
    return {column: getattr(rule, column) for column in COLUMNS}


def unsaved_rule(name: str, content: Content) -> RedactionRule:
    """The row that a content would become."""
    return RedactionRule(name=name, **content)


def engine_rule(name: str, content: Content) -> Rule:
    return unsaved_rule(name, content).as_rule()


def masked_samples(content: Content) -> list[str]:
    """The texts that the rule promises to mask, with made-up values in their slots."""
    rng = random.Random(0)  # noqa: S311 - nothing here is secret
    return [expand(line, rng) for line in content["positive_samples"].splitlines() if line.strip()]


def is_in_force(content: Content | None) -> bool:
    return content is not None and bool(content["enabled"])


def fingerprint(content: Content | None) -> str:
    """Equal for equal contents: whoever decides says by it what they have read."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def differences(before: Content | None, after: Content | None) -> list[Difference]:
    """The columns that changed, in the order in which they are read."""
    return [
        Difference(label, old, new)
        for column, label in COLUMNS.items()
        if (old := _said(before, column)) != (new := _said(after, column))
    ]


def places(content: Content) -> list[str]:
    """The fields that a rule is kept to, in words; empty when it holds everywhere."""
    return [str(FIELDS.get(name, name)) for name in content["only_in"]]


def _said(content: Content | None, column: str) -> str | None:
    if content is None:
        return None
    value = content[column]
    if column == "enabled":
        return str(_("yes") if value else _("no"))
    if column == "only_in":
        return ", ".join(places(content)) or str(_("everywhere"))
    if column == "shown":
        return str(RedactionRule.Shown(value).label)
    return str(value)
