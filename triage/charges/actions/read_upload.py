"""An upload is read and compared with its ledger: an exact preview, and nothing in the ledger."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.utils import timezone

from probes.redaction import meter
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.intake import conclude
from triage.charges.actions.ledgers import same_file_as
from triage.charges.actions.opened import opened
from triage.charges.actions.store_rows import preview_blocks
from triage.charges.actions.work import GivenUp, Progress, finish, work_on
from triage.charges.models import ChargeImport, ImportState
from triage.charges.preview import Preview
from triage.charges.refusals import FileRefusal, FileRefused

Clock = Callable[[], datetime]


def read_upload(pk: int, *, clock: Clock = timezone.now) -> None:
    """READING becomes PREVIEW, or REFUSED. Nothing happens when another worker is at it, or was."""
    looked = _Looked()
    try:
        work_on(pk, ImportState.READING, partial(_read, looked=looked, clock=clock), clock=clock)
    except FileRefused as refused:
        _refuse(pk, refused, looked, clock())
    except GivenUp:
        _refuse(pk, FileRefused(FileRefusal.UNREADABLE, str(pk)), looked, clock())


@dataclass
class _Looked:
    """What was seen of the file before it was refused."""

    preview: Preview = field(default_factory=lambda: Preview())
    mapping: dict[str, str] = field(default_factory=dict)


def _read(record: ChargeImport, progress: Progress, *, looked: _Looked, clock: Clock) -> None:
    masker = current_masker()
    with opened(record, masker) as ledger:
        looked.preview, looked.mapping = ledger.first_look(), ledger.guessed()
        reader = ledger.reader(record.source.mapping)
        with ledger.intake(reader, tell=progress.tell) as (intake, blocks):
            stored, samples = preview_blocks(blocks, batch=record)
    conclude(record, intake, reader, stored, masker, clock())
    same = same_file_as(record)
    record.preview = {**looked.preview, "samples": samples, "same_file_id": same.pk if same else 0}
    record.state, record.bytes_read, record.heard_at = ImportState.PREVIEW, record.bytes_total, clock()
    meter.count_all(masker.caught.elements(), channel="import")
    finish(record, was=ImportState.READING)


def _refuse(pk: int, refused: FileRefused, looked: _Looked, now: datetime) -> None:
    """The sealed pieces stay for a while: with other columns the file may be readable."""
    masker = current_masker()
    ChargeImport.objects.filter(pk=pk, state=ImportState.READING).update(
        state=ImportState.REFUSED,
        refusal=refused.refusal,
        refusal_detail=masker.text(refused.detail, field="header")[:500],
        preview=looked.preview,
        mapping=looked.mapping,
        heard_at=now,
        finished_at=now,
    )
