"""The page of findings as people meet it: counted by a worker, filtered, kept, and followed to a task."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.acting import SignIn
from tests.browser.test_pages import overflow_of
from triage.charges.actions import count_findings
from triage.charges.demo import load_demo_ledger
from triage.people.roles import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
COUNTED_MS = 20_000


def test_a_large_ledger_is_counted_by_a_worker_while_the_page_waits(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(count_findings, "AT_ONCE", 0)
    load_demo_ledger(timezone.now())
    page = sign_in(Role.SUPPORT)

    page.goto("/charges/")
    expect(page.get_by_text("being counted for the first time")).to_be_visible()

    expect(page.get_by_role("link", name="task_demo_duplicate")).to_be_visible(timeout=COUNTED_MS)
    expect(page.get_by_text("being counted")).to_have_count(0)


def test_from_a_filter_kept_under_a_name_to_a_task(sign_in: SignIn) -> None:
    load_demo_ledger(timezone.now())
    page = sign_in(Role.SUPPORT)
    page.goto("/charges/")

    page.get_by_label("Finding", exact=True).select_option("charge.duplicate")
    page.wait_for_url("**/charges/?code=charge.duplicate**")
    page.get_by_label("Save these filters as").fill("Twice")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Twice")).to_be_visible()
    page.goto("/charges/")
    page.get_by_role("link", name="Twice").click()

    expect(page.get_by_role("link", name="task_demo_submit_1")).to_have_count(0)
    page.get_by_role("link", name="task_demo_duplicate").click()
    expect(page.locator("#story")).to_contain_text("0.90 USD")
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow_of(page) <= 0
