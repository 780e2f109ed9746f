"""The same request several times: what comes and goes, what stays, and how often."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from probes.wire.facts import Facts
from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.codes import ISSUES
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.rules.probed import fault_of

Failed = tuple[Facts, Conclusion]
"""An attempt with what was wrong with it."""

ENOUGH_PASSES = 3
"""So many in a row outweigh a ticket that says "sometimes"."""


def tries(reading: Reading) -> tuple[Facts, ...]:
    """The repeats and the request that they repeat, or the control that failed before it could be sent."""
    repeats = reading.tries("repeat")
    first = reading.tries("stream") or tuple(filter(_may_pass, reading.tries("control")))
    return (*first, *repeats) if repeats else ()


def _may_pass(control: Facts) -> bool:
    """A refusal of the control may be one of stream=false as such; repeats ask for streams."""
    return control.status is None or control.status == 200 or control.status >= 500


def disagree(reading: Reading) -> Conclusion | None:
    """Some pass and some fail: no single one of them is the truth."""
    for attempts in (tries(reading), reading.tries("control"), reading.tries("stream")):
        faults = [(facts, fault_of(facts, reading)) for facts in attempts]
        failed = [(facts, fault) for facts, fault in faults if fault]
        if failed and len(failed) < len(attempts):
            return _limited(attempts, failed) or _intermittent(attempts, failed)
    return None


def _intermittent(attempts: Sequence[Facts], failed: Sequence[Failed]) -> Conclusion:
    codes = tuple(dict.fromkeys(fault.code for _, fault in failed))
    return Conclusion(
        code="intermittent",
        confidence=Confidence.CERTAIN,
        owner=(failed[0][1].owner or ISSUES[codes[0]].owner) if len(codes) == 1 else None,
        evidence=_counts(attempts, failed),
        alternatives=(*codes, *_limit_in_disguise(failed)),
        params=_params(attempts, failed),
    )


def _limit_in_disguise(failed: Sequence[Failed]) -> tuple[str, ...]:
    """nginx refuses what is over its limit with the page of a gateway that is down."""
    pages = (fault.code == "edge.gateway_down" and facts.status == 503 for facts, fault in failed)
    return ("limit.ip",) if any(pages) else ()


def _limited(attempts: Sequence[Facts], failed: Sequence[Failed]) -> Conclusion | None:
    """A limit lets some through and refuses the others: that is what it is for."""
    first = failed[0][1]
    if not all(fault.code.startswith("limit.") for _, fault in failed):
        return None
    return replace(
        first,
        evidence=(*first.evidence, *_counts(attempts, failed)),
        params={**first.params, **_params(attempts, failed)},
    )


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
        evidence=(*conclusion.evidence, *_counts(attempts, failed)),
        alternatives=(*others, *conclusion.alternatives),
        params={**conclusion.params, **_params(attempts, failed)},
    )


def all_passed(reading: Reading) -> tuple[Evidence, ...]:
    """How many tries went well, when all of them did and there was more than one."""
    attempts = tries(reading)
    if not attempts or any(fault_of(facts, reading) for facts in attempts):
        return ()
    return _counts(attempts, ())


def enough_passed(reading: Reading) -> bool:
    return bool(all_passed(reading)) and len(tries(reading)) >= ENOUGH_PASSES


def _counts(attempts: Sequence[Facts], failed: Sequence[Failed]) -> tuple[Evidence, ...]:
    where, kinds = attempts[-1].step, dict(_kinds(failed))
    counts = (
        Evidence(where, "attempts", len(attempts)),
        Evidence(where, "passed", len(attempts) - len(failed)),
    )
    return (*counts, Evidence(where, "failed_as", kinds)) if kinds else counts


def _kinds(failed: Sequence[Failed]) -> Mapping[str, int]:
    """How often each kind of failure came, the commonest first."""
    counted = Counter(_kind(facts, fault) for facts, fault in failed)
    return dict(sorted(counted.items(), key=lambda kind: (-kind[1], kind[0])))


def _kind(facts: Facts, fault: Conclusion) -> str:
    """The status of a refusal, else the class of what went wrong."""
    return str(facts.status) if facts.status not in (None, 200) else fault.code


def _params(attempts: Sequence[Facts], failed: Sequence[Failed]) -> dict[str, Any]:
    told = ", ".join(f"{kind} \N{MULTIPLICATION SIGN}{count}" for kind, count in _kinds(failed).items())
    return {"attempts": len(attempts), "failed": len(failed), "failed_as": told}
