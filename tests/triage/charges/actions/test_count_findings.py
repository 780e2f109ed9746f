"""What is kept of a ledger's findings, for how long it holds, and who counts anew."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from triage.charges.actions import count_findings as counting
from triage.charges.actions.count_findings import count_findings, counted_ledgers
from triage.charges.demo import load_demo_ledger
from triage.charges.models import Charge, ChargeImport, LedgerSource

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> LedgerSource:
    """The demo's ledger, as if it were too large for a page to judge."""
    load_demo_ledger(timezone.now())
    monkeypatch.setattr(counting, "AT_ONCE", 0)
    return LedgerSource.objects.get()


def test_a_small_ledger_is_counted_at_once() -> None:
    load_demo_ledger(timezone.now())
    rung: list[int] = []

    (counted,) = counted_ledgers(now=NOW, ring=rung.append)

    assert {entry.code for entry in counted.entries} == {"charge.duplicate", "charge.double_submit"}
    assert (counted.at, counted.is_current, rung) == (NOW, True, [])


def test_a_large_ledger_is_rung_for_once_and_then_read(large: LedgerSource) -> None:
    rung: list[int] = []

    for _ in range(3):
        (waiting,) = counted_ledgers(now=NOW, ring=rung.append)
        assert (waiting.at, waiting.entries, waiting.is_current) == (None, (), False)
    made = count_findings(large.pk, now=NOW)
    (read,) = counted_ledgers(now=timezone.now(), ring=rung.append)

    assert rung == [large.pk]
    assert (list(read.entries), read.at, read.is_current) == (made.entries, NOW, True)


def test_after_an_import_the_page_shows_what_was_and_says_so(large: LedgerSource) -> None:
    count_findings(large.pk, now=NOW)
    Charge.objects.filter(task_key="task_demo_duplicate").delete()
    ChargeImport.objects.create(source=large, at=NOW, file_name="more.csv")
    rung: list[int] = []

    (stale,) = counted_ledgers(now=timezone.now(), ring=rung.append)

    assert (stale.at, stale.is_current, rung) == (NOW, False, [large.pk])
    assert "charge.duplicate" in {entry.code for entry in stale.entries}
    count_findings(large.pk, now=NOW)
    (fresh,) = counted_ledgers(now=timezone.now(), ring=rung.append)
    assert fresh.is_current
    assert "charge.duplicate" not in {entry.code for entry in fresh.entries}


def test_new_payers_ask_for_a_new_count(large: LedgerSource) -> None:
    count_findings(large.pk, now=NOW)
    large.probe_payers = ["sk-…desk"]
    large.save()

    (counted,) = counted_ledgers(now=NOW, ring=lambda _pk: None)

    assert not counted.is_current


def test_a_longer_reach_asks_for_a_new_count(large: LedgerSource) -> None:
    count_findings(large.pk, now=NOW)
    assert large.covered_until
    large.covered_until += timedelta(hours=1)
    large.save()

    (counted,) = counted_ledgers(now=NOW, ring=lambda _pk: None)

    assert not counted.is_current


def test_only_the_newest_are_kept_and_the_rest_is_told(
    large: LedgerSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_KEPT", 1)

    counted = count_findings(large.pk, now=NOW)

    assert [entry.code for entry in counted.entries] == ["charge.double_submit"]
    assert counted.left_out == 1
