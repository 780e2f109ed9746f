"""A ledger whose rows were never marked for its present payers is rung for until they are."""

import pytest

from tests.triage.charges.builders import make_source
from triage.charges.actions.marked_payers import sweep_payers
from triage.charges.tasks import remark_probes

pytestmark = pytest.mark.django_db


def rung() -> list[int]:
    called: list[int] = []
    sweep_payers(called.append)
    return called


def test_new_payers_are_rung_for_when_their_own_call_was_lost():
    source = make_source()
    remark_probes(source.pk)
    assert rung() == []

    source.probe_payers = ["desk-token"]
    source.save()

    assert rung() == [source.pk]
    assert rung() == [], "the first call may still be on its way"
    remark_probes(source.pk)
    assert rung() == []
