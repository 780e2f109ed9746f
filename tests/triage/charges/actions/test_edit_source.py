"""A ledger's settings: what changed is told, and rows of new payers are marked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.triage.charges.builders import make_source
from tests.triage.people.builders import make_person
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.edit_source import edit_source
from triage.charges.models import LedgerSource
from triage.people.models import AuditEntry
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)
AS_MADE = {"name": "", "zone": "Asia/Shanghai", "quota_per_unit": 500_000, "probe_payers": []}


def edit(rung: list[int], *, forget_mapping: bool = False, **changed: Any) -> LedgerSource:
    return edit_source(
        make_source().slug,
        AS_MADE | changed,
        forget_mapping=forget_mapping,
        masker=current_masker(),
        by=make_person(Role.ADMIN),
        now=NOW,
        enqueue=rung.append,
    )


def test_new_payers_ring_for_their_rows_to_be_marked():
    rung: list[int] = []

    source = edit(rung, probe_payers=["desk-token"])

    assert rung == [source.pk]
    assert AuditEntry.objects.get().detail == {"probe_payers": [[], ["desk-token"]]}


@pytest.mark.parametrize("changed", [{"name": "Gateway"}, {"zone": "UTC"}])
def test_other_changes_ring_for_nothing(changed):
    rung: list[int] = []

    edit(rung, **changed)

    assert rung == []


def test_what_changes_nothing_is_not_told():
    edit([])

    assert not AuditEntry.objects.exists()


def test_remembered_columns_are_forgotten_when_asked():
    make_source(mapping={"amount": "金额"})

    assert edit([], forget_mapping=True).mapping == {}
    assert AuditEntry.objects.get().detail == {"mapping": [{"amount": "金额"}, {}]}
