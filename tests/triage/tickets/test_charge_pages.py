"""The charges of a ticket: the panel in each of its states, and the statement that may leave the house."""

import csv
import io
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.probes.runs.builders import make_endpoint
from tests.triage.charges.taking import row, take_in
from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import make_investigation
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
TWICE = (
    row("c1", "09:30:00", "t-twice", request_id="req-1"),
    row("c2", "09:31:01", "t-twice", request_id="req-2"),
)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-01T{clock}").replace(tzinfo=SHANGHAI)


def text_of(content: str) -> str:
    """The page's words without its markup."""
    words = re.sub(r"<[^>]+>", " ", content).replace("&#x27;", "'").replace("&quot;", '"')
    return " ".join(words.split())


def panel_of(reader: Client, /, **ticket) -> str:
    address = make_investigation(**ticket).ticket.get_absolute_url()
    return text_of(reader.get(address).content.decode().split('id="charges"')[1].split("</section>")[0])


# --- the panel


def test_a_duplicate_is_counted_and_its_second_row_named():
    take_in(*TWICE)

    panel = panel_of(client_of(), task_id="t-twice", account_ref="u1")

    assert "1 task, 2 charges, 0.24 CNY likely too much" in panel
    assert "Same task: rows 1, 2" in panel
    assert "61 s after row 1" in panel
    assert "march.csv, row 2" in panel
    assert "It refunds nothing" in panel


def test_rows_that_nothing_holds_together_get_no_heading_for_it():
    take_in(row("c1", "09:30:00", "t-1", request_id="req-1"))

    panel = panel_of(client_of(), task_id="t-1", account_ref="u1", request_ids=["req-7"])

    assert "no row has it" in panel
    assert "Why these rows belong together" not in panel


def test_a_hold_with_its_settlement_is_no_duplicate():
    take_in(row("h", "10:00:00", "t-held", kind="hold", amount="1.20"))
    take_in(row("s", "10:04:00", "t-held", kind="settlement", amount="-0.35", ref_charge_id="h"))

    panel = panel_of(client_of(), task_id="t-held")

    assert "A hold and its settlement: one charge" in panel
    assert "1 task, 1 hold, 0.85 CNY in all" in panel
    assert "likely too much" not in panel


def test_the_retry_of_the_ticket_stands_beside_the_rows_it_explains():
    take_in(
        row("c1", "10:00:00", "t-1", fingerprint="same"), row("c2", "10:01:00", "t-2", fingerprint="same")
    )

    panel = panel_of(
        client_of(), task_id="t-1", occurred_at=at("09:59:58"), retry_count=1, client="curl", charged="yes"
    )

    assert "2 tasks, 2 charges, 0.24 CNY for what was sent again" in panel
    assert "2 requests on the wire, 2 rows." in panel
    assert "sent again once, at a time nobody wrote down" in panel
    assert "the rows say so too" in panel


def test_a_request_later_than_the_records_is_not_called_free():
    take_in(*TWICE)

    panel = panel_of(
        client_of(), task_id="t-new", account_ref="u1", occurred_at=at("12:00:00"), charged="yes"
    )

    assert "Cannot tell" in panel
    assert "is later." in panel
    assert "nobody can check it yet" in panel


def test_an_empty_ledger_is_called_empty():
    assert "The ledger is empty" in panel_of(client_of(), task_id="t-1")


def test_rows_of_several_accounts_say_whose_they_are():
    take_in(*TWICE, row("c9", "09:40:00", "t-twice", account="u2"))

    panel = panel_of(client_of(), task_id="t-twice")

    assert "Account u1: rows 1, 2" in panel
    assert "Account u2: row 3" in panel


def test_rows_that_contradict_each_other_are_shown_and_not_added_up():
    take_in(*TWICE)
    take_in(row("c2", "09:31:01", "t-twice", request_id="req-2", amount="7.00"), file_name="april.csv")

    panel = panel_of(client_of(), task_id="t-twice", account_ref="u1")

    assert "Cannot tell: the rows contradict each other" in panel
    assert "another export says something else" in panel
    assert "likely too much" not in panel


def test_several_currencies_are_never_added_up():
    take_in(TWICE[0], row("c2", "09:31:01", "t-twice", currency="USD"))

    panel = panel_of(client_of(), task_id="t-twice", account_ref="u1")

    assert "Several currencies are involved." in panel
    assert "0.24 CNY + 0.24 USD" in panel


def test_what_was_imported_after_the_verdict_is_told_at_once():
    investigation = make_investigation(task_id="t-twice", account_ref="u1")
    client, address = client_of(), investigation.ticket.get_absolute_url()
    before = client.get(address).content.decode()

    take_in(*TWICE)

    assert "Charged twice for one task" not in before
    assert "Charged twice for one task" in client.get(address).content.decode()


def test_only_who_may_import_is_led_to_the_import():
    take_in(*TWICE)
    address = make_investigation(task_id="t-twice").ticket.get_absolute_url()

    assert "/charges/imports/" not in client_of(Role.SUPPORT).get(address).content.decode().split("<main")[1]
    assert "/charges/imports/" in client_of(Role.ENGINEER).get(address).content.decode().split("<main")[1]


# --- the statement


@pytest.fixture
def dispute():
    """A ticket about a double charge whose rows hold what a spreadsheet would run."""
    take_in(
        row("=1+1", "09:30:00.250", "t-twice", request_id="@req", amount="0.2400000001"),
        row("c2", "09:31:01", "t-twice", amount="0.24"),
        row("r1", "09:50:00", "t-twice", kind="refund", amount="0.1", ref_charge_id="c2"),
        source="gw-7-internal",
        file_name="from-li-lei.csv",
    )
    endpoint = make_endpoint(slug="shop-internal", name="Channel 7", base_url="https://gw7.internal.example")
    return make_investigation(task_id="t-twice", account_ref="u1", endpoint=endpoint).ticket


@pytest.fixture
def evidence():
    """The statement of a ticket as a reader of Chinese asks for it."""
    reader = client_of(language="zh-hans")

    def fetch(ticket, ending: str = "/", language: str = "en") -> str:
        address = f"/tickets/{ticket.pk}/charges/evidence{ending}?lang={language}"
        return reader.get(address).content.decode()

    return fetch


def test_a_statement_has_rows_sums_reach_rules_and_date(dispute, evidence):
    content = evidence(dispute)
    page = text_of(content)

    assert 'datetime="2026-03-01T09:30:00.250000+08:00"' in content
    for said in (
        "Statement of charges",
        dispute.ref,
        "1 task, 2 charges, 0.14 CNY likely too much",
        "0.2400000001 CNY",
        "import 1, row 1",
        "The records of the ledger reach from 2026-03-01 09:30:00 (Asia/Shanghai)",
        "Statement made at",
        "Rules",
        "the desk refunds nothing",
    ):
        assert said in re.sub(r"import \d+", "import 1", page)


@pytest.mark.parametrize("ending", ["/", ".csv"])
def test_a_statement_names_nothing_internal(dispute, evidence, ending):
    for language in ("en", "zh-hans"):
        shown = evidence(dispute, ending, language)
        for internal in (
            "gw-7-internal",
            "li-lei",
            "shop-internal",
            "Channel 7",
            "internal.example",
            "some-support",
        ):
            assert internal not in shown


def test_a_statement_is_written_for_its_reader_not_for_who_asks(dispute, evidence):
    assert "扣费情况说明" in evidence(dispute, language="zh-hans")
    assert "Statement of charges" in evidence(dispute, language="en")


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing(dispute, evidence):
    content = evidence(dispute, ".csv")
    rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))

    assert content.startswith("\ufeff")
    assert [line["Charge ID"] for line in rows] == ["'=1+1", "c2", "r1"]
    assert rows[0]["Request ID"] == "'@req"
    assert [line["Amount"] for line in rows] == ["0.2400000001", "0.24", "-0.1"]
    assert rows[1]["Time"] == "2026-03-01T09:31:01+08:00"
    assert {line["Finding"] for line in rows} == {"charge.duplicate"}


def test_one_customer_is_not_shown_the_rows_of_another(evidence):
    take_in(*TWICE, row("c9", "09:40:00", "t-twice", account="u2"))
    unnamed = make_investigation(task_id="t-twice").ticket
    named = make_investigation(task_id="t-twice", account_ref="u1").ticket

    assert "c9" not in evidence(unnamed, ".csv")
    assert "c1" not in evidence(unnamed)
    assert "name the account" in evidence(unnamed)
    assert "c9" not in evidence(named) and "c1" in evidence(named)


@pytest.mark.parametrize("ending", ["/", ".csv"])
def test_a_statement_is_for_people_of_the_desk(dispute, ending):
    address = f"/tickets/{dispute.pk}/charges/evidence{ending}"

    assert client_of(Role.SUPPORT).get(address).status_code == 200
    assert client_of(None).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert client_of(Role.ADMIN).post(address).status_code == 405


@pytest.mark.parametrize("ending", ["/", ".csv"])
def test_there_is_no_statement_without_a_ticket_or_anything_to_look_for(ending):
    silent = make_investigation().ticket
    client = client_of()

    assert client.get(f"/tickets/{silent.pk}/charges/evidence{ending}").status_code == 404
    assert client.get(f"/tickets/{silent.pk + 1}/charges/evidence{ending}").status_code == 404


def test_a_language_nobody_speaks_is_answered_in_the_readers_own(dispute):
    assert (
        "Statement of charges"
        in client_of().get(f"/tickets/{dispute.pk}/charges/evidence/?lang=../../x").content.decode()
    )
