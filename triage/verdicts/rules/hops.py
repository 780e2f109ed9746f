"""Which hop spoils an answer: the same request on both sides of the edge."""

from dataclasses import replace

from probes.wire.comparison import compare
from probes.wire.facts import Facts
from triage.verdicts.case import Confidence, Evidence, Owner
from triage.verdicts.codes import ISSUES
from triage.verdicts.reading import Conclusion, Reading, shown, went_well
from triage.verdicts.rules.buffering import held_back, too_short_to_tell
from triage.verdicts.rules.outcome import PASSING
from triage.verdicts.rules.probed import fault_of

_FACTS = frozenset(Facts.__dataclass_fields__)
_ON_BOTH = 4  # facts of a fault that are shown for both sides
_HELD = ("stream.fully_buffered", "stream.block_buffered", "stream.headers_held")


def named_hop(conclusion: Conclusion | None, reading: Reading) -> Conclusion | None:
    """The conclusion with its hop named, as far as the second route tells it; None when it tells nothing."""
    pairs = (_sides(reading, route) for route in reading.tries("route"))
    told = (_judged(conclusion, edge, behind, reading) for edge, behind in filter(None, pairs))
    return next(filter(None, told), None)


def _sides(reading: Reading, route: Facts) -> tuple[Facts, Facts] | None:
    """(through the edge, behind it) of one request; a route leads behind the edge unless it says so."""
    own = reading.case.attempt("stream") or reading.case.attempt("control")
    if own is None:
        return None
    return (route, own) if route.route_place == "through_edge" else (own, route)


def _judged(conclusion: Conclusion | None, edge: Facts, behind: Facts, reading: Reading) -> Conclusion | None:
    spoiled, behind_fault = _fault(edge, reading), _fault(behind, reading)
    if spoiled is None or (conclusion and edge.step != "route" and spoiled.code != conclusion.code):
        return None
    if behind_fault is None:
        return _edge_spoils(spoiled, edge, behind) if _is_proof(spoiled, behind) else None
    return _further_back(spoiled, behind) if behind_fault.code == spoiled.code else None


def _fault(facts: Facts, reading: Reading) -> Conclusion | None:
    return fault_of(facts, reading) or (held_back(facts, reading) if facts.events else None)


def _is_proof(spoiled: Conclusion, behind: Facts) -> bool:
    """Well by itself, and long enough where the fault is one that a short answer hides."""
    return went_well(behind) and not (spoiled.code in _HELD and too_short_to_tell(behind))


def _edge_spoils(spoiled: Conclusion, edge: Facts, behind: Facts) -> Conclusion:
    """Behind the edge all is well; of a fault that comes and goes one pass proves less."""
    return replace(
        spoiled,
        confidence=Confidence.LIKELY if spoiled.code in PASSING else Confidence.CERTAIN,
        owner=Owner.EDGE,
        evidence=(*spoiled.evidence, *_same_facts(spoiled, behind), *_added(edge, behind)),
        alternatives=(),
    )


def _further_back(spoiled: Conclusion, behind: Facts) -> Conclusion:
    """It is there before the edge touches it."""
    usual = spoiled.owner or ISSUES[spoiled.code].owner
    return replace(
        spoiled,
        owner=Owner.GATEWAY if usual is Owner.EDGE else usual,
        evidence=(*spoiled.evidence, *_same_facts(spoiled, behind)),
    )


def _same_facts(spoiled: Conclusion, other: Facts) -> tuple[Evidence, ...]:
    """What the fault shows on the one side, as it is on the other."""
    names = dict.fromkeys(("status", *(item.fact for item in spoiled.evidence if item.fact in _FACTS)))
    return shown(other, *list(names)[:_ON_BOTH])


def _added(edge: Facts, behind: Facts) -> tuple[Evidence, ...]:
    """Headers that only the way through the edge has."""
    added = [
        name for name, behind_it, through_it in compare(behind, edge).hops if through_it and not behind_it
    ]
    return (Evidence(edge.step, "headers_added", added),) if added else ()
