"""Rows that paid for the desk's own probes are marked, so that no customer's finding counts them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Func, Q, QuerySet, TextField

from probes.runs.models import Attempt
from triage.charges.models import Charge, ChargeImport, LedgerSource
from triage.charges.normalise import id_key

# A ledger's clock and ours may differ, and a gateway may write a row long after the answer.
_AROUND = timedelta(days=1)


def mark_own_probes(batch: ChargeImport) -> int:
    """Mark the rows that `batch` brought; returns how many. Part of the import's transaction.

    A row is our own when its masked key, the name of its token or its account is among the ledger's
    `probe_payers`, or when its request id came back to one of our attempts.
    """
    rows = Charge.objects.filter(batch=batch, source=batch.source_id)
    ours = _our_requests(batch.covered_from, batch.covered_until)
    return _mark(rows, batch.source.probe_payers, ours)


def remark_own_probes(source: LedgerSource) -> int:
    """Mark a whole ledger anew, after its payers have changed; returns how many rows are ours now."""
    rows = Charge.objects.filter(source=source)
    ours = _our_requests(None, None)
    rows.filter(own_probe=True).exclude(_paid_by(source.probe_payers, ours)).update(own_probe=False)
    _mark(rows, source.probe_payers, ours)
    return rows.filter(own_probe=True).count()


def _mark(rows: QuerySet[Charge], payers: Collection[str], requests: Collection[str]) -> int:
    if not payers and not requests:
        return 0
    return rows.filter(_paid_by(payers, requests), own_probe=False).update(own_probe=True)


def _paid_by(payers: Collection[str], requests: Collection[str]) -> Q:
    named = Q(key_hint__in=payers) | Q(account__in=payers)
    return named | Q(request_key__in=requests) & ~Q(request_key="")


def _our_requests(start: datetime | None, end: datetime | None) -> list[str]:
    """The keys of all request ids that our attempts of that time got back."""
    attempts = Attempt.objects.filter(sending_at__isnull=False)
    if start and end:
        attempts = attempts.filter(sending_at__range=(start - _AROUND, end + _AROUND))
    # As text: read as the JSON of its column, an id of digits alone would come back as a number.
    ids = Func(F("facts__request_ids"), function="jsonb_array_elements_text", output_field=TextField())
    found = attempts.filter(facts__has_key="request_ids").values_list(ids, flat=True).distinct()
    return sorted({id_key(text) for text in found} - {""})
