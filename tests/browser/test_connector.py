"""An admin sets a connector up in the browser, a worker fetches, and the charges are in the ledger."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.acting import SignIn
from tests.triage.charges.connectors.systems import TOKEN, NewApi, log_entry, running
from triage.charges.models import Charge, LedgerSource
from triage.people.roles import Role


def test_a_ledger_is_fetched_from_a_gateway(sign_in: SignIn) -> None:
    LedgerSource.objects.create(slug="gw")
    entries = [log_entry(n, timezone.now() - timedelta(minutes=n + 2)) for n in range(1, 121)]
    with running(NewApi(entries)) as gateway:
        page = sign_in(Role.ADMIN)
        page.goto("/charges/sources/gw/")
        page.get_by_role("link", name="Set up a connector").click()
        page.get_by_role("link", name="one-api / new-api").click()
        page.fill("[name=base_url]", gateway.url)
        page.fill("[name=allowed_addresses]", gateway.entry)
        page.fill("[name=token]", TOKEN)
        page.fill("[name=user_id]", "1")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Test the connection").click()
        expect(page.locator("#tried-title")).to_contain_text("The connection works")
        page.get_by_role("button", name="Fetch now").click()
        expect(page.locator("#connector-state")).to_contain_text("Read to the end")

    assert Charge.objects.count() == 120
    assert {asked.method for asked in gateway.asked} == {"GET"}


def test_a_token_made_in_the_browser_pushes_a_row(sign_in: SignIn) -> None:
    LedgerSource.objects.create(slug="gw")
    page = sign_in(Role.ADMIN)
    page.goto("/charges/sources/gw/tokens/")
    page.fill("[name=name]", "billing-prod")
    page.get_by_role("button", name="Make a token").click()
    token = page.locator("#new-token").inner_text()

    answer = page.request.post(
        "/api/v1/charges",
        headers={"Authorization": f"Bearer {token}"},
        data={
            "charges": [
                {
                    "charge_id": "c1",
                    "account": "u1",
                    "amount": "0.90",
                    "currency": "USD",
                    "occurred_at": "2026-03-01T09:00:00+08:00",
                }
            ]
        },
    )

    assert (answer.status, answer.json()["new"]) == (200, 1)
    page.goto("/charges/sources/gw/tokens/")
    expect(page.locator("#new-token")).to_have_count(0)
