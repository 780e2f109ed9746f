"""A charge finding for a page: its words, where each row came in, and how far the ledgers reach."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce

from triage.charges.actions.lines import fetch_lines
from triage.charges.finding import ChargeFinding
from triage.charges.models import Charge, ImportState, LedgerSource
from triage.charges.normalise import id_key
from triage.charges.reach import Reach
from triage.charges.story import tell_probes
from triage.charges.telling import Asked, Origin, Told, tell

_PAID_BY_US = "WHERE charge.request_key = ANY(%(keys)s) AND charge.request_key <> '' AND charge.own_probe"


def told_charges(
    finding: ChargeFinding, *, asked: Asked | None = None, sent_by_us: Sequence[str] = ()
) -> Told:
    """A few small queries; a finding whose rows were undone meanwhile is told without their origins.

    `sent_by_us` are request ids of the desk's own probes, whose rows are told apart.
    """
    finding = _with_probes(finding, sent_by_us)
    return tell(finding, asked=asked or Asked(), origins=_origins(finding), reaches=_reaches(finding))


def _with_probes(finding: ChargeFinding, request_ids: Sequence[str]) -> ChargeFinding:
    keys = sorted({*map(id_key, request_ids)} - {""})
    known = {event.charge_id for story in finding.story for event in story.events}
    lines = fetch_lines(_PAID_BY_US, {"keys": keys}) if keys else []
    more = [line for line in lines if line.charge_id not in known]
    return replace(finding, story=(*finding.story, tell_probes(more))) if more else finding


def _origins(finding: ChargeFinding) -> Mapping[str, Origin]:
    """Of the finding's own ledger first: rows of our probes may stand in another one."""
    ids = {event.charge_id for story in finding.story for event in story.events}
    ledgers = list(
        LedgerSource.objects.values_list("pk", flat=True)
    )  # the index of charge ids begins with them
    rows = Charge.objects.filter(charge_id__in=ids, source__in=ledgers).select_related("source", "batch")
    own_last = sorted(rows, key=lambda charge: charge.source.slug == finding.source)
    return {charge.charge_id: _origin(charge) for charge in own_last}


def _origin(charge: Charge) -> Origin:
    return Origin(
        source=str(charge.source),
        import_id=charge.batch_id,
        file_name=charge.batch.file_name,
        row_number=charge.row_number,
        model=charge.model,
    )


def _reaches(finding: ChargeFinding) -> list[Reach]:
    """Of the ledger that has the rows; of every ledger where none has."""
    sources = (
        LedgerSource.objects.filter(slug=finding.source) if finding.source else LedgerSource.objects.all()
    )
    done = Q(imports__state=ImportState.DONE)
    taken_in = Max(Coalesce("imports__finished_at", "imports__at"), filter=done)
    newest_first = F("covered_until").desc(nulls_last=True)
    return [
        Reach(str(source), source.covered_from, source.covered_until, source.taken_in_at)
        for source in sources.annotate(taken_in_at=taken_in).order_by(newest_first)
    ]
