"""A replay in a browser: its cost first, the run that follows, and the reason when a budget forbids it."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from probes.lab.server import Lab
from tests.browser.acting import VERDICT_MS, file_ticket, verdict_of
from tests.browser.test_pages import complaints_of, overflow_of
from tests.journeys.desk import lab_endpoint
from tests.supervision.worker import Worker
from triage.people.roles import Role

pytestmark = pytest.mark.slow


def test_an_engineer_replays_a_run_until_the_budget_says_no(sign_in, worker: Worker, lab: Lab, settings):
    lab_endpoint(lab)
    page = sign_in(Role.ENGINEER)
    heard = complaints_of(page)
    file_ticket(page, model="ok")
    verdict_of(page)
    ticket = page.url
    page.get_by_role("link", name="All facts of this run").click()
    original = page.url

    page.get_by_role("link", name="Replay", exact=True).click()
    page.check("#change-length")
    page.fill("#id_tokens", "32")
    plan = page.locator("#replay-plan")
    expect(plan).to_contain_text("Output tokens, at most")
    expect(page.locator("#replay-said")).to_contain_text("The plan: 2 requests, at most 0.0")
    page.get_by_role("button", name="Run 2 requests").click()
    expect(page.locator("h1")).to_contain_text("finished", timeout=VERDICT_MS)
    expect(page.locator("#replays")).to_contain_text("Replay of run")
    assert overflow_of(page) <= 0

    page.goto(ticket)
    expect(page.get_by_role("heading", name="Replays")).to_be_visible()

    settings.PROBE_BUDGET_PER_USER_DAY = Decimal("0.001")
    page.goto(original)
    page.get_by_role("link", name="Replay", exact=True).click()
    expect(page.locator("#over-budget")).to_contain_text("costs more than a budget leaves today")
    expect(page.locator(".budgets .short")).to_contain_text("you")
    assert page.get_by_role("button", name="Run 2 requests").count() == 0
    assert heard == []
