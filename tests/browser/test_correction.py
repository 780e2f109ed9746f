"""From a doubt to a correction: to the fact and back, a question in the reply, a class that support reads."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import overflow_of
from tests.triage.tickets.builders import make_investigation
from triage.people.roles import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_verdict_is_doubted_asked_about_and_corrected(sign_in):
    investigation = make_investigation(error_text="the stream ends early")
    address = investigation.ticket.get_absolute_url()
    engineer, support = sign_in(Role.ENGINEER), sign_in(Role.SUPPORT)

    support.goto(address)
    support.locator("#because-1 a").click()
    fact = support.locator(f"#fact-{investigation.run_id}-1-done_seen")
    expect(fact).to_be_focused()
    expect(fact).to_have_css("outline-style", "solid")
    fact.get_by_role("link").click()
    expect(support.locator("#because-1")).to_be_focused()

    support.locator("#questions summary").click()
    support.locator("#questions").get_by_role("link", name="Time of the request").click()
    expect(support.locator("#reply-text")).to_contain_text("When did it happen?")
    support.locator("#reply-zh-hans").click()
    expect(support.locator("#reply-text")).to_contain_text("出错的时间是什么时候")
    support.locator("#asked").get_by_role("link", name="Take out: Time of the request").click()
    expect(support.locator("#reply-text")).not_to_contain_text("出错的时间是什么时候")

    engineer.goto(address)
    engineer.get_by_role("link", name="This verdict is wrong").click()
    engineer.fill("[name=code]", "edge.origin_slow")
    engineer.select_option("[name=owner]", "edge")
    engineer.fill("[name=reason]", "the edge's log shows a 524")
    engineer.get_by_role("button", name="Correct the verdict").click()
    expect(engineer.locator("#corrected")).to_contain_text("Corrected by engineer-0")

    support.reload()
    expect(support.locator("#verdict")).to_contain_text("edge.origin_slow")
    expect(support.locator("#corrected")).to_contain_text("the edge's log shows a 524")
    for page in (support, engineer):
        page.set_viewport_size({"width": 390, "height": 844})
    engineer.goto("/insights/verdicts/")
    expect(engineer.locator("#pairs-title + div")).to_contain_text(investigation.ticket.ref)
    assert [overflow_of(page) for page in (support, engineer)] == [0, 0]
