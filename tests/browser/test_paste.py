"""A traceback is pasted, read, corrected and filed: the ticket has its fields, and no key left the page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import A_TICKET, SignIn
from tests.probes.runs.builders import make_endpoint
from triage.people.roles import Role
from triage.tickets.models import Ticket

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
KEY = "sk-proj-" + "a1B2" * 12
TRACEBACK = f"""Traceback (most recent call last):
  File "/app/bot.py", line 14, in <module>
    client = OpenAI(base_url="https://api.example.com/v1", timeout=60.0, api_key="{KEY}")
  File "/app/venv/lib/python3.11/site-packages/openai/_base_client.py", line 1014, in request
    raise APITimeoutError(request=request) from err
openai.APITimeoutError: Request timed out.
model: gpt-4o-mini
status code: 504"""


def paste(page: Page, text: str) -> None:
    """As Ctrl-V does; the clipboard itself belongs to the machine."""
    page.evaluate(
        """(text) => {
          const box = document.querySelector("[name=paste]");
          box.focus();
          document.execCommand("insertText", false, text);
          box.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
        }""",
        text,
    )


def test_a_pasted_traceback_fills_the_form_and_the_ticket(sign_in: SignIn) -> None:
    page = sign_in(Role.SUPPORT)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.goto("/tickets/new/")
    page.fill("[name=client_timeout_s]", "61")

    paste(page, TRACEBACK)

    read = page.locator("#paste-read")
    expect(read).to_contain_text("fields filled from the paste")
    expect(page.locator("#id_model_told")).to_contain_text("from line 7")
    expect(page.locator("#id_status_code_told")).to_contain_text("status code: 504")
    assert page.input_value("[name=client_timeout_s]") == "61"
    expect(page.locator("#id_client_timeout_s_told")).to_contain_text("Line 3 says 60")
    assert page.evaluate("document.activeElement.id") == "paste-read"

    expect(page.locator("#masked")).to_contain_text("1 sensitive piece was masked")
    expect(page.locator("#masked")).to_contain_text("Pasted text: key (openai project key)")
    expect(page.locator("#masked")).to_contain_text("revoke")

    page.get_by_role("button", name="Line 3 says 60").click()
    expect(page.locator("[name=client_timeout_s]")).to_have_value("60")
    page.fill("[name=model]", "gpt-4o")
    page.focus("[name=client_version]")
    page.keyboard.press("Enter")
    page.wait_for_url(A_TICKET)

    ticket = Ticket.objects.get()
    assert (ticket.model, ticket.status_code, ticket.client) == ("gpt-4o", 504, "openai-python")
    assert (ticket.client_timeout_s, ticket.base_url) == (60.0, "https://api.example.com/v1")
    assert ticket.error_text == "openai.APITimeoutError: Request timed out."
    assert not any(KEY[8:] in one for one in sent)
    assert [(spot["field"], spot["kind"]) for spot in ticket.masked] == [("paste", "openai_project_key")]
    expect(page.locator("#masked")).to_contain_text("Pasted text: key (openai project key)")
    expect(page.locator("#masked")).to_contain_text("revoke")


def test_the_button_says_whether_anything_is_sent(sign_in: SignIn) -> None:
    make_endpoint(slug="shop", base_url="https://api.shop.example/v1")
    page = sign_in(Role.SUPPORT)
    page.goto("/tickets/new/")
    button = page.locator("[data-enter]")
    expect(button).to_have_text("File, nothing is sent")

    page.select_option("[name=endpoint]", "shop")
    expect(button).to_have_text("Submit and probe")
    page.select_option("[name=endpoint]", "")
    expect(button).to_have_text("File, nothing is sent")

    paste(page, "Base URL: https://api.shop.example/v1")
    expect(page.locator("[name=endpoint]")).to_have_value("shop")
    expect(button).to_have_text("Submit and probe")
