"""The ledger from end to end: a file by Chromium through a worker into findings that a ticket shows."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from probes.lab.server import Lab
from tests.browser.acting import SignIn, file_ticket, verdict_of
from tests.browser.test_pages import complaints_of, english, too_wide_for_a_phone  # noqa: F401 - a fixture
from tests.journeys.desk import lab_endpoint
from tests.supervision.worker import Worker
from tests.triage.charges.builders import MAPPING, make_import, make_source, reject
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.import_ledger import import_ledger
from triage.charges.models import Charge, ImportOverlap, ImportState
from triage.people.roles import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HEADERS = "no,payer,how much,coin,when,job,stage,refers\n"
GOOD = [
    "c1,u1,0.90,USD,2026-03-01 09:30:00,t-twice,charge,",
    "c2,u1,0.90,USD,2026-03-01 09:32:00,t-twice,charge,",
    "c3,u1,1.20,USD,2026-03-01 10:00:00,t-held,hold,",
    "c4,u1,-0.35,USD,2026-03-01 10:04:00,t-held,settlement,c3",
]
BAD = [
    'c5,u1,"0,123",USD,2026-03-01 10:10:00,t5,charge,',
    "c6,u1,1.00,XYZ,2026-03-01 10:11:00,t6,charge,",
    "=c7+1,u1,1.00,USD,yesterday,t7,charge,",
]
CHOSEN = {
    "charge_id": "no",
    "account": "payer",
    "amount": "how much",
    "currency": "coin",
    "occurred_at": "when",
    "task_id": "job",
    "kind": "stage",
    "ref_charge_id": "refers",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    file = tmp_path / "march.csv"
    file.write_text(HEADERS + "\n".join(GOOD + BAD) + "\n", encoding="utf-8")
    return file


def upload(page: Page, file: Path, *, is_new: bool = True) -> None:
    page.goto("/charges/imports/new/")
    if is_new:
        page.fill("[name=new_source]", "gw")
    else:
        page.select_option("[name=source]", "gw")
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Upload and read").click()
    page.wait_for_url("**/charges/imports/*/")


def choose_columns(page: Page) -> None:
    expect(page.get_by_role("heading", name="The file was not read")).to_be_visible()
    expect(page.locator("#columns")).to_contain_text("how much")
    for field, header in CHOSEN.items():
        page.select_option(f"[name={field}]", header)
    page.get_by_role("button", name="Read again with these columns").click()


def confirm(page: Page) -> None:
    page.locator("#commit").click()
    expect(page.get_by_role("heading", name="Taken in")).to_be_visible()


def count_of(page: Page, label: str) -> str:
    return page.locator(f".tallies > div:has(dt:text-is('{label}')) .count").inner_text()


def take_in(sign_in: SignIn, ledger: Path) -> Page:
    page = sign_in(Role.ENGINEER)
    upload(page, ledger)
    choose_columns(page)
    confirm(page)
    return page


@pytest.fixture
def charged(transactional_db: None, ledger: Path) -> None:
    """The same file, taken in from the command line."""
    import_ledger(ledger, source="gw", masker=current_masker(), now=timezone.now(), mapping=CHOSEN)


def charges_of(support: Page, task: str, **typed: str) -> str:
    """What the panel says of a ticket that names the task."""
    file_ticket(support, model="ok", task_id=task, account_ref="u1", **typed)
    verdict_of(support)
    return support.locator("#charges").inner_text()


def test_a_file_with_unknown_columns_and_three_bad_rows_is_mapped_confirmed_and_undone(
    sign_in, worker: Worker, ledger
):
    page = sign_in(Role.ENGINEER)
    upload(page, ledger)
    choose_columns(page)

    expect(page.locator("#commit")).to_have_text("Take in 4 new rows")
    expect(page.locator("#live-status")).to_have_text("waiting for confirmation")
    assert (count_of(page, "new"), count_of(page, "rejected")) == ("4", "3")
    assert page.locator("#rejected tbody tr").all_inner_texts() == [
        "6\thow much\tthe comma may separate thousands or decimals; write it with a point\t"
        "c5 | u1 | 0,123 | USD | 2026-03-01 10:10:00 | t5 | charge |",
        "7\tcoin\tnot a currency\tc6 | u1 | 1.00 | XYZ | 2026-03-01 10:11:00 | t6 | charge |",
        "8\twhen\tnot a time\t=c7+1 | u1 | 1.00 | USD | yesterday | t7 | charge |",
    ]
    assert not Charge.objects.exists()

    with page.expect_download() as started:
        page.get_by_role("link", name="Download all of them as CSV").click()
    lines = Path(started.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[:4] for line in lines[1:]] == [
        ["5", "6", "how much", "amount.ambiguous"],
        ["6", "7", "coin", "currency.unknown"],
        ["7", "8", "when", "time.unreadable"],
    ]
    assert lines[-1].endswith("'=c7+1 | u1 | 1.00 | USD | yesterday | t7 | charge | ")

    confirm(page)
    assert Charge.objects.count() == 4

    page.get_by_role("link", name="Undo this import").click()
    expect(page.locator("main")).to_contain_text("4 rows leave the ledger")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    assert not Charge.objects.exists()


def test_the_same_file_once_more_changes_nothing_and_has_to_be_undone_first(sign_in, worker: Worker, ledger):
    page = take_in(sign_in, ledger)
    first = page.url
    before = list(Charge.objects.order_by("pk").values())

    upload(page, ledger, is_new=False)
    expect(page.locator("#import-live")).to_contain_text("This very file was taken in before")
    assert [count_of(page, name) for name in ("new", "unchanged", "completed", "conflicting")] == list("0400")
    page.locator("#commit").click()
    expect(page.locator("#import-live")).to_contain_text("Nothing changed")
    second = page.url
    assert list(Charge.objects.order_by("pk").values()) == before

    page.goto(f"{first}undo/")
    expect(page.get_by_role("heading", name="This import cannot be undone yet")).to_be_visible()
    expect(page.get_by_role("button", name="Undo the import")).to_have_count(0)
    for address in (second, first):
        page.goto(f"{address}undo/")
        page.get_by_role("button", name="Undo the import").click()
        expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    assert not Charge.objects.exists()


def test_without_scripts_a_file_comes_in_as_well(browser, desk, ledger):
    people = SignIn(browser, desk, java_script_enabled=False)
    page = people(Role.ENGINEER)

    upload(page, ledger)
    while page.locator("#import-live progress").count():
        page.get_by_role("link", name="Refresh").click()
    choose_columns(page)
    while page.locator("#import-live progress").count():
        page.get_by_role("link", name="Refresh").click()

    assert (count_of(page, "new"), count_of(page, "rejected")) == ("4", "3")
    people.leave()


def test_a_file_that_is_too_large_is_not_even_sent(sign_in, worker: Worker, ledger):
    page = sign_in(Role.ENGINEER)
    page.goto("/charges/imports/new/")
    page.evaluate("document.getElementById('upload').dataset.limit = '10'")
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)

    page.set_input_files("[name=file]", ledger)
    expect(page.locator("#upload-problem")).to_contain_text("the desk takes at most")
    page.get_by_role("button", name="Upload and read").click()

    expect(page.locator("[name=file]")).to_be_focused()
    assert posted == []


def test_a_refused_form_keeps_the_chosen_file(sign_in, worker: Worker, ledger):
    page = sign_in(Role.ENGINEER)
    page.goto("/charges/imports/new/")
    page.set_input_files("[name=file]", ledger)

    page.get_by_role("button", name="Upload and read").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary")).to_contain_text("Choose the ledger")
    page.fill("[name=new_source]", "gw")
    page.get_by_role("button", name="Upload and read").click()

    expect(page.get_by_role("heading", name="The file was not read")).to_be_visible()


def test_a_hold_with_its_settlement_is_no_duplicate_on_the_ticket(sign_in, worker: Worker, lab: Lab, charged):
    lab_endpoint(lab)

    said = charges_of(sign_in(Role.SUPPORT), "t-held", notes="the customer sees two entries")

    assert "charge.hold_and_settle" in said
    assert "charge.duplicate" not in said
    assert "0.85 USD" in said


def test_a_true_duplicate_is_shown_with_its_excess_on_the_ticket(sign_in, worker: Worker, lab: Lab, charged):
    lab_endpoint(lab)

    said = charges_of(sign_in(Role.SUPPORT), "t-twice", notes="charged twice")

    assert "charge.duplicate" in said
    assert "0.90 USD" in said
    for row in ("c1", "c2"):
        assert row in said


def test_a_task_beyond_the_ledger_cannot_be_told_on_the_ticket(sign_in, worker: Worker, lab: Lab, charged):
    lab_endpoint(lab)

    said = charges_of(sign_in(Role.SUPPORT), "t-later", occurred_at="2026-03-02T12:00")

    assert "Cannot tell" in said
    assert "charge.no_rows" in said
    assert "charge.duplicate" not in said
    assert "2026-03-01 10:04" in said


def test_the_ledgers_pages_keep_the_content_policy_and_fit_a_phone(english):  # noqa: F811
    source = make_source("gw", name="Gateway", mapping=MAPPING, probe_payers=["token-" + "x" * 60])
    states = [make_import(state, file_name="x" * 180, refusal="file.empty") for state in ImportState]
    for record in states:
        reject(record, column="y" * 80, text="z" * 400)
    done, later = make_import(), make_import(file_name="x" * 180)
    ImportOverlap.objects.create(earlier=done, later=later)
    pages = [
        *(
            "/charges/imports/",
            "/charges/imports/new/",
            "/charges/sources/",
            f"/charges/sources/{source.slug}/",
        ),
        *(f"/charges/sources/{source.slug}/edit/", f"/charges/imports/{done.pk}/undo/"),
        *(f"/charges/imports/{record.pk}/" for record in [*states, later]),
        f"/charges/imports/{later.pk}/undo/",
    ]
    heard = complaints_of(english)

    assert (too_wide_for_a_phone(english, pages), heard) == ([], [])
