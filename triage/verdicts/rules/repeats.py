"""The same request several times: what comes and goes, what stays, and how often."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from probes.wire.facts import Facts
from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.rules.probed import fault_of

ENOUGH_PASSES = 3
"""So many in a row outweigh a ticket that says "sometimes"."""


def tries(reading: Reading) -> tuple[Facts, ...]:
    """The repeats and the request that they repeat."""
    repeats = reading.tries("repeat")
    first = reading.tries("stream") or reading.tries("control")
    return (*first, *repeats) if repeats else ()


def disagree(reading: Reading) -> Conclusion | None:
    """Some pass and some fail: no single one of them is the truth."""
    for attempts in (tries(reading), reading.tries("control"), reading.tries("stream")):
        faults = [(facts, fault_of(facts, reading)) for facts in attempts]
        failed = [(facts, fault) for facts, fault in faults if fault]
        if failed and len(failed) < len(attempts):
            return Conclusion(
                code="intermittent",
                confidence=Confidence.CERTAIN,
                evidence=_counts(attempts, [facts for facts, _ in failed], _kinds(failed)),
                alternatives=tuple(dict.fromkeys(fault.code for _, fault in failed)),
                params=_params(attempts, failed),
            )
    return None


def strengthened(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """A fault that every repeat shows again is no accident."""
    attempts = tries(reading)
    faults = [(facts, fault_of(facts, reading)) for facts in attempts]
    failed = [(facts, fault) for facts, fault in faults if fault]
    if not attempts or len(failed) < len(attempts):
        return conclusion
    if conclusion.code == "intermittent":  # guessed from one failure, and refuted by all the others
        conclusion = failed[0][1]
    alike = all(fault.code == conclusion.code for _, fault in failed)
    others = tuple(fault.code for _, fault in failed if fault.code != conclusion.code)
    return replace(
        conclusion,
        confidence=Confidence.CERTAIN if alike else conclusion.confidence,
        evidence=(
            *conclusion.evidence,
            *_counts(attempts, [facts for facts, _ in failed], _kinds(failed)),
        ),
        alternatives=(*others, *conclusion.alternatives),
        params={**conclusion.params, **_params(attempts, failed)},
    )


def all_passed(reading: Reading) -> tuple[Evidence, ...]:
    """How many tries went well, when all of them did and there was more than one."""
    attempts = tries(reading)
    if not attempts or any(fault_of(facts, reading) for facts in attempts):
        return ()
    return _counts(attempts, [], {})


def enough_passed(reading: Reading) -> bool:
    return bool(all_passed(reading)) and len(tries(reading)) >= ENOUGH_PASSES


def _counts(
    attempts: Sequence[Facts], failed: Sequence[Facts], kinds: Mapping[str, int]
) -> tuple[Evidence, ...]:
    where = attempts[-1].step
    counts = (
        Evidence(where, "attempts", len(attempts)),
        Evidence(where, "passed", len(attempts) - len(failed)),
    )
    return (*counts, Evidence(where, "failed_as", dict(kinds))) if kinds else counts


def _kinds(failed: Sequence[tuple[Facts, Conclusion]]) -> Mapping[str, int]:
    """How often each kind of failure came, the commonest first."""
    return dict(Counter(_kind(facts, fault) for facts, fault in failed).most_common())


def _kind(facts: Facts, fault: Conclusion) -> str:
    """The status of a refusal, else the class of what went wrong."""
    return str(facts.status) if facts.status not in (None, 200) else fault.code


def _params(attempts: Sequence[Facts], failed: Sequence[tuple[Facts, Conclusion]]) -> dict[str, Any]:
    told = ", ".join(f"{kind} \N{MULTIPLICATION SIGN}{count}" for kind, count in _kinds(failed).items())
    return {"attempts": len(attempts), "failed": len(failed), "failed_as": told}
