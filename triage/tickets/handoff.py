"""The note that goes with a ticket to whoever owns it: what was seen, what is needed, what was corrected."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from triage.tickets.corrections import Said
from triage.tickets.deciding import Deciding
from triage.tickets.models import Ticket
from triage.tickets.places import Proof
from triage.tickets.wording import OWNERS_SHORT, in_words
from triage.verdicts.case import Verdict
from triage.verdicts.playbooks import Words

_LONGEST_VALUE = 160  # characters of a piece of evidence; the page has the whole


def handoff_of(
    ticket: Ticket,
    verdict: Verdict,
    words: Words,
    proofs: Sequence[Proof],
    overturn: Deciding | None,
    corrections: Sequence[Said],
) -> str:
    """Plain text, in the reader's language."""
    return "\n".join(_lines(ticket, verdict, words, proofs, overturn, corrections))


def _lines(
    ticket: Ticket,
    verdict: Verdict,
    words: Words,
    proofs: Sequence[Proof],
    overturn: Deciding | None,
    corrections: Sequence[Said],
) -> Iterator[str]:
    yield f"{ticket.ref} · {verdict.code} · {in_words(OWNERS_SHORT, verdict.owner)}"
    yield words.engineer
    if proofs:
        yield _("Seen: %(facts)s") % {"facts": "; ".join(_told(proofs))}
    if overturn and overturn.supplier in ("engineer", "billing"):
        yield _("Needed: %(question)s") % {"question": overturn.question}
    if corrections and not corrections[0].confirms:
        yield _("Corrected by %(name)s: %(reason)s") % {
            "name": corrections[0].by,
            "reason": corrections[0].reason,
        }


def _told(proofs: Iterable[Proof]) -> Iterator[str]:
    for proof in proofs:
        value = proof.value if len(proof.value) <= _LONGEST_VALUE else f"{proof.value[:_LONGEST_VALUE]}…"
        yield f"{proof.where}, {proof.fact}: {value}"
