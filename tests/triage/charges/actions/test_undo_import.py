"""What undoing leaves: the ledger as if the import had never been there."""

import random
from datetime import UTC, datetime

import pytest

from tests.triage.charges.actions.test_upload import any_row
from tests.triage.charges.uploads import NOW, ROW, file_of, taken_in
from triage.charges.actions.import_states import WrongState
from triage.charges.actions.undo_import import CannotUndo, later_overlaps, undo_import
from triage.charges.models import Charge, ChargeChange, ChargeConflict, ImportState, LedgerSource
from triage.people.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = ROW.replace("c1", "c2").replace("01-05", "02-05")


def undo(record) -> None:
    undo_import(record.pk, by=None, now=NOW)


def state_of_the_ledger() -> list[object]:
    charges = Charge.objects.order_by("charge_id").values()
    conflicts = ChargeConflict.objects.order_by("charge", "payload_hash").values("charge", "fields", "batch")
    reach = LedgerSource.objects.values("covered_from", "covered_until").get()
    return [list(charges), list(conflicts), reach]


def test_rows_go_and_coverage_is_counted_anew():
    taken_in(file_of(ROW))
    before = state_of_the_ledger()
    second = taken_in(file_of(OTHER))
    assert LedgerSource.objects.get().covered_until == datetime(2026, 2, 5, 8, tzinfo=UTC)

    undo(second)

    assert state_of_the_ledger() == before
    second.refresh_from_db()
    assert (second.state, second.undone_at) == (ImportState.UNDONE, NOW)
    assert AuditEntry.objects.latest("pk").action == "ledger.undone"


def test_completed_details_exports_and_conflicts_are_as_before():
    taken_in(file_of(ROW.replace(",f1", ","), OTHER))
    before = state_of_the_ledger()
    second = taken_in(file_of(ROW, ROW, ROW, OTHER.replace("0.9", "1.9"), ROW.replace("c1", "c3")))
    assert Charge.objects.get(charge_id="c1").exports == 3

    undo(second)

    assert state_of_the_ledger() == before
    assert not ChargeChange.objects.exists()


def test_what_a_later_import_repeats_is_undone_after_it():
    first = taken_in(file_of(ROW))
    second = taken_in(file_of(ROW, OTHER))
    third = taken_in(file_of(OTHER))

    with pytest.raises(CannotUndo) as refused:
        undo(first)
    assert refused.value.later == (second,)
    assert list(later_overlaps(second)) == [third]
    for record in (third, second, first):
        undo(record)
    assert not Charge.objects.exists()
    assert LedgerSource.objects.get().covered_until is None


def test_what_completed_a_charge_is_undone_after_whoever_saw_it_complete():
    taken_in(file_of(ROW.replace(",f1", ",")))
    second = taken_in(file_of(ROW))
    third = taken_in(file_of(ROW))

    with pytest.raises(CannotUndo) as refused:
        undo(second)
    assert refused.value.later == (third,)


def test_an_undo_that_is_clicked_twice_happens_once():
    record = taken_in(file_of(ROW))
    undo(record)
    with pytest.raises(WrongState, match="undone"):
        undo(record)


def test_what_was_undone_can_be_taken_in_again():
    undo(taken_in(file_of(ROW)))
    assert taken_in(file_of(ROW)).new == 1


@pytest.mark.parametrize("seed", range(5))
def test_the_last_import_can_always_be_undone_without_a_trace(seed):
    chance = random.Random(seed)
    taken_in(file_of(ROW))
    states, records = [state_of_the_ledger()], []
    for _ in range(3):
        records.append(taken_in(file_of(*(any_row(chance) for _ in range(40)))))
        states.append(state_of_the_ledger())
    for record in reversed(records):
        assert state_of_the_ledger() == states.pop()
        undo(record)
    assert state_of_the_ledger() == states.pop()
