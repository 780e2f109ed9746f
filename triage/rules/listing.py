"""What the list of rules shows: built-in rules, the admins' own, and how often each masked something."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q, QuerySet

from probes.redaction.catalogue import RULES
from probes.redaction.meter import hits_of_rules
from probes.redaction.models import RedactionRule
from probes.redaction.rule import Rule
from probes.redaction.search import RuleError, compile_pattern
from triage.rules.models import RuleDraft

DAYS = 7


class Shown(NamedTuple):
    """A rule and its hits of the last seven days; one that `is_broken` makes the desk withhold texts."""

    rule: RedactionRule | Rule
    hits: int
    is_broken: bool = False


def own_rules(search: str) -> QuerySet[RedactionRule]:
    found = Q(name__icontains=search) | Q(kind__icontains=search) | Q(pattern__icontains=search)
    rules = RedactionRule.objects.select_related("updated_by").order_by("order", "name")
    return rules.filter(found) if search else rules


def builtin_rules(search: str) -> list[Rule]:
    """Those whose name or kind, which begin with the vendor, contain every word that is looked for."""
    words = search.casefold().replace("-", "_").split()
    return [rule for rule in RULES if all(word in f"{rule.name} {rule.kind}".casefold() for word in words)]


def builtin_rule(name: str) -> Rule | None:
    return next((rule for rule in RULES if rule.name == name), None)


def with_hits(rules: Iterable[RedactionRule | Rule]) -> list[Shown]:
    counts = hits_of_rules(days=DAYS)
    return [Shown(rule, counts.get(rule.name, 0), _is_broken(rule)) for rule in rules]


def _is_broken(rule: RedactionRule | Rule) -> bool:
    """Only a row that went around the workshop can be in force and yet not compile."""
    if isinstance(rule, Rule) or not rule.enabled:
        return False
    try:
        compile_pattern(rule.pattern)
    except RuleError:
        return True
    return False


def open_drafts() -> QuerySet[RuleDraft]:
    """What waits for a second admin, then what is being written."""
    states = (RuleDraft.State.SUBMITTED, RuleDraft.State.DRAFT)
    return RuleDraft.objects.filter(state__in=states).select_related("author").order_by("-state", "-pk")
