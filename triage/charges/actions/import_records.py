"""Rows that come as objects, from a connector or a push: one transaction, idempotent by charge id."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, islice

from django.contrib.auth.models import User
from django.db import transaction

from probes.redaction import meter
from triage.charges.actions.import_ledger import ImportSummary
from triage.charges.actions.intake import Intake, conclude, true_mapping, zone_of
from triage.charges.actions.ledgers import locked_ledger, remember
from triage.charges.actions.store_rows import store_blocks
from triage.charges.blocks import blocks_of_reads
from triage.charges.mapping import resolve
from triage.charges.masking import Masker
from triage.charges.models import Channel, ChargeImport
from triage.charges.reading import SAMPLE
from triage.charges.records import Record
from triage.charges.rows import RowReader


def import_records(
    records: Iterable[Mapping[str, str]],
    *,
    source: str,
    mapping: Mapping[str, str],
    channel: Channel,
    masker: Masker,
    now: datetime,
    by: User | None = None,
    covered_from: datetime | None = None,
    covered_until: datetime | None = None,
    name: str = "",
) -> ImportSummary:
    """Take objects in, keys to texts, as one import called `name` (masked), or nothing.

    `mapping` goes from our fields to their keys; what it leaves out is guessed from the first hundred
    objects. `covered_from` and `covered_until` say for what span the records are complete; without them
    the span is that of the rows. Raises FileRefused when a needed field has no key.
    """
    with transaction.atomic():
        ledger, is_new = locked_ledger(source)
        headers, reads = _opened(records)
        columns = resolve(headers, mapping, true_mapping(ledger.mapping, headers, masker))
        reader = RowReader(columns, headers, zone_of(ledger.zone))
        span = {"covered_from": covered_from, "covered_until": covered_until}
        record = ChargeImport.objects.create(
            channel=channel,
            source=ledger,
            at=now,
            by=by,
            file_name=masker.text(name, field="file_name")[:200],
            declared={edge: moment.isoformat() for edge, moment in span.items() if moment},
        )
        intake = Intake(blocks_of_reads(reads, reader, masker))
        stored = store_blocks(intake.blocks(), batch=record)
        conclude(record, intake, reader, stored, masker, now)
        record.save()
        remember(ledger, record)
        meter.count_all(masker.caught.elements(), channel="import")
    return ImportSummary(record, stored, is_new, tuple(intake.rejections))


def _opened(records: Iterable[Mapping[str, str]]) -> tuple[list[str], Iterator[Record]]:
    """The keys that the first objects have, and all of them as records."""
    remaining = iter(records)
    first = list(islice(remaining, SAMPLE))
    headers = list(dict.fromkeys(key for record in first for key in record))
    every = enumerate(chain(first, remaining), start=1)
    return headers, (Record(row, row, dict(cells)) for row, cells in every)
