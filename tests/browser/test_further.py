"""Further steps in a browser: an engineer reads what they cost, runs them, and sees the new verdict."""

import pytest
from playwright.sync_api import Page, expect

from probes.endpoints.models import Route
from probes.lab.server import Lab
from tests.browser.acting import A_TICKET, VERDICT_MS, file_ticket, verdict_of
from tests.browser.test_pages import complaints_of, overflow_of
from tests.journeys.desk import lab_endpoint
from tests.supervision.worker import Worker
from triage.people.roles import Role
from triage.tickets.models import Investigation, Ticket

pytestmark = pytest.mark.slow


def routed_lab(lab: Lab) -> None:
    """The lab with its edge as a second route."""
    endpoint = lab_endpoint(lab)
    Route.objects.create(
        endpoint=endpoint,
        slug="edge",
        base_url=f"{lab.base_url}/edge/v1",
        allow_addresses=endpoint.allow_addresses,
    )


def is_as_loaded(page: Page) -> bool:
    """Whether the page that was marked is still there: nothing was loaded anew."""
    return bool(page.evaluate("window.marked === true"))


def test_an_engineer_runs_further_steps_and_watches_their_verdict_come(sign_in, worker: Worker, lab: Lab):
    routed_lab(lab)
    page = sign_in(Role.ENGINEER)
    heard = complaints_of(page)
    file_ticket(page, model="reset_mid", error_text="the text breaks off")
    assert "stream.cut" in verdict_of(page)

    page.get_by_role("link", name="Probe further").click()
    plan = page.locator("#further-plan")
    expect(plan).to_contain_text("Stream on the second route")
    expect(plan).to_contain_text("USD")
    page.uncheck("#pick-http2")
    page.check("#pick-gzip")
    expect(page.locator("#further-said")).to_contain_text("The plan: 5 requests, at most 0.0")
    page.get_by_role("button", name="Run 5 requests").click()
    page.wait_for_url(A_TICKET)
    page.evaluate("window.marked = true")

    expect(page.locator("#verdict")).to_be_visible(timeout=VERDICT_MS)
    assert is_as_loaded(page)
    expect(page.locator("#sequel")).to_contain_text("stream.cut")
    expect(page.locator("#waterfall")).to_contain_text("Repeated request 3")
    assert Investigation.objects.count() == 2
    assert heard == []


def test_without_scripts_the_plan_is_shown_by_a_button(browser, sign_in, worker: Worker, lab: Lab):
    lab_endpoint(lab)
    signed_in = sign_in(Role.ENGINEER)
    file_ticket(signed_in, model="ok")
    verdict_of(signed_in)
    context = browser.new_context(
        java_script_enabled=False, locale="en-US", storage_state=signed_in.context.storage_state()
    )
    page = context.new_page()

    page.goto(f"{signed_in.url}further/")
    page.check("#pick-models")
    page.get_by_role("button", name="Show the plan").click()

    expect(page.locator("#further-plan")).to_contain_text("Model list")
    page.get_by_role("button", name="Run 6 requests").click()
    expect(page.locator("#stages")).to_contain_text("Further steps asked for")
    context.close()


def test_the_page_is_picked_and_run_by_keyboard_alone_and_fits_a_phone(sign_in, worker: Worker, lab: Lab):
    lab_endpoint(lab)
    page = sign_in(Role.ENGINEER)
    file_ticket(page, model="ok")
    verdict_of(page)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{page.url}further/?picked=1")
    assert overflow_of(page) == 0

    page.locator("#pick-models").focus()
    page.keyboard.press("Space")
    expect(page.locator("#further-plan")).to_contain_text("Model list")
    assert overflow_of(page) == 0
    page.get_by_role("button", name="Run 1 request").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(A_TICKET)
    expect(page.locator("#verdict")).to_be_visible(timeout=VERDICT_MS)
    assert overflow_of(page) == 0


def test_going_back_and_sending_the_ticket_form_again_files_nothing_new(sign_in, worker: Worker, lab: Lab):
    lab_endpoint(lab)
    page = sign_in(Role.SUPPORT)
    file_ticket(page, model="ok", error_text="502 Bad Gateway")

    page.go_back()
    page.get_by_role("button", name="Submit").click()

    expect(page.locator("#sent-again")).to_be_visible()
    assert Ticket.objects.count() == 1
