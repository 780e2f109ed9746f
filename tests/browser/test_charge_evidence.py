"""The statement of charges on paper: one sheet of A4, nothing of the screen on it, in both languages."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.test_pages import complaints_of, english, overflow_of  # noqa: F401 - a fixture
from tests.triage.charges.taking import row, take_in
from tests.triage.tickets.builders import make_investigation

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
A4_POINTS = (595, 842)


@pytest.fixture
def statement(transactional_db: None) -> str:
    take_in(
        row("c1", "09:30:00", "t-twice", request_id="req-1"),
        row("c2", "09:31:01", "t-twice", request_id="req-2"),
        row("r1", "09:50:00", "t-twice", kind="refund", amount="0.1", ref_charge_id="c2"),
    )
    ticket = make_investigation(task_id="t-twice", account_ref="u1", retry_count=1, client="curl").ticket
    return f"/tickets/{ticket.pk}/charges/evidence/"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_statement_is_one_sheet_of_a4(english: Page, statement: str, language: str):  # noqa: F811
    english.goto(f"{statement}?lang={language}")

    paper = english.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    width, height = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper).groups()
    assert (round(float(width)), round(float(height))) == A4_POINTS


def test_what_only_a_screen_needs_is_not_printed(english: Page, statement: str):  # noqa: F811
    heard = complaints_of(english)
    english.goto(statement)
    assert english.get_by_role("button", name="Print").is_visible()

    english.emulate_media(media="print", color_scheme="dark")

    assert not english.locator(".sheet-tools").is_visible()
    assert english.locator("main").evaluate("main => getComputedStyle(main).color") == "rgb(24, 33, 43)"
    assert heard == []


def test_panel_and_statement_fit_a_phone_in_either_language(english: Page, statement: str):  # noqa: F811
    english.set_viewport_size({"width": 390, "height": 800})

    for address in (f"{statement}?lang=en", f"{statement}?lang=zh-hans", statement.partition("charges")[0]):
        english.goto(address)
        assert overflow_of(english) == 0, address
