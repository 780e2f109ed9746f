"""Two tickets about one key find each other, and neither holds the key."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.conf import settings

from probes.redaction.engine import builtin_redactor
from probes.redaction.masking import key_fingerprint
from tests.triage.people.builders import client_of
from triage.charges.masking import Masker
from triage.charges.models import Charge, ChargeImport, LedgerSource
from triage.tickets.actions.submit_ticket import submit_ticket
from triage.tickets.models import Ticket
from triage.tickets.redactors import field_redactors
from triage.tickets.same_key import keys_seen

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
KEY = "sk-" + "a1B2c3D4" * 6
OTHER_KEY = "sk-" + "z9Y8x7W6" * 6


def file(**typed: str) -> Ticket:
    redactors = field_redactors()
    return submit_ticket(
        fields_typed=typed, author=None, now=NOW, enqueue=lambda _: None, **redactors._asdict()
    )


def charge_of(account: str) -> Charge:
    source = LedgerSource.objects.create(slug="shop")
    batch = ChargeImport.objects.create(
        source=source, at=NOW, file_name="x.csv", encoding="utf-8", separator=","
    )
    return Charge.objects.create(
        source=source,
        batch=batch,
        row_number=1,
        charge_id="c1",
        account=account,
        amount=Decimal(1),
        currency="USD",
        occurred_at=NOW,
    )


def test_a_ticket_names_the_others_about_its_key():
    first = file(notes=f"客户的密钥是{KEY}")
    file(notes=f"key {OTHER_KEY}")
    second = file(error_text=f"Authorization: Bearer {KEY}")

    (seen,) = keys_seen(second)

    assert (seen.shown, seen.tickets, seen.charges) == (f"sk-…{KEY[-4:]}", [first], 0)
    assert [key.tickets for key in keys_seen(first)] == [[second]]


def test_the_page_links_to_the_other_ticket():
    first, second = file(notes=f"key {KEY}"), file(error_text=f"401 {KEY}")

    page = client_of().get(second.get_absolute_url()).content.decode()

    assert "this key also appears in" in page
    assert f'href="{first.get_absolute_url()}"' in page


def test_a_key_mentioned_twice_in_one_ticket_is_no_news():
    assert keys_seen(file(notes=f"key {KEY}", error_text=f"key {KEY}")) == []


def test_a_ticket_without_a_key_asks_nothing(django_assert_num_queries):
    ticket = file(notes="mail a@shop.example, password: hunter2!x")

    with django_assert_num_queries(0):
        assert keys_seen(ticket) == []


def test_a_ledger_that_has_the_key_as_account_is_named():
    masker = Masker(builtin_redactor(), settings.REDACTION_PEPPER)
    charge_of(masker.name(KEY))

    (seen,) = keys_seen(file(notes=f"key {KEY}"))

    assert (seen.tickets, seen.charges) == ([], 1)


def test_while_the_pepper_is_rotated_older_tickets_are_still_found(settings):
    first = file(notes=f"key {KEY}")
    settings.REDACTION_PEPPER_FALLBACKS = [settings.REDACTION_PEPPER]
    settings.REDACTION_PEPPER = "a new pepper"
    second = file(notes=f"key {KEY}")

    assert [key.tickets for key in keys_seen(second)] == [[first]]
    assert [key.tickets for key in keys_seen(first)] == [[second]]
    assert second.masked[0]["fingerprints"][0] == key_fingerprint(KEY, pepper=b"a new pepper")


def test_after_a_rotation_at_once_nothing_links_old_and_new(settings):
    file(notes=f"key {KEY}")
    settings.REDACTION_PEPPER = "a new pepper"

    assert keys_seen(file(notes=f"key {KEY}")) == []
