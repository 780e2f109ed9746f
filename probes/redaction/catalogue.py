"""Every built-in rule, most particular first: of two that find the same span, the earlier names it."""

from probes.redaction import rules_ai, rules_commands, rules_generic, rules_services
from probes.redaction.rule import Rule

RULES: tuple[Rule, ...] = (
    *rules_services.RULES,
    *rules_ai.RULES,
    *rules_commands.RULES,
    *rules_generic.RULES,
)
