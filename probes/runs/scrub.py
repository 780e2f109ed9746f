"""What an endpoint sent is masked before it becomes a row."""

from probes.redaction.engine import Redactor, redact_leaves
from probes.wire.facts import Facts


def scrub(facts: Facts, redactor: Redactor) -> Facts:
    """The same facts with every text in them masked."""
    masked, _findings = redact_leaves(facts.as_dict(), redactor)
    return Facts.from_dict(masked)
