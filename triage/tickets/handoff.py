"""The note that goes with a ticket to whoever owns it: what was seen, what is needed, what was corrected."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.utils.translation import gettext as _

from triage.tickets.corrections import Said
from triage.tickets.deciding import Deciding
from triage.tickets.models import Ticket
from triage.tickets.places import Proof
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.verdicts import OWNERS_SHORT
from triage.verdicts.case import Verdict
from triage.verdicts.playbooks import Words

_LONGEST_VALUE = 160  # characters of a piece of evidence; the page has the whole


@dataclass(frozen=True, slots=True)
class Doubt:
    """Another class that fits, and the fact that would tell."""

    title: str
    deciding: Deciding | None


def handoff_of(
    ticket: Ticket,
    verdict: Verdict,
    words: Words,
    proofs: Sequence[Proof],
    overturn: Deciding | None,
    doubts: Iterable[Doubt],
    corrections: Sequence[Said],
) -> str:
    """Plain text, in the reader's language."""
    lines = [
        f"{ticket.ref} · {verdict.code} · {in_words(OWNERS_SHORT, verdict.owner)}",
        words.engineer,
        *_seen(proofs),
        *_needed(overturn, doubts),
        *_corrected(corrections),
    ]
    return "\n".join(lines)


def _seen(proofs: Sequence[Proof]) -> Iterator[str]:
    """A line per request, or other source, that showed something."""
    if proofs:
        yield _("Seen:")
    for where, shown in groupby(proofs, key=attrgetter("where")):
        yield f"- {where}{_(': ')}{'; '.join(map(_told, shown))}"


def _needed(overturn: Deciding | None, doubts: Iterable[Doubt]) -> Iterator[str]:
    """What somebody of ours has to look up: what would overturn it, then what tells other classes apart."""
    if overturn and overturn.is_ours:
        yield _("Needed: %(question)s") % {"question": overturn.question}
    for doubt in doubts:
        if doubt.deciding and doubt.deciding.is_ours:
            yield _("Or is it “%(title)s”? %(question)s") % {
                "title": doubt.title,
                "question": doubt.deciding.question,
            }


def _corrected(corrections: Sequence[Said]) -> Iterator[str]:
    if corrections and not corrections[0].confirms:
        newest = corrections[0]
        yield _("Corrected by %(name)s: %(reason)s") % {"name": newest.by, "reason": newest.reason}


def _told(proof: Proof) -> str:
    value = proof.value if len(proof.value) <= _LONGEST_VALUE else f"{proof.value[:_LONGEST_VALUE]}…"
    return f"{proof.fact}{_(': ')}{value}"
