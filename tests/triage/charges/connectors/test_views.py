"""An admin's pages of a connector and of push tokens: works, who is refused, what is missing, bad input."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.triage.charges.connectors.setups import admin, at, connector_to
from tests.triage.charges.connectors.systems import TOKEN, NewApi, log_entry, running
from triage.charges.connectors.models import LedgerConnector, LedgerToken
from triage.charges.models import Charge, LedgerSource
from triage.people.models import AuditEntry, Member
from triage.people.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/charges/sources/gw/connector/"
TOKENS = "/charges/sources/gw/tokens/"
ONE_API = {
    "kind": "one_api",
    "base_url": "https://gateway.example.com",
    "token": TOKEN,
    "user_id": "1",
    "enabled": "on",
    "every_minutes": "15",
    "days_back": "7",
    "overlap_minutes": "10",
}
JSON = ONE_API | {
    "kind": "json",
    "path": "/v1/charges",
    "mapping": "charge_id = no\ncurrency = =USD",
    "paging": "page",
    "page_param": "page",
    "first_page": "1",
    "size": "100",
    "time_form": "iso",
}


@pytest.fixture
def source() -> LedgerSource:
    return LedgerSource.objects.create(slug="gw")


@pytest.fixture
def client(source: LedgerSource) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(admin())
    return client


def test_without_a_connector_a_kind_is_chosen_first(client: Client) -> None:
    page = client.get(PAGE)

    assert page.status_code == 200
    assert "Which system is it?" in page.content.decode()


@pytest.mark.parametrize("kind", ["one_api", "litellm", "json"])
def test_every_kind_has_its_form(client: Client, kind: str) -> None:
    page = client.get(PAGE, {"kind": kind})

    assert page.status_code == 200 and f'value="{kind}"' in page.content.decode()


def test_saving_seals_the_token_and_tells_the_trail(client: Client) -> None:
    assert client.post(PAGE, ONE_API).status_code == 302

    stored = LedgerConnector.objects.get()
    assert stored.enabled and stored.settings["user_id"] == "1" and stored.token_hint.endswith(TOKEN[-4:])
    assert TOKEN.encode() not in bytes(stored.ciphertext)
    entry = AuditEntry.objects.get(action="ledger.connector_saved")
    assert entry.detail["token"] == "set" and TOKEN not in str(entry.detail)
    page = client.get(PAGE).content.decode()
    assert TOKEN not in page and stored.token_hint in page


def test_a_json_endpoint_keeps_its_columns(client: Client) -> None:
    client.post(PAGE, JSON)

    stored = LedgerConnector.objects.get().settings
    assert stored["mapping"] == {"charge_id": "no", "currency": "=USD"}
    assert "charge_id = no" in client.get(PAGE).content.decode()


def test_a_token_is_dropped_when_the_address_leads_elsewhere(client: Client) -> None:
    client.post(PAGE, ONE_API)
    moved = ONE_API | {"base_url": "https://other.example.com", "token": ""}
    page = client.post(PAGE, moved, follow=True)

    assert not LedgerConnector.objects.get().ciphertext
    assert "the token was dropped" in page.content.decode()


def test_a_token_stays_with_its_machine(client: Client) -> None:
    client.post(PAGE, ONE_API)
    client.post(PAGE, ONE_API | {"token": "", "every_minutes": "30"})

    stored = LedgerConnector.objects.get()
    assert stored.ciphertext and stored.every_minutes == 30


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (ONE_API | {"base_url": "http://127.0.0.1:3000"}, "http"),
        (ONE_API | {"base_url": "https://u:p@gw.example.com"}, "user name"),
        (ONE_API | {"token": "two words"}, "printable ASCII"),
        (ONE_API | {"user_id": "admin"}, "Digits only"),
        (ONE_API | {"allowed_addresses": "10.0.0.5"}, "exception"),
        (JSON | {"mapping": "charge = no"}, "is no column"),
        (JSON | {"mapping": "currency = =blue"}, "is no currency"),
        (JSON | {"path": "//evil.example.com/x"}, "Begin with one /"),
        (JSON | {"paging": "cursor", "next_at": ""}, "where the cursor stands"),
        (JSON | {"from_param": "since"}, "Name both ends"),
        (JSON | {"token_header": "Host"}, "no header"),
    ],
)
def test_bad_input_is_refused_with_its_field(client: Client, wrong: dict[str, str], said: str) -> None:
    page = client.post(PAGE, wrong)

    assert page.status_code == 422 and said in page.content.decode()
    assert not LedgerConnector.objects.exists()


def test_an_unknown_kind_is_no_page(client: Client) -> None:
    assert client.get(PAGE, {"kind": "oracle"}).status_code == 404


def test_the_connection_is_tried_and_nothing_stored(client: Client) -> None:
    with running(NewApi([log_entry(1, at(0))])) as system:
        connector_to(system, "one_api", user_id="1")
        page = client.post(f"{PAGE}try/").content.decode()
        system_two = connector_to(system, "one_api", user_id="2")
        refused = client.post(f"{PAGE}try/").content.decode()

    assert "The connection works" in page
    assert "refused the token" in refused and system_two.failures == 0
    assert not Charge.objects.exists()


def test_fetch_now_rings_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[Any] = []
    monkeypatch.setattr("triage.charges.connectors.views.ring", rung.append)
    client.post(PAGE, ONE_API)
    answer = client.post(f"{PAGE}fetch/")

    assert rung == [LedgerConnector.objects.get().pk]
    assert "data-poll" in client.get(answer["Location"]).content.decode()


def test_a_paused_connector_says_why_and_what_to_do(client: Client) -> None:
    client.post(PAGE, ONE_API)
    LedgerConnector.objects.update(failures=5, last_code="denied", last_detail="401")
    page = client.get(PAGE).content.decode()

    assert "5 fetches in a row failed" in page and "refused the token" in page


def test_reading_again_forgets_how_far_it_was(client: Client) -> None:
    client.post(PAGE, ONE_API)
    LedgerConnector.objects.update(cursor={"until": "2026-03-01T00:00:00+00:00", "last": []}, failures=5)
    client.post(f"{PAGE}restart/")

    stored = LedgerConnector.objects.get()
    assert stored.read_until is None and stored.failures == 0


def test_a_connector_is_removed_and_the_ledger_stays(client: Client) -> None:
    client.post(PAGE, ONE_API)
    client.post(f"{PAGE}remove/")

    assert not LedgerConnector.objects.exists() and LedgerSource.objects.exists()
    assert AuditEntry.objects.filter(action="ledger.connector_removed").exists()


def test_a_token_is_shown_once(client: Client) -> None:
    made = client.post(TOKENS, {"name": "billing"})
    token = re.search(r"sk-led-\w{43}", made.content.decode())

    assert token and "no-store" in made["Cache-Control"]
    assert token[0] not in client.get(TOKENS).content.decode()
    assert AuditEntry.objects.get(action="ledger.token_made").subject == "gw"


def test_a_secret_in_the_name_of_a_token_is_masked(client: Client) -> None:
    secret = "sk-" + "a1B2" * 12
    client.post(TOKENS, {"name": secret})

    assert secret not in LedgerToken.objects.get().name


def test_a_token_is_revoked_once(client: Client) -> None:
    client.post(TOKENS, {"name": "billing"})
    for _ in range(2):
        client.post(f"{TOKENS}{LedgerToken.objects.get().pk}/revoke/")

    assert LedgerToken.objects.get().revoked_at
    assert AuditEntry.objects.filter(action="ledger.token_revoked").count() == 1


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}state/", TOKENS])
def test_only_admins_come_in(source: LedgerSource, path: str) -> None:
    engineer = User.objects.create(username="eng")
    Member.objects.create(user=engineer, role=Role.ENGINEER)
    client = Client()
    assert client.get(path).status_code == 302
    client.force_login(engineer)

    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", ["connector/", "connector/state/", "tokens/"])
def test_a_ledger_that_is_not_there_is_no_page(client: Client, path: str) -> None:
    assert client.get(f"/charges/sources/none/{path}").status_code == 404
