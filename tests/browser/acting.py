"""What people do in the browser: sign in, file a ticket, wait for its verdict."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.triage.people.builders import PASSWORD, make_person
from triage.people.roles import Role

A_TICKET = re.compile(r"/tickets/\d+/$")
VERDICT_MS = 30_000  # a probe waits for its endpoint; everything else is quick


class SignIn:
    """Signs people of a role in, each with a browser profile of their own."""

    def __init__(self, browser: Browser, desk: str, *, java_script_enabled: bool = True) -> None:
        self._browser, self._desk = browser, desk
        self._scripts = java_script_enabled
        self._contexts: list = []

    def __call__(self, role: Role) -> Page:
        name = make_person(role, name=f"{role}-{len(self._contexts)}").username
        context = self._browser.new_context(
            locale="en-US", base_url=self._desk, java_script_enabled=self._scripts
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url(f"{self._desk}/")
        return page

    def leave(self) -> None:
        for context in self._contexts:
            context.close()


def file_ticket(page: Page, **typed: str) -> None:
    """Fill in the form as a person does and send it."""
    fill_ticket(page, **typed)
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(A_TICKET)


def fill_ticket(page: Page, **typed: str) -> None:
    page.goto("/tickets/new/")
    page.select_option("[name=endpoint]", "lab")
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)


def verdict_of(page: Page) -> str:
    card = page.locator("#verdict")
    expect(card).to_be_visible(timeout=VERDICT_MS)
    return card.inner_text()
