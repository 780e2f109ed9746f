"""Which kinds of findings are credentials, and which only say who somebody is."""

from collections.abc import Iterable

from probes.redaction.catalogue import RULES
from probes.redaction.engine import Finding
from probes.redaction.rule import Rank

PERSONAL_KINDS = frozenset(rule.kind for rule in RULES if rule.rank is Rank.PERSONAL)


def hold_credential(findings: Iterable[Finding]) -> bool:
    """Whether more than personal data was found, or the text could not be checked."""
    return any(finding.kind not in PERSONAL_KINDS for finding in findings)
