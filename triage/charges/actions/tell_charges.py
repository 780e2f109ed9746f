"""A charge finding for a page: its words, where each row came in, and how far the ledgers reach."""

from collections.abc import Mapping

from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce

from triage.charges.finding import ChargeFinding
from triage.charges.models import Charge, ImportState, LedgerSource
from triage.charges.telling import Asked, Origin, Reach, Told, tell


def told_charges(finding: ChargeFinding, *, asked: Asked | None = None) -> Told:
    """Three small queries; a finding whose rows were undone meanwhile is told without their origins."""
    return tell(finding, asked=asked or Asked(), origins=_origins(finding), reaches=_reaches(finding))


def _origins(finding: ChargeFinding) -> Mapping[str, Origin]:
    ids = {event.charge_id for story in finding.story for event in story.events} | {*finding.probe_ids}
    rows = Charge.objects.filter(charge_id__in=ids, source__slug=finding.source)
    return {
        charge.charge_id: Origin(
            source=str(charge.source),
            import_id=charge.batch_id,
            file_name=charge.batch.file_name,
            row_number=charge.row_number,
            model=charge.model,
        )
        for charge in rows.select_related("source", "batch")
    }


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
