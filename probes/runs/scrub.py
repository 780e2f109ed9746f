"""What an endpoint sent is masked before it becomes a row."""

import re
from collections.abc import Iterable, Iterator

from probes.redaction.engine import Finding, Redactor, redact_leaves
from probes.wire.facts import Facts


def scrub(facts: Facts, redactor: Redactor) -> Facts:
    """The same facts with every text in them masked."""
    return scrubbed(facts, redactor)[0]


def scrubbed(facts: Facts, redactor: Redactor) -> tuple[Facts, tuple[Finding, ...]]:
    """The masked facts, and what was masked in them; a finding's path begins with the name of its fact."""
    masked, findings = redact_leaves(facts.as_dict(), redactor)
    return Facts.from_dict(masked), findings


def places_in(findings: Iterable[Finding]) -> Iterator[tuple[str, str, str]]:
    """(fact, kind, rule) of each, as the meter counts them."""
    for finding in findings:
        yield re.split(r"[.\[]", finding.path, maxsplit=1)[0], finding.kind, finding.rule
