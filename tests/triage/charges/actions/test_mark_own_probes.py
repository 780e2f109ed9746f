"""Rows that our own probes paid for are marked on the way in, and again when the payers change."""

from pathlib import Path

import pytest
from django.utils import timezone

from probes.redaction.engine import builtin_redactor
from probes.runs.models import Attempt
from tests.triage.charges.generator import Ledger, write_csv
from tests.triage.tickets.builders import make_investigation
from triage.charges.actions.all_findings import all_findings, probe_totals
from triage.charges.actions.find_charges import find_charges
from triage.charges.actions.import_ledger import import_ledger
from triage.charges.actions.mark_own_probes import remark_own_probes
from triage.charges.finding import ChargeCode, EventKind
from triage.charges.masking import Masker
from triage.charges.models import Charge, LedgerSource

pytestmark = pytest.mark.django_db
MASKER = Masker(builtin_redactor(), "pepper")


@pytest.fixture
def rows(tmp_path: Path):
    """Takes a ledger in whose only task was charged twice, the second time under another key."""

    def take(*payers: str) -> list[dict[str, str]]:
        LedgerSource.objects.create(slug="s", probe_payers=list(payers))
        ledger = Ledger(1)
        ledger.duplicate()
        ledger.rows = ledger.rows[:2]
        ledger.rows[1]["key_mask"] = "sk-…desk"
        path = write_csv(ledger.rows, tmp_path / "ledger.csv")
        import_ledger(path, source="s", masker=MASKER, now=timezone.now())
        return ledger.rows

    return take


def test_a_row_paid_by_our_own_key_is_no_duplicate(rows):
    first, second = rows("sk-…desk")

    finding = find_charges(task_id=first["task_id"])

    assert finding.code is ChargeCode.SINGLE
    assert finding.probe_ids == (second["charge_id"],)
    assert [event.kind for event in finding.story[-1].events] == [EventKind.OWN_PROBE]
    source = LedgerSource.objects.get()
    assert not list(all_findings(source))
    assert probe_totals(source)[second["currency"]][0] == 1


def test_a_task_that_only_we_paid_for_is_probe_cost(rows):
    first, _second = rows("sk-…desk", "sk-…ab12")

    assert find_charges(task_id=first["task_id"]).code is ChargeCode.PROBE_COST


def test_without_payers_the_row_is_a_customers(rows):
    first, _second = rows()

    assert find_charges(task_id=first["task_id"]).code is ChargeCode.DUPLICATE


@pytest.mark.parametrize("ours", ["req_15fe9b4637cb", "2026030109000012345", "null"])
def test_a_request_id_of_our_own_attempt_marks_its_row(tmp_path, ours):
    run = make_investigation().run
    ledger = Ledger(1)
    ledger.duplicate()
    ledger.rows[1]["request_id"] = ours
    Attempt.objects.create(
        run=run, position=99, step="control", sending_at=timezone.now(), facts={"request_ids": [ours]}
    )
    for row in ledger.rows:
        row["created_at"] = timezone.now().isoformat()

    path = write_csv(ledger.rows[:2], tmp_path / "ledger.csv")
    import_ledger(path, source="s", masker=MASKER, now=timezone.now())

    marked = Charge.objects.filter(own_probe=True).values_list("request_id", flat=True)
    assert list(marked) == ([] if ours == "null" else [ours])


def test_new_payers_mark_the_whole_ledger_anew(rows):
    rows("sk-…ab12")
    source = LedgerSource.objects.get()
    source.probe_payers = ["sk-…desk"]
    source.save()

    assert remark_own_probes(source) == 1

    assert [charge.key_hint for charge in Charge.objects.filter(own_probe=True)] == ["sk-…desk"]
