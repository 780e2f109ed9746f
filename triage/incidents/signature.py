"""What counts towards an incident, and which models of an endpoint it is about."""

from collections.abc import Iterable, Sequence

from triage.verdicts.case import Confidence, Verdict
from triage.verdicts.rules.surroundings import (
    BEHIND_THE_GATEWAY,
    BLOCKS,
    OUTAGES,
    SHARED,
    UPSTREAM_LIMITS,
    met_by_desk,
)

_TOLD_COUNTS = OUTAGES | UPSTREAM_LIMITS | BEHIND_THE_GATEWAY | BLOCKS
_WHOLE_ENDPOINT = ("reach.", "edge.", "gateway.")


def counts(verdict: Verdict) -> bool:
    """Whether a ticket with this verdict tells of a fault that others may share.

    Words alone count where they are more than a guess and no attempt of the desk's own went well; of broken
    streams, which may well break on the customer's own path, only what the desk has met itself.
    """
    if verdict.code not in SHARED:
        return False
    if met_by_desk(verdict.evidence):
        return True
    sure = verdict.confidence is not Confidence.POSSIBLE
    return verdict.code in _TOLD_COUNTS and sure and not met_by_desk(verdict.counter_evidence)


def accounts_in(refs: Iterable[str]) -> int:
    """How many different customers these are; a ticket that names no account is nobody's."""
    return len({ref for ref in refs if ref})


def shared_model(models: Sequence[str]) -> str:
    """The model that all of them ask; empty when there are several, so that it is about every model."""
    return models[0] if len(set(models)) == 1 else ""


def spreads(code: str) -> bool:
    """Whether a second model that meets it shows that the whole endpoint has it."""
    return code.startswith(_WHOLE_ENDPOINT)
