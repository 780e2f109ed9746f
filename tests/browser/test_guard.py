"""The browser's guard on the form: it names kind and place, masks on request, asks once, never blocks."""

import pytest
from playwright.sync_api import Page, expect

from probes.redaction.models import Catch, RedactionRule
from tests.browser.acting import A_TICKET, SignIn
from triage.people.roles import Role
from triage.tickets.models import Ticket

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
KEY = "sk-proj-" + "a1B2" * 12
TEXT = f"401 Incorrect API key provided: {KEY}"
MASKED = "401 Incorrect API key provided: sk-proj-…a1B2"


@pytest.fixture
def form(sign_in: SignIn) -> Page:
    page = sign_in(Role.SUPPORT)
    page.goto("/tickets/new/")
    return page


def paste(page: Page, field: str, text: str) -> None:
    """As Ctrl-V does: the field has the focus, and the text comes as one change."""
    page.focus(f"[name={field}]")
    page.keyboard.insert_text(text)


def test_a_pasted_key_is_named_by_kind_and_place_before_any_request(form: Page) -> None:
    sent: list[str] = []
    form.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))

    paste(form, "error_text", TEXT)

    panel = form.locator("#guard-id_error_text")
    expect(panel).to_contain_text("key (openai project key), characters 33 to 88")
    expect(panel).to_contain_text("revoke")
    expect(form.locator("#guard-said")).to_contain_text("Error text: this looks like a secret")
    assert KEY not in form.locator("main").inner_html()
    assert not any(KEY in one for one in sent)
    assert form.evaluate("document.activeElement.name") == "error_text"


def test_mask_it_for_me_writes_what_the_server_would(form: Page) -> None:
    paste(form, "error_text", TEXT)

    form.get_by_role("button", name="Mask it for me").click()

    assert form.input_value("[name=error_text]") == MASKED
    expect(form.locator("#guard-id_error_text")).to_have_count(0)
    assert form.evaluate("document.activeElement.name") == "error_text"


def test_sending_a_secret_is_asked_about_once_and_then_goes_through(form: Page) -> None:
    paste(form, "notes", TEXT)
    form.locator("[data-enter]").click()
    expect(form.get_by_role("alertdialog")).to_contain_text("Notes")

    form.locator("[data-enter]").click()

    form.wait_for_url(A_TICKET)
    assert Ticket.objects.get().notes == MASKED


def test_mask_all_and_send_sends_no_secret(form: Page) -> None:
    sent: list[str] = []
    form.on("request", lambda request: sent.append(request.post_data or ""))
    paste(form, "notes", TEXT)
    paste(form, "key_hint", KEY)
    form.locator("[data-enter]").click()

    form.get_by_role("button", name="Mask all and send").click()

    form.wait_for_url(A_TICKET)
    ticket = Ticket.objects.get()
    assert ticket.key_hint == "sk-proj-…a1B2"
    assert sorted(spot["field"] for spot in ticket.masked) == ["key_hint", "notes"]
    expect(form.locator("#masked")).to_contain_text("revoke")
    assert not any(KEY[8:] in one for one in sent)


def test_a_changed_choice_carries_nothing_unmasked(form: Page) -> None:
    sent: list[str] = []
    form.on("request", lambda request: sent.append(request.post_data or ""))
    paste(form, "key_hint", KEY)

    with form.expect_response("**/details/"):
        form.select_option("[name=symptom]", index=2)

    assert any("key_hint" in one for one in sent)
    assert not any(KEY[8:] in one for one in sent)


def test_nothing_is_read_while_an_input_method_composes(form: Page) -> None:
    session = form.context.new_cdp_session(form)
    form.focus("[name=notes]")

    session.send("Input.imeSetComposition", {"text": TEXT, "selectionStart": 0, "selectionEnd": 0})
    form.wait_for_timeout(600)  # more than typing waits for: nothing must come
    expect(form.locator("#guard-id_notes")).to_have_count(0)
    session.send("Input.insertText", {"text": TEXT})

    expect(form.locator("#guard-id_notes")).to_be_visible()


def test_a_rule_of_the_admins_binds_without_a_restart_and_only_in_its_fields(sign_in: SignIn) -> None:
    RedactionRule.objects.create(
        name="staff",
        kind="staff_number",
        pattern=r"\bEMP-\d{6}\b",
        only_in=["notes"],
        positive_samples="EMP-123456",
    )
    page = sign_in(Role.SUPPORT)
    page.goto("/tickets/new/")

    paste(page, "notes", "asked by EMP-123456")
    paste(page, "error_text", f"EMP-123456 {KEY}")

    expect(page.locator("#guard-id_notes")).to_contain_text("staff number")
    expect(page.locator("#guard-id_error_text")).not_to_contain_text("staff number")


def test_a_pattern_that_backtracks_for_ever_stops_neither_the_page_nor_the_guard(sign_in: SignIn) -> None:
    RedactionRule.objects.create(
        name="slow", kind="slow_one", pattern=r"(?:a+)+(?:a+)+b!", positive_samples="aab!"
    )
    page = sign_in(Role.SUPPORT)
    page.goto("/tickets/new/")

    paste(page, "notes", f"{'a' * 200} b! {KEY}")

    expect(page.locator("#guard-id_notes")).to_contain_text("openai project key")
    page.get_by_role("button", name="Mask it for me").click()
    assert KEY not in page.input_value("[name=notes]")


def test_harmless_ids_raise_no_alarm(form: Page) -> None:
    paste(form, "request_ids", "req_011CQ5hJ2hXJ2vXJ2vXJ2vXJ, sk-…a1b2, 3692148457303155290")
    paste(form, "notes", TEXT)

    expect(form.locator("#guard-id_notes")).to_be_visible()
    expect(form.locator("#guard-id_request_ids")).to_have_count(0)


def test_what_was_masked_here_is_counted_for_the_meter_without_its_value(form: Page) -> None:
    sent: list[str] = []
    form.on("request", lambda request: sent.append(request.post_data or ""))
    paste(form, "notes", f"{TEXT} and again {KEY}")
    paste(form, "key_hint", KEY)
    form.locator("[data-enter]").click()

    with form.expect_response("**/guard-counts/") as answer:
        form.get_by_role("button", name="Mask all and send").click()

    assert answer.value.status == 204
    form.wait_for_url(A_TICKET)
    counts = Catch.objects.values_list("channel", "field", "kind", "rule", "count")
    assert sorted(counts) == [
        ("browser", "key_hint", "openai_project_key", "openai_project_key", 1),
        ("browser", "notes", "openai_project_key", "openai_project_key", 2),
    ]
    assert not any(KEY[8:] in one for one in sent)


def test_the_engine_is_there_before_the_first_paste(sign_in: SignIn) -> None:
    page = sign_in(Role.SUPPORT)
    with page.expect_worker() as engine:
        page.goto("/tickets/new/")  # and nothing is touched

    paste(page, "error_text", TEXT)

    expect(page.locator("#guard-id_error_text")).to_be_visible()
    assert len(page.workers) == 1
    assert "guard-engine" in engine.value.url


def test_a_search_box_costs_nothing_before_it_is_used(sign_in: SignIn) -> None:
    page = sign_in(Role.SUPPORT)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert not page.workers

    with page.expect_worker():
        page.focus("[name=q]")
