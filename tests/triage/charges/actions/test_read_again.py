"""An upload that is read once more: nothing of the first reading is left, and a worker is rung for."""

import pytest
from django.utils import timezone

from tests.triage.charges.builders import make_import, reject
from triage.charges.actions.import_states import WrongState
from triage.charges.actions.read_again import read_again
from triage.charges.models import ChargeImport, ImportState, SealedChunk
from triage.people.models import AuditEntry

pytestmark = pytest.mark.django_db


def with_its_file(state: ImportState, **fields) -> ChargeImport:
    record = make_import(state, **fields)
    SealedChunk.objects.create(batch=record, number=0, ciphertext=b"sealed", kek_id="k")
    return record


def again(record: ChargeImport, rung: list[int]) -> ChargeImport:
    return read_again(
        record.pk,
        mapping={"amount": "金额", "model": ""},
        zone="UTC",
        by=None,
        now=timezone.now(),
        enqueue=rung.append,
    )


@pytest.mark.parametrize("state", [ImportState.PREVIEW, ImportState.REFUSED])
def test_it_begins_from_nothing_under_the_new_columns(state):
    record = with_its_file(
        state, read=9, rejected=1, refusal="file.missing_column", declared={"covered_from": "2026-03-01"}
    )
    reject(record)
    rung: list[int] = []

    record = again(record, rung)

    record.refresh_from_db()
    assert record.state == ImportState.READING
    assert record.declared == {
        "covered_from": "2026-03-01",
        "mapping": {"amount": "金额", "model": ""},
        "zone": "UTC",
    }
    assert (record.read, record.rejected, record.refusal, record.preview) == (0, 0, "", {})
    assert not record.rejections.exists()
    assert rung == [record.pk]
    assert AuditEntry.objects.get().action == "ledger.reread"


@pytest.mark.parametrize(
    "state", [ImportState.READING, ImportState.COMMITTING, ImportState.DONE, ImportState.DISCARDED]
)
def test_in_another_state_it_is_refused_and_nobody_is_rung_for(state):
    rung: list[int] = []

    with pytest.raises(WrongState):
        again(with_its_file(state), rung)

    assert rung == []


def test_without_its_file_it_is_refused():
    with pytest.raises(WrongState):
        again(make_import(ImportState.REFUSED), [])
