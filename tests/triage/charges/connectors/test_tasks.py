"""Connectors on beat, on demand and from the command line."""

import json
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.supervision.worker import Worker
from tests.triage.charges.connectors.setups import connector_to
from tests.triage.charges.connectors.systems import Asked, NewApi, Reply, log_entry, running
from triage.charges.connectors import tasks
from triage.charges.connectors.actions.fetch_ledger import fetch_ledger
from triage.charges.connectors.models import CLAIM, MOST_FAILURES, LedgerConnector
from triage.charges.models import Charge, LedgerSource

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids that went to the queue instead of a worker."""
    ids: list[str] = []
    monkeypatch.setattr(tasks.fetch_due_ledger, "apply_async", lambda args, **_: ids.append(args[0]))
    return ids


def test_the_beat_rings_for_what_is_due_and_for_nothing_else(rung: list[str]) -> None:
    with running(NewApi([])) as system:
        connector = connector_to(system, "one_api", user_id="1")
        tasks.fetch_ledgers()
        tasks.fetch_due_ledger(str(connector.pk))
        tasks.fetch_ledgers()  # fetched a moment ago
        LedgerConnector.objects.update(last_at=timezone.now() - timedelta(minutes=15))
        tasks.fetch_ledgers()
        LedgerConnector.objects.update(failures=MOST_FAILURES)
        tasks.fetch_ledgers()
        LedgerConnector.objects.update(failures=0, enabled=False)
        tasks.fetch_ledgers()

    assert rung == [str(connector.pk)] * 2


def test_a_second_ring_for_one_turn_asks_nothing() -> None:
    with running(NewApi([])) as system:
        connector = connector_to(system, "one_api", user_id="1")
        tasks.fetch_due_ledger(str(connector.pk))
        asked = len(system.asked)
        tasks.fetch_due_ledger(str(connector.pk))

    assert asked and len(system.asked) == asked


def test_on_demand_a_paused_connector_is_asked_and_goes_on_when_it_works() -> None:
    with running(NewApi([log_entry(1, timezone.now() - timedelta(minutes=5))])) as system:
        connector = connector_to(system, "one_api", user_id="1")
        LedgerConnector.objects.update(failures=MOST_FAILURES)
        tasks.fetch_one_ledger(str(connector.pk))

    connector.refresh_from_db()
    assert (connector.failures, Charge.objects.count()) == (0, 1)


def test_the_command_tells_what_came() -> None:
    out = StringIO()
    with running(NewApi([log_entry(1, timezone.now() - timedelta(minutes=5))])) as system:
        connector_to(system, "one_api", user_id="1")
        call_command("charges", "fetch", "--source", "gw", "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert (told["code"], told["new"], told["behind"]) == ("ok", 1, False)


def test_the_command_fails_in_one_line() -> None:
    LedgerSource.objects.create(slug="gw")
    with pytest.raises(CommandError, match="has no connector"):
        call_command("charges", "fetch", "--source", "gw")

    with running(NewApi([], user_id="9")) as system:
        connector_to(system, "one_api", user_id="1")
        with pytest.raises(CommandError, match="refused the token"):
            call_command("charges", "fetch", "--source", "gw", stdout=StringIO())


@pytest.mark.slow
def test_a_worker_killed_between_two_pages_leaves_nothing_and_the_next_one_finishes(worker: Worker) -> None:
    entries = NewApi([log_entry(n, timezone.now() - timedelta(minutes=n / 10 + 2)) for n in range(1, 251)])
    second_page, over = threading.Event(), threading.Event()

    def answer(asked: Asked) -> Reply:
        if asked.query["p"] == "2" and not over.is_set():
            second_page.set()
            over.wait(20)
        return entries(asked)

    with running(answer) as system:
        connector = connector_to(system, "one_api", user_id="1")
        tasks.fetch_one_ledger.delay(str(connector.pk))
        assert second_page.wait(20)
        worker.kill()
        over.set()
        connector.refresh_from_db()
        left = (Charge.objects.count(), connector.read_until)
        assert fetch_ledger(connector.pk, clock=timezone.now) is None  # its claim still stands
        later = timezone.now() + CLAIM + timedelta(seconds=1)
        fetched = fetch_ledger(connector.pk, clock=lambda: later)

    assert left[0] == 0 and (left[1] is None or left[1] < timezone.now() - timedelta(minutes=27))
    assert fetched and fetched.code == "ok" and Charge.objects.count() == 250
