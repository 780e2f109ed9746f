"""Two people and a playbook, in Chromium: edited, previewed, refused to its author, approved, withdrawn."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.acting import SignIn
from tests.browser.test_pages import complaints_of, english, too_wide_for_a_phone  # noqa: F401 - a fixture
from tests.triage.playbooks.builders import CUT, admin, approved, drafted, engineer, words_with
from tests.triage.tickets.builders import conclude, make_investigation
from triage.people.roles import Role
from triage.tickets.models import Ticket

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NEW = "Hello, the line was cut on its way to you. Please look into your usage records. The task is {task_id}."


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer) -> Iterator[SignIn]:
    """Without a worker: nothing is probed here."""
    people = SignIn(browser, live_server.url)
    yield people
    people.leave()


def reply_of(page: Page, ticket: Ticket) -> str:
    page.goto(f"/tickets/{ticket.pk}/?reply=en")
    return page.locator("#reply-text").inner_text()


def test_words_that_two_people_agree_on_reach_the_next_reply(sign_in):
    ticket = make_investigation(concluded=False).ticket
    conclude(ticket.investigations.get(), code=CUT, params={"task_id": "task_9f31"})
    eve, bob = sign_in(Role.ENGINEER), sign_in(Role.ADMIN)
    shipped = reply_of(bob, ticket)

    eve.goto("/playbooks/")
    eve.get_by_role("link", name="The stream was cut in transit").click()
    eve.get_by_role("link", name="Edit", exact=True).click()
    eve.fill("#id_en_reply", "Hello, please try it again at {nowhere}.")
    eve.fill("#id_reason", "customers took it for their own fault")
    eve.get_by_role("button", name="Save the draft").click()
    expect(eve.locator("#error-summary")).to_be_focused()
    expect(eve.locator("#error-summary")).to_contain_text("{nowhere} is not a parameter")
    eve.fill("#id_en_reply", NEW)
    eve.get_by_role("button", name="Save the draft").click()

    expect(eve.locator("#preview")).to_contain_text("1 would read differently")
    expect(eve.locator("#preview ins").filter(has_text="line").first).to_be_visible()
    expect(eve.locator("#decision")).to_contain_text("You wrote it, so you cannot approve it.")
    expect(eve.get_by_role("button", name="Approve")).to_have_count(0)
    assert reply_of(bob, ticket) == shipped

    bob.goto("/playbooks/?show=drafts")
    bob.get_by_role("link", name="The stream was cut in transit").click()
    bob.get_by_role("link", name="Read and decide").click()
    bob.get_by_role("button", name="Approve").click()
    expect(bob.locator("#history")).to_contain_text("customers took it for their own fault")
    assert reply_of(bob, ticket).startswith(NEW.format(task_id="task_9f31"))

    bob.goto(f"/playbooks/{CUT}/")
    bob.fill("#withdraw-reason", "a typing error")
    bob.get_by_role("button", name="Withdraw").click()
    expect(bob.locator("#history")).to_contain_text("a typing error")
    assert reply_of(bob, ticket) == shipped


def test_the_pages_keep_the_content_policy_and_fit_a_phone(english):  # noqa: F811
    eve, bob = engineer(), admin()
    conclude(make_investigation(concluded=False), code=CUT, params={"request_id": "r" * 90})
    approved(eve, bob, words=words_with(title="A cut " + "x" * 90))
    drafted(eve)
    pages = [
        *("/playbooks/", "/playbooks/?show=overdue", f"/playbooks/{CUT}/", f"/playbooks/{CUT}/edit/"),
        *(f"/playbooks/{CUT}/2/", f"/playbooks/{CUT}/1/?with=0"),
        *("/help/", f"/help/{CUT}/", "/help/template/", "/help/none/"),
    ]
    heard = complaints_of(english)

    assert too_wide_for_a_phone(english, pages) == []
    assert [text for text in heard if "404" not in text] == []
