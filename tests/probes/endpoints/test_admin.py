"""An admin registers endpoints; the key goes in and never comes out."""

import pytest
from django.forms import model_to_dict

from probes.endpoints.actions import open_probe_key
from probes.endpoints.admin import EndpointForm
from probes.endpoints.models import Endpoint
from tests.probes.runs.builders import PROBE_KEY, make_endpoint
from tests.triage.people.builders import client_of
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
NEW_KEY = "sk-" + "n3wKey" * 6


def address(endpoint: Endpoint) -> str:
    return f"/admin/probes/endpoint/{endpoint.pk}/change/"


def answers(endpoint: Endpoint, **changed: str) -> dict[str, object]:
    kept = model_to_dict(endpoint, exclude=["id", "allow_addresses", "extra_protocols", "paused", "is_lab"])
    return kept | {"allow_addresses": "", "extra_protocols": "", "new_key": ""} | changed


def test_the_page_of_an_endpoint_shows_its_key_masked_only():
    endpoint = make_endpoint()

    page = client_of(Role.ADMIN).get(address(endpoint)).content.decode()

    assert endpoint.probe_key.hint in page
    assert PROBE_KEY not in page


def test_a_new_key_replaces_the_old_one():
    endpoint = make_endpoint()

    answer = client_of(Role.ADMIN).post(address(endpoint), answers(endpoint, new_key=NEW_KEY))

    assert answer.status_code == 302
    assert open_probe_key(endpoint) == NEW_KEY


def test_an_empty_key_field_keeps_the_key():
    endpoint = make_endpoint()

    client_of(Role.ADMIN).post(address(endpoint), answers(endpoint, name="Renamed"))

    endpoint.refresh_from_db()
    assert (endpoint.name, open_probe_key(endpoint)) == ("Renamed", PROBE_KEY)


@pytest.mark.parametrize(
    ("field", "answer", "says"),
    [
        ("new_key", "two words", "one line of printable ASCII"),
        ("new_key", "sk-7chr", "at least 8 characters"),
        ("base_url", "https://api.example.com/v1/chat/completions", "Leave out /chat/completions"),
        ("base_url", "https://api.example.com/v1/messages", "https://api.example.com/v1."),
        ("base_url", "https://api.example.com/v1/responses/", "Leave out /responses"),
        ("base_url", "http://api.example.com/v1", "uses http"),
        ("task_path", "/videos", "must contain {task_id}"),
        ("task_path", "videos/{task_id}", "Begin with one /"),
        ("task_path", "//example.com/{task_id}", "Begin with one /"),
        ("task_path", "https://example.com/{task_id}", "Begin with one /"),
        ("task_path", "/{task_id}/{task_id}", "once, and no other braces"),
        ("task_path", "/{kind}/{task_id}", "once, and no other braces"),
        ("first_byte_s", "121", "Not longer than the total deadline of 120 s"),
        ("idle_s", "121", "Not longer than the total deadline of 120 s"),
        ("total_s", "0", "greater than or equal to"),
        ("total_s", "nan", "Enter a number"),
        ("allow_addresses", "127.0.0.1:8801\nanywhere", "is not an exception"),
        ("extra_protocols", "anthropic\ngrpc", "does not speak grpc"),
        ("currency", "12", "three letters"),
    ],
)
def test_a_wrong_setting_gets_its_own_words_and_changes_nothing(field, answer, says):
    endpoint = make_endpoint()

    page = client_of(Role.ADMIN).post(address(endpoint), answers(endpoint, name="Renamed") | {field: answer})

    endpoint.refresh_from_db()
    assert page.status_code == 200
    assert says in page.content.decode()
    assert (endpoint.name, open_probe_key(endpoint)) == ("", PROBE_KEY)


def test_a_refused_key_is_not_echoed():
    endpoint = make_endpoint()

    page = client_of(Role.ADMIN).post(address(endpoint), answers(endpoint, new_key=NEW_KEY + " x"))

    assert NEW_KEY not in page.content.decode()


def test_exceptions_and_protocols_are_written_one_a_line():
    endpoint, client = make_endpoint(), client_of(Role.ADMIN)
    given = {"allow_addresses": "127.0.0.1:8801\r\n\r\n localhost:8802 ", "extra_protocols": "anthropic"}

    answer = client.post(address(endpoint), answers(endpoint, **given))

    endpoint.refresh_from_db()
    assert answer.status_code == 302
    assert endpoint.allow_addresses == ["127.0.0.1:8801", "localhost:8802"]
    assert endpoint.extra_protocols == ["anthropic"]
    assert "127.0.0.1:8801\nlocalhost:8802" in client.get(address(endpoint)).content.decode()


def test_a_budget_below_one_probe_is_kept_with_a_warning():
    endpoint = make_endpoint()

    page = client_of(Role.ADMIN).post(
        address(endpoint), answers(endpoint, daily_budget="0.0001", name="Renamed"), follow=True
    )

    endpoint.refresh_from_db()
    assert "every probe will be refused" in page.content.decode()
    assert endpoint.name == "Renamed"


def test_every_setting_explains_itself():
    form = EndpointForm()

    assert [name for name, field in form.fields.items() if not field.help_text] == []
