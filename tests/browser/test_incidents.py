"""An engineer meets an incident where it matters, notes what is known, and closes it by keyboard."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.test_pages import complaints_of, english, too_wide_for_a_phone  # noqa: F401 - a fixture
from tests.probes.runs.builders import make_endpoint
from tests.triage.tickets.builders import make_investigation
from triage.incidents.actions.open_incident import open_incident
from triage.tickets.models import Investigation

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_from_the_form_to_the_incident_and_its_end(english):  # noqa: F811
    shop = make_endpoint(slug="shop", name="The shop")
    incident = open_incident(
        endpoint_id=shop.pk, code="upstream.overloaded", model="glm-4-" + "x" * 60, now=timezone.now()
    )
    part = make_investigation(endpoint=shop, account_ref="acme-" + "y" * 60)
    Investigation.objects.filter(pk=part.pk).update(incident=incident)
    heard = complaints_of(english)

    english.goto("/tickets/new/")
    english.select_option("[name=endpoint]", "shop")
    english.click(f"#of-endpoint >> text={incident.ref}")
    english.fill("[name=note]", "Channel 7 is being switched.")
    english.click("text=Save the note")
    expect(english.locator(".verdict")).to_contain_text("Channel 7 is being switched.")

    addresses = ["/incidents/", "/incidents/new/", incident.get_absolute_url()]
    assert too_wide_for_a_phone(english, [*addresses, part.ticket.get_absolute_url(), "/"]) == []

    english.goto("/")
    english.click("button:text-is('English')")
    english.goto(incident.get_absolute_url())
    english.locator("#close summary").focus()
    for key in ("Enter", "Tab", "Enter"):
        english.keyboard.press(key)
    expect(english.locator(".verdict .chip.good")).to_have_text("closed")
    assert heard == []
