"""Two admins and a rule, in Chromium: drafted, tried, refused to its author, published, and in force."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from probes.lab.server import Lab
from tests.browser.acting import A_TICKET, file_ticket, verdict_of
from tests.browser.test_pages import complaints_of, english, too_wide_for_a_phone  # noqa: F401 - a fixture
from tests.journeys.desk import lab_endpoint
from tests.supervision.worker import Worker
from tests.triage.rules.builders import CONTENT, admin, make_draft, make_rule, published, submitted, tried
from triage.people.models import AuditEntry
from triage.people.roles import Role
from triage.rules.models import RuleDraft
from triage.tickets.models import Ticket

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def draft_rule(page: Page) -> None:
    """Written by keyboard and mouse, as an admin does."""
    page.goto("/rules/")
    page.get_by_role("link", name="New rule").first.click()
    page.fill("[name=rule_name]", "acme-token")
    page.fill("[name=kind]", "acme_token")
    page.fill("[name=pattern]", "ACME-(?=[A-Z])")
    expect(page.locator("#pattern-problem mark")).to_have_text("(?=")
    page.fill("[name=pattern]", CONTENT["pattern"])
    expect(page.locator("#pattern-problem")).to_contain_text("compiles")
    page.fill("[name=positive_samples]", CONTENT["positive_samples"])
    page.fill("[name=negative_samples]", CONTENT["negative_samples"])
    page.fill("[name=note]", "tokens of our own gateway")
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url("**/rules/drafts/*/")


def file_all_the_same(page: Page, notes: str) -> None:
    """The browser's guard knows the new rule too and asks first."""
    page.goto("/tickets/new/")
    page.select_option("[name=endpoint]", "lab")
    page.fill("[name=model]", "ok")
    page.fill("[name=notes]", notes)
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Send as it is").click()
    page.wait_for_url(A_TICKET)


def test_a_rule_needs_two_admins_and_then_masks_the_next_ticket(sign_in, worker: Worker, lab: Lab):
    lab_endpoint(lab)
    ann, bob, support = sign_in(Role.ADMIN), sign_in(Role.ADMIN), sign_in(Role.SUPPORT)
    file_ticket(support, model="ok", notes="before: ACME-EARLIER1")

    draft_rule(ann)
    address = ann.url
    ann.fill("#bench-input", "the customer uses ACME-BENCH0001")
    ann.get_by_role("button", name="Try it on this text").click()
    expect(ann.locator("#bench-text mark.mine")).to_have_text("[acme_token]")
    ann.get_by_role("button", name="Make a dry run").click()
    expect(ann.locator("#dry-run")).to_contain_text("before: [acme_token]")
    ann.check("#confirmed")
    ann.get_by_role("button", name="Submit to a second admin").click()
    expect(ann.locator("#decision")).to_contain_text("You wrote it, so you cannot publish it.")
    expect(ann.get_by_role("button", name="Publish", exact=True)).to_have_count(0)

    bob.goto("/rules/")
    bob.get_by_role("link", name="acme-token").click()
    assert bob.url == address
    bob.get_by_role("button", name="Publish", exact=True).click()
    expect(bob.locator(".note.good").first).to_contain_text("Published by")

    file_all_the_same(support, "after: ACME-SECRET77")
    verdict_of(support)
    assert "ACME-SECRET77" not in support.content()
    assert Ticket.objects.latest("pk").notes == "after: [acme_token]"
    kept = [*RuleDraft.objects.values(), *AuditEntry.objects.values(), *Session.objects.values()]
    assert "ACME-BENCH0001" not in str(kept)


def test_the_workshop_keeps_the_content_policy_and_fits_a_phone(english):  # noqa: F811
    ann, bob = admin("ann"), admin("bob")
    version = published(make_draft(ann, pattern=r"\bACME-[A-Z0-9]{6,}" + r"[A-Z]?" * 60), bob)
    waiting = submitted(make_draft(ann, order=7))
    mine = tried(make_draft(ann, name="other-token"))
    make_rule("third-token")
    pages = [
        *("/rules/", "/rules/?show=builtin", "/rules/new/", "/rules/bench/", "/rules/versions/"),
        *("/rules/trail/", "/rules/rule/acme-token/", "/rules/rule/acme-token/change/"),
        *("/rules/builtin/private_key/", f"/rules/versions/{version.number}/"),
        *(f"/rules/drafts/{waiting.pk}/", f"/rules/drafts/{mine.pk}/"),
    ]
    heard = complaints_of(english)

    assert (too_wide_for_a_phone(english, pages), heard) == ([], [])
