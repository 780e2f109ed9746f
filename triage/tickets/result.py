"""Everything that the result page shows of one ticket, read from its rows and put into the reader's words."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from triage.tickets.around import Around, around_of
from triage.tickets.beside import FoundBeside, found_beside
from triage.tickets.card import Card, Reader, card_of
from triage.tickets.charged import Charged, charged_of
from triage.tickets.corrections import leading_verdict
from triage.tickets.declared import Declared, declared_of
from triage.tickets.models import Investigation
from triage.tickets.offer import Option, options_for
from triage.tickets.places import SeenRequest, begun, seen_requests
from triage.tickets.probed import Probed, probed_of, runs_of
from triage.tickets.sequel import Change, Earlier, changes_since, earlier_verdicts
from triage.tickets.steps import requests_of
from triage.verdicts.case import Verdict
from triage.verdicts.playbooks import Words, words_for

_SECONDS_PER_VERSION = 15  # a waiting ticket says how long it has waited, and this often it says so anew


@dataclass(frozen=True, slots=True)
class Result:
    version: str  # changes whenever the page would
    is_concluded: bool
    announcement: str
    probed: Probed
    charged: Charged
    declared: list[Declared]
    verdict: Verdict | None  # the one that leads: the machine's, or as an engineer corrected it
    words: Words | None
    card: Card | None
    seen: list[SeenRequest]
    around: Around
    findings: list[FoundBeside]
    earlier: list[Earlier]
    changes: list[Change]
    suggested: list[Option]


def version_of(investigation: Investigation, *, now: datetime) -> str:
    """A token of all that the page draws from; polling with the current one is answered with nothing."""
    run = investigation.run
    seen: list[object] = [investigation.pk, investigation.is_concluded]
    if run is not None and not run.is_finished:
        seen.append((now - run.queued_at).total_seconds() // _SECONDS_PER_VERSION)
    for attempt in run.attempts.all() if run else ():
        seen += [attempt.state, attempt.stage, attempt.facts.get("events"), attempt.facts.get("body_bytes")]
    return hashlib.sha256(repr((run.state if run else "", seen)).encode()).hexdigest()[:16]


def result_of(investigation: Investigation, *, reader: Reader, now: datetime) -> Result:
    language, playbooks = reader.language, reader.playbooks
    requests = requests_of(runs_of(investigation))
    seen = begun(requests)
    probed = probed_of(investigation, requests, now=now)
    charged = charged_of(investigation)
    options = options_for(investigation)
    verdict = leading_verdict(investigation)
    words = words_for(verdict, language, playbooks=playbooks) if verdict else None
    card = (
        card_of(
            investigation, verdict, words, reader=reader, options=options, requests=seen, told=charged.told
        )
        if verdict and words
        else None
    )
    return Result(
        version=version_of(investigation, now=now),
        is_concluded=investigation.is_concluded,
        announcement=words.title if words else probed.announcement,
        probed=probed,
        charged=charged,
        declared=declared_of(investigation.ticket),
        verdict=verdict,
        words=words,
        card=card,
        seen=seen_requests(seen, card.cited if card else ()),
        around=around_of(investigation, language=language, playbooks=playbooks),
        findings=found_beside(verdict, charged.then, language=language, playbooks=playbooks),
        earlier=earlier_verdicts(investigation, language=language, playbooks=playbooks),
        changes=changes_since(investigation, language=language, playbooks=playbooks),
        suggested=[option for option in options if option.reason and not option.hindrance],
    )
