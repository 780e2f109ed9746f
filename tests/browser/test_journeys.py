"""The main jobs from end to end: a person in Chromium, the pages, the queue, a worker, a real endpoint."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from probes.lab.server import Lab
from tests.browser.acting import A_TICKET, file_ticket, fill_ticket, verdict_of
from tests.journeys.desk import lab_endpoint
from tests.journeys.test_canary import every_row
from tests.supervision.worker import Worker
from triage.charges.demo import load_demo_ledger
from triage.people.roles import Role

pytestmark = pytest.mark.slow


def test_support_files_a_stalled_stream_and_reads_what_to_do(sign_in, worker: Worker, lab: Lab):
    lab_endpoint(lab, idle_s=1)
    page = sign_in(Role.SUPPORT)

    file_ticket(page, model="stall_mid:20", error_text="stops after two words, then nothing for minutes")

    verdict = verdict_of(page)
    assert "stream.stalled" in verdict
    for part in ("NEXT ACTION", "OWNER", "STOP WHEN", "DO NOT", "THIS WOULD OVERTURN IT"):
        assert part in verdict.upper()
    expect(page.locator("#reply-text")).not_to_be_empty()


def test_a_pasted_key_is_shown_as_masked_and_is_nowhere(sign_in, worker: Worker, lab: Lab):
    lab_endpoint(lab)
    secret = "sk-" + "c4n4ryZ9" * 6
    page = sign_in(Role.SUPPORT)

    fill_ticket(page, model="ok", error_text=f"Incorrect API key provided: {secret}")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Send as it is").click()
    page.wait_for_url(A_TICKET)

    expect(page.get_by_text("Error text", exact=False).first).to_be_visible()
    verdict_of(page)
    assert secret not in page.content()
    assert "c4n4ryZ9" not in str(every_row())


def test_a_double_charge_is_shown_with_its_excess(sign_in, worker: Worker, lab: Lab):
    lab_endpoint(lab)
    load_demo_ledger(timezone.now())
    page = sign_in(Role.SUPPORT)

    file_ticket(page, model="ok", task_id="task_demo_duplicate", notes="客户说扣了两次")

    verdict_of(page)
    charges = page.locator("#charges").inner_text()
    assert "charge.duplicate" in charges
    assert "0.9" in charges


def test_an_engineer_goes_from_the_history_to_the_run_and_its_ticket(sign_in, worker: Worker, lab: Lab):
    lab_endpoint(lab)
    support = sign_in(Role.SUPPORT)
    file_ticket(support, model="auth_401")
    verdict_of(support)
    ref = support.locator("h1").inner_text()
    page = sign_in(Role.ENGINEER)

    page.goto("/history/")
    page.locator("main table a").first.click()

    expect(page.locator("main")).to_contain_text("401")
    expect(page.locator("main")).to_contain_text("$PROBE_KEY")
    page.get_by_role("link", name="T-0").first.click()
    expect(page.locator("h1")).to_have_text(ref)


@pytest.mark.parametrize(
    ("role", "closed"),
    [(Role.SUPPORT, "/history/"), (Role.SUPPORT, "/admin/"), (Role.ENGINEER, "/admin/")],
)
def test_a_page_beyond_the_role_says_who_can_help(sign_in, worker: Worker, role, closed):
    page = sign_in(role)

    answer = page.goto(closed)

    assert answer is not None
    assert answer.status == 403
    expect(page.locator("main")).to_contain_text("An admin can grant it")


def test_what_is_typed_while_the_details_are_on_their_way_stays(sign_in):
    page = sign_in(Role.SUPPORT)
    page.goto("/tickets/new/")
    with page.expect_response("**/details/"):
        page.select_option("[name=workload]", "video")
    held: list = []
    page.route("**/details/", lambda route: held.append(route))

    with page.expect_request("**/details/"):
        page.select_option("[name=symptom]", index=2)
    page.fill("[name=task_id]", "task_typed_meanwhile")
    with page.expect_response("**/details/"):
        held[0].continue_()

    expect(page.locator("[name=task_id]")).to_have_value("task_typed_meanwhile")
    expect(page.locator("[name=task_id]")).to_be_focused()
