"""What only a browser can tell: the content policy holds, nothing runs off a phone, polling ends."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from probes.runs.models import Attempt, Run
from tests.journeys.desk import await_that
from tests.triage.people.builders import PASSWORD, make_person
from tests.triage.tickets.builders import conclude, follow_up, make_investigation
from triage.people.roles import Role
from triage.tickets.models import Investigation

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = ["/", "/tickets/new/", "/try/", "/history/", "/admin/"]


@pytest.fixture
def english(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """An admin's English page, signed in, with a clipboard that may be used."""
    make_person(Role.ADMIN, name="mei")
    context = browser.new_context(locale="en-US", base_url=live_server.url)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=username]", "mei")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/")
    yield page
    context.close()


def complaints_of(page: Page) -> list[str]:
    """What the console will say from now on; a refused style or script is said there."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def overflow_of(page: Page) -> int:
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(width))


def too_wide_for_a_phone(page: Page, addresses: list[str]) -> list[tuple[str, str]]:
    """The addresses that run off a screen of 390 pixels, each with the language in which it does."""
    page.set_viewport_size({"width": 390, "height": 800})
    wide = []
    for language in ("English", "中文"):
        page.goto("/")
        page.click(f"button:text-is('{language}')")
        for address in addresses:
            page.goto(address)
            wide += [(language, address)] if overflow_of(page) > 0 else []
    return wide


def pages_of(investigation: Investigation) -> list[str]:
    """Everything that is shown of a ticket with further steps."""
    ticket = f"/tickets/{investigation.ticket_id}/"
    return [
        ticket,
        f"{ticket}further/",
        f"{ticket}verdicts/{investigation.builds_on_id}/",
        f"/history/{investigation.run_id}/",
    ]


def test_no_page_breaks_the_content_policy(english):
    investigation = follow_up(make_investigation(task_id="task_7"))
    heard = complaints_of(english)

    for address in [*PAGES, *pages_of(investigation)]:
        english.goto(address)

    assert heard == []


def test_nothing_runs_off_a_phone_in_either_language(english):
    investigation = follow_up(make_investigation(task_id="task_" + "7" * 60, error_text="x" * 300))

    assert too_wide_for_a_phone(english, [*PAGES[:4], *pages_of(investigation)]) == []


def test_many_requests_side_by_side_scroll_in_their_own_frame(english):
    investigation = follow_up(make_investigation())

    english.goto(f"/history/{investigation.run_id}/")

    assert overflow_of(english) == 0
    frame = english.locator(".scroll:has(thead :nth-child(9))").first
    assert frame.evaluate("(frame) => frame.scrollWidth > frame.clientWidth")


def test_the_page_follows_the_worker_and_stops_asking_when_there_is_an_answer(english):
    investigation = make_investigation(concluded=False)
    asked: list[str] = []
    english.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    english.goto(investigation.ticket.get_absolute_url())

    Run.objects.filter(pk=investigation.run_id).update(state=Run.State.RUNNING)
    investigation.run.attempts.filter(position=0).update(state=Attempt.State.SENDING, stage="sent")
    expect(english.locator("#stages")).to_contain_text("sent, waiting for the first byte")
    conclude(investigation)
    expect(english.locator("#verdict")).to_be_visible()

    expect(english.locator("#live-status")).to_have_text(english.inner_text("#verdict-title"))
    asked.clear()
    english.wait_for_timeout(1500)  # longer than the quickest pace: silence cannot be awaited otherwise
    assert asked == []


def test_a_reply_is_copied_in_its_own_language_and_said_aloud(english):
    investigation = make_investigation()
    english.goto(investigation.ticket.get_absolute_url())

    english.click("#reply .tabs >> text=中文")
    expect(english.locator("#reply-text")).to_have_attribute("lang", "zh-Hans")
    english.click("#reply [data-copy]")

    expect(english.locator("#announcer")).to_have_text("Copied")
    assert re.search("[一-鿿]{4}", english.evaluate("navigator.clipboard.readText()"))


def test_choosing_a_kind_of_work_changes_the_questions_and_keeps_the_answers(english):
    english.goto("/tickets/new/")
    english.fill("[name=elapsed_s]", "59")
    english.fill("[name=error_text]", "it hangs")

    english.select_option("[name=workload]", "video")

    expect(english.locator("[name=stream]")).to_have_count(0)
    expect(english.locator("[name=task_id]")).to_be_visible()
    assert english.input_value("[name=elapsed_s]") == "59"
    assert english.input_value("[name=error_text]") == "it hangs"


def test_a_mistake_takes_the_focus_and_leads_to_its_field(english):
    english.goto("/tickets/new/")
    english.fill("[name=status_code]", "4")

    english.click("text=File, nothing is sent")

    expect(english.locator("#error-summary")).to_be_focused()
    english.click("#error-summary a")
    expect(english.locator("[name=status_code]")).to_be_focused()


def test_an_expired_session_leads_to_the_sign_in_not_into_a_fragment(english):
    investigation = make_investigation(concluded=False)
    english.goto(investigation.ticket.get_absolute_url())

    english.context.clear_cookies()

    english.wait_for_url(f"**/sign-in/?next=/tickets/{investigation.ticket_id}/")


def test_the_keyboard_reaches_the_content_first(english):
    english.goto("/")

    english.keyboard.press("Tab")
    english.keyboard.press("Enter")

    expect(english.locator("#main")).to_be_focused()


def test_the_chosen_theme_is_there_before_anything_is_drawn(english):
    english.goto("/")
    english.click("button:text-is('Dark')")

    assert english.locator("html").get_attribute("data-theme") == "dark"
    english.context.clear_cookies(name="desk_session")
    english.goto("/sign-in/")
    assert english.locator("html").get_attribute("data-theme") == "dark"


def test_without_scripts_a_ticket_is_filed_and_read(browser, desk):
    make_person(Role.SUPPORT, name="an")
    context = browser.new_context(java_script_enabled=False, locale="en-US", base_url=desk)
    page = context.new_page()
    page.goto("/tickets/new/")
    page.fill("[name=username]", "an")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")

    page.fill("[name=error_text]", "502 Bad Gateway")
    page.click("text=Submit and probe")

    expect(page.locator("h1")).to_contain_text("Ticket T-")
    await_that(lambda: has_verdict_or_refreshes(page), "a verdict")
    context.close()


def has_verdict_or_refreshes(page: Page) -> bool:
    if page.locator("#verdict").count():
        return True
    page.click("text=Refresh")
    return False
