"""A ledger file into the ledger: all of it, row by row refusals aside, or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction

from probes.redaction import meter
from triage.charges.actions.intake import conclude, intake_of, sheets_of, true_mapping, zone_of
from triage.charges.actions.ledgers import locked_ledger, remember, same_file_as
from triage.charges.actions.sealed_file import file_hash
from triage.charges.actions.store_rows import Stored, preview_blocks, store_blocks
from triage.charges.blocks import Block
from triage.charges.mapping import resolve
from triage.charges.masking import Masker
from triage.charges.models import ChargeImport, LedgerSource
from triage.charges.reading import LedgerFile
from triage.charges.refusals import Rejection
from triage.charges.rows import RowReader


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did. `rejections` are the first thousand; the file of rejected rows has them all.

    `same_file` is the import that took in the very same bytes before.
    """

    record: ChargeImport
    stored: Stored
    source_is_new: bool
    rejections: tuple[Rejection, ...]
    same_file: ChargeImport | None = None


def import_ledger(
    path: Path,
    *,
    source: str,
    masker: Masker,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    zone: str = "",
    declared: Mapping[str, str] | None = None,
    by: User | None = None,
    rejected_to: Path | None = None,
    keep: bool = True,
) -> ImportSummary:
    """Take a file in as one transaction, idempotent by charge id; memory is constant in its size.

    `source` is the slug of the ledger, made when it is new; `mapping` goes from our fields to their headers.
    `declared` may say for which span the file is complete: {"covered_from": ISO, "covered_until": ISO}.
    Rejected rows, masked, go to the CSV file `rejected_to`. With `keep=False` the file is only compared with
    the ledger, and nothing is kept: a preview. Raises FileRefused when it cannot be taken in at all.
    """
    with transaction.atomic():
        ledger, is_new = locked_ledger(source, zone)
        with LedgerFile(path) as file:
            columns = resolve(file.headers, mapping or {}, true_mapping(ledger.mapping, file.headers, masker))
            reader = RowReader(columns, file.headers, zone_of(ledger.zone))
            record = _begin(path, file, name=masker.text(path.name, field="file_name"), ledger=ledger)
            record.at, record.by, record.declared = now, by, dict(declared or {})
            record.preview = sheets_of(file, masker)
            record.save()
            same_file = same_file_as(record)
            with intake_of(file, reader, masker, rejected_to=rejected_to) as (intake, blocks):
                stored = _stored(blocks, record, keep=keep)
        conclude(record, intake, reader, stored, masker, now)
        record.save()
        remember(ledger, record)
        meter.count_all(masker.caught.elements(), channel="import")
        if not keep:
            transaction.set_rollback(True)
    return ImportSummary(record, stored, is_new, tuple(intake.rejections), same_file)


def _stored(blocks: Iterable[Block], record: ChargeImport, *, keep: bool) -> Stored:
    if keep:
        return store_blocks(blocks, batch=record)
    stored, _samples = preview_blocks(blocks, batch=record)
    return stored


def _begin(path: Path, file: LedgerFile, *, name: str, ledger: LedgerSource) -> ChargeImport:
    with path.open("rb") as content:
        digest = file_hash(content)
    return ChargeImport(
        source=ledger,
        file_name=name[:200],
        encoding=file.shape.encoding,
        separator=file.shape.separator,
        file_hash=digest,
        bytes_total=path.stat().st_size,
    )
