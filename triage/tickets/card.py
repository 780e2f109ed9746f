"""What the verdict card shows beside the playbook's words: grounds, proofs, alternatives, deciding facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from triage.charges.telling import Told
from triage.tickets.corrections import Said, corrections_of
from triage.tickets.deciding import NOTHING_ASKED, Asked, Asking, Deciding, askings, deciding, fact_wanted
from triage.tickets.handoff import Doubt, handoff_of
from triage.tickets.models import Investigation, Ticket
from triage.tickets.offer import Option
from triage.tickets.places import SURROUNDINGS, Cited, Proof, cited_in, proofs_of
from triage.tickets.steps import Request
from triage.verdicts.case import Confidence, Resend, Tri, Verdict
from triage.verdicts.codec import verdict_from_dict
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import Playbooks, Words, is_held_back, is_unsettled, title_of, words_for
from triage.verdicts.questions import missing_fields

_NOT_PROBED_ITSELF = frozenset({"declared", "ledger", "desk", "arithmetic", *SURROUNDINGS})


@dataclass(frozen=True, slots=True)
class Alternative(Doubt):
    """With how it would look."""

    code: str
    looks: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page: their language, the words in force, and the questions that they picked."""

    language: str
    playbooks: Playbooks
    asked: Asked = NOTHING_ASKED


@dataclass(frozen=True, slots=True)
class Card:
    """Evidence is the machine's, which saw the facts; all else is told of the verdict that leads."""

    machine: Verdict
    machine_title: str
    corrections: list[Said]
    is_corrected: bool
    grounds: str  # a code of wording.verdicts.GROUNDS
    cited: list[Cited]
    evidence: list[Proof]
    counter_evidence: list[Proof]
    overturn: Deciding | None
    is_usual: bool  # the playbook's sentence tells of the same fact
    alternatives: list[Alternative]
    is_only_early: bool  # sending it again is unsafe until the retry clock, and for no other reason
    clock_there: str  # the retry clock in the customer's zone
    askings: list[Asking]
    handoff: str


def card_of(
    investigation: Investigation,
    verdict: Verdict,
    words: Words,
    *,
    reader: Reader,
    options: Sequence[Option],
    requests: Sequence[Request],
    told: Told | None,
) -> Card:
    """`verdict` leads, with its `words`; the machine's own stands in the investigation."""
    ticket, machine = investigation.ticket, verdict_from_dict(investigation.verdict or {})
    because, against = cited_in(machine, requests)
    proofs = proofs_of(because, ticket=ticket, told=told)
    wanted = fact_wanted(verdict, ticket)
    overturn = deciding(wanted, ticket, options, reader.asked, language=reader.language)
    said = corrections_of(investigation, language=reader.language, playbooks=reader.playbooks)
    alternatives = _alternatives(verdict, ticket, options, reader)
    return Card(
        machine=machine,
        machine_title=title_of(machine.code, reader.language, playbooks=reader.playbooks),
        corrections=said,
        is_corrected=bool(said) and not said[0].confirms,
        grounds=grounds_of(machine),
        cited=[*because, *against],
        evidence=proofs,
        counter_evidence=proofs_of(against, ticket=ticket, told=told),
        overturn=overturn,
        is_usual=wanted == _usual(verdict) or is_held_back(verdict),
        alternatives=alternatives,
        is_only_early=is_only_early(verdict, ticket),
        clock_there=clock_there(verdict.retry_not_before, ticket.zone) if verdict.retry_not_before else "",
        askings=askings(
            _worth_asking(machine, overturn, ticket), reader.asked, ticket, language=reader.language
        ),
        handoff=handoff_of(ticket, verdict, words, proofs, overturn, alternatives, said),
    )


def _usual(verdict: Verdict) -> str:
    """The fact that its class names, of which the playbook tells."""
    return ISSUES[verdict.code].overturned_by if verdict.code in ISSUES else verdict.overturned_by


def _worth_asking(verdict: Verdict, overturn: Deciding | None, ticket: Ticket) -> list[str]:
    """The customer's fact first, then what the ticket leaves open; nothing before the desk has tried."""
    if is_held_back(verdict):
        return []
    first = [overturn.fact] if overturn and overturn.asking and not overturn.given else []
    return [*first, *missing_fields(ticket.intake())]


def grounds_of(verdict: Verdict) -> str:
    """Why it is as sure as it says, as a code of wording.verdicts.GROUNDS."""
    wheres = {item.where for item in verdict.evidence}
    if "incident" in wheres:
        return "incident"
    probed = bool(wheres - _NOT_PROBED_ITSELF)
    if verdict.code.startswith("ok.") and probed:
        return "went_well"
    match verdict.confidence:
        case Confidence.CERTAIN:
            return _certain(wheres, probed=probed)
        case Confidence.LIKELY:
            return _likely(verdict, wheres, probed=probed)
        case _:
            return _possible(wheres, probed=probed)


def _certain(wheres: set[str], *, probed: bool) -> str:
    if "ledger" in wheres:
        return "rows_prove"
    return "probe_proves" if probed else "facts_name"


def _likely(verdict: Verdict, wheres: set[str], *, probed: bool) -> str:
    if verdict.counter_evidence:
        return "contradicted"
    if "ledger" in wheres:
        return "rows_fit"
    if "arithmetic" in wheres:
        return "figures_fit"
    if probed:
        return "probe_and_words" if "declared" in wheres else "probe_fits"
    return "words_name" if "declared" in wheres else "fits_best"


def _possible(wheres: set[str], *, probed: bool) -> str:
    if probed:
        return "several"
    return "hinted" if "declared" in wheres else "nothing_seen"


def _alternatives(
    verdict: Verdict, ticket: Ticket, options: Sequence[Option], reader: Reader
) -> list[Alternative]:
    found = []
    for code in verdict.alternatives:
        words = words_for(_by_itself(code, verdict), reader.language, playbooks=reader.playbooks)
        found.append(
            Alternative(words.title, _apart(code, verdict, ticket, options, reader), code, words.happened)
        )
    return found


def _by_itself(code: str, verdict: Verdict) -> Verdict:
    """The class as such: it knows nothing of this case."""
    return Verdict(code=code, confidence=Confidence.POSSIBLE, owner=verdict.owner)


def _apart(
    code: str, verdict: Verdict, ticket: Ticket, options: Sequence[Option], reader: Reader
) -> Deciding | None:
    """What would settle the alternative, unless the verdict's own deciding fact does that already."""
    issue = ISSUES.get(code)
    fact = issue.overturned_by if issue else ""
    if fact == verdict.overturned_by or is_held_back(verdict):  # then the desk's own probe tells them apart
        return None
    return deciding(fact, ticket, options, reader.asked, language=reader.language)


def is_only_early(verdict: Verdict, ticket: Ticket) -> bool:
    """Whether time alone cures it: nothing may have run, and nobody speaks of money or a task."""
    waits = verdict.resend is Resend.UNSAFE and verdict.retry_not_before is not None
    may_stand_somewhere = is_unsettled(verdict) or verdict.look_first or ticket.charged == Tri.YES
    return waits and not may_stand_somewhere


def clock_there(at: datetime, zone: str) -> str:
    """The time on the customer's wall; empty where the zone is not known, or is the reader's own."""
    try:
        there = at.astimezone(ZoneInfo(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    if there is None or there.utcoffset() == timezone.localtime(at).utcoffset():
        return ""
    return f"{there:%Y-%m-%d %H:%M:%S} ({zone}, UTC{there:%z})"
