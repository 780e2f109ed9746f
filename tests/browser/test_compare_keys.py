"""From a ticket to the header that differs, and through runs and comparisons, by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from probes.runs.models import Run
from tests.browser.test_pages import complaints_of, overflow_of
from tests.probes.runs.builders import make_endpoint
from tests.triage.history.test_compare_views import CONTROL, CUT, WELL, run_of
from tests.triage.tickets.builders import make_investigation
from triage.people.roles import Role
from triage.tickets.models import Ticket

pytestmark = pytest.mark.slow

A_COMPARISON = re.compile(r"/history/compare/")


def cut_ticket() -> tuple[Ticket, Run, Run]:
    """A ticket whose stream was cut behind another server, the good run before it, and the ticket's own."""
    shop = make_endpoint()
    good = run_of(shop, CONTROL, WELL)
    investigation = make_investigation(endpoint=shop)
    for attempt, facts in zip(investigation.run.attempts.all(), (CONTROL, CUT), strict=True):
        attempt.facts = facts.as_dict()
        attempt.save()
    Run.objects.filter(pk=investigation.run_id).update(model=good.model)
    return investigation.ticket, good, investigation.run


def test_the_differing_header_is_two_keys_from_the_ticket(sign_in):
    ticket, _good, bad = cut_ticket()
    page = sign_in(Role.ENGINEER)
    heard = complaints_of(page)
    page.goto(ticket.get_absolute_url())

    page.keyboard.press("g")
    page.wait_for_url(A_COMPARISON)
    expect(page.locator("#sentence")).to_contain_text(f"cloudflare in Run {bad.pk}")
    page.keyboard.press("h")

    expect(page.locator("#headers")).to_be_focused()
    expect(page.locator("#headers")).to_contain_text("x-accel-buffering")
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow_of(page) == 0
    assert heard == []


def test_runs_are_walked_ticked_and_compared_without_a_mouse(sign_in):
    _ticket, good, bad = cut_ticket()
    page = sign_in(Role.ENGINEER)
    page.goto(f"/history/{good.pk}/")

    page.keyboard.press("]")
    page.wait_for_url(f"**/history/{bad.pk}/")
    page.keyboard.press("[")
    page.wait_for_url(f"**/history/{good.pk}/")
    page.goto("/history/")
    for run in (good, bad):
        page.locator(f'input[name="run"][value="{run.pk}"]').first.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Compare the ticked runs").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(A_COMPARISON)
    expect(page.locator("#sentence")).to_contain_text("the connection was reset")


def test_keys_leave_typing_input_methods_and_those_who_switched_them_off_alone(sign_in):
    _ticket, _good, bad = cut_ticket()
    page = sign_in(Role.ENGINEER)
    page.goto(f"/history/{bad.pk}/")
    here = page.url

    page.locator("#compare-run").press_sequentially("g[")
    page.locator("#compare-run").blur()
    for init in ("isComposing: true", "keyCode: 229", "ctrlKey: true"):
        page.evaluate(
            f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: 'g', bubbles: true, {init}}}))"
        )
    page.get_by_role("button", name="Switch single keys off").click()
    page.keyboard.press("g")

    page.reload()
    assert page.url == here
    page.get_by_role("button", name="Switch single keys on").click()
    page.keyboard.press("g")
    page.wait_for_url(A_COMPARISON)
