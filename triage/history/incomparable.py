"""What of several runs cannot be compared, and why, in words."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from probes.endpoints.models import Protocol
from triage.history.alignment import Aligned
from triage.history.record import Record
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.refusals import SKIPS

_PROTOCOLS = dict(Protocol.choices)


def incomparable(records: Sequence[Record], names: Sequence[str], rows: Iterable[Aligned]) -> list[str]:
    """Sentences: other protocols, runs without requests or of older versions, requests that are missing."""
    return [*_on_protocols(records, names), *_on_records(records, names), *_on_missing(rows, names)]


def protocol_of(record: Record) -> str:
    """That the run spoke; its endpoint may speak another one since."""
    return next((request.step.protocol for request in record.requests), record.run.endpoint.protocol)


def _on_protocols(records: Sequence[Record], names: Sequence[str]) -> Iterator[str]:
    protocols = [protocol_of(record) for record in records]
    if len(set(protocols)) == 1:
        return
    spoken = [
        _("%(run)s speaks %(protocol)s") % {"run": name, "protocol": in_words(_PROTOCOLS, protocol)}
        for name, protocol in zip(names, protocols, strict=True)
    ]
    yield _(
        "The protocols differ: %(spoken)s. Each has its own words for errors, ends and token counts, so "
        "these are shown but not marked as differing."
    ) % {"spoken": _(", ").join(spoken)}


def _on_records(records: Sequence[Record], names: Sequence[str]) -> Iterator[str]:
    for name, record in zip(names, records, strict=True):
        told = {"run": name}
        if not record.requests:
            yield _("%(run)s has no requests on record.") % told
        elif not record.begun:
            yield _("%(run)s has sent nothing so far.") % told
        if not record.is_planned:
            yield (
                _("The plan of %(run)s was stored by another version of the desk and cannot be read.") % told
            )


def _on_missing(rows: Iterable[Aligned], names: Sequence[str]) -> Iterator[str]:
    for row in rows:
        for name, request in zip(names, row.requests, strict=True):
            told = {"request": row.title, "run": name}
            if request is None:
                yield _("%(request)s: %(run)s has no such request.") % told
            elif request.facts.skipped:
                why = in_words(SKIPS, request.facts.skipped)
                yield _("%(request)s, %(run)s: %(why)s.") % (told | {"why": why})
