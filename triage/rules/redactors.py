"""Redactors for the workshop: the rules in force with and without the one that is worked on."""

from collections.abc import Iterable
from functools import lru_cache

from probes.redaction.catalogue import RULES
from probes.redaction.engine import Redactor
from probes.redaction.models import RedactionRule
from probes.redaction.rule import Rule
from probes.redaction.search import RuleError


@lru_cache(maxsize=8)
def redactor_of(rules: tuple[Rule, ...]) -> Redactor:
    """The admins' rules given, before the built-in ones, as they are in force. Raises RuleError."""
    return Redactor((*rules, *RULES))


@lru_cache(maxsize=8)
def alone(rule: Rule) -> Redactor:
    """One rule and nothing else. Raises RuleError."""
    return Redactor([rule], shapes_only=True)


def other_rules(name: str) -> list[RedactionRule]:
    """The admins' rules in force but the one of this name; those that do not compile are left out.

    Such a row, which no way through the desk leads to, withholds every text: mending it must stay possible.
    """
    enabled = RedactionRule.objects.enabled().exclude(name=name).order_by("order", "name")
    return [rule for rule in enabled if _compiles(rule.as_rule())]


def in_field(rules: Iterable[RedactionRule], field: str) -> tuple[Rule, ...]:
    """Those of the rules that hold in a field."""
    return tuple(rule.as_rule() for rule in rules if not rule.only_in or field in rule.only_in)


def _compiles(rule: Rule) -> bool:
    try:
        alone(rule)
    except RuleError:
        return False
    return True
