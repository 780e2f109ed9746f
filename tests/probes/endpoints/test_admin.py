"""An admin registers endpoints; the key goes in and never comes out."""

from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.forms import model_to_dict

from probes.endpoints.actions import open_probe_key
from probes.endpoints.admin import EndpointForm
from probes.endpoints.models import Endpoint
from probes.redaction.models import Catch
from tests.probes.runs.builders import PROBE_KEY, make_endpoint
from tests.triage.people.builders import client_of
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
NEW_KEY = "sk-" + "n3wKey" * 6


def address(endpoint: Endpoint) -> str:
    return f"/admin/probes/endpoint/{endpoint.pk}/change/"


LISTS = ("allow_addresses", "extra_protocols", "task_fields")
NO_ROUTES = {"routes-TOTAL_FORMS": 0, "routes-INITIAL_FORMS": 0}


def answers(endpoint: Endpoint, **changed: str) -> dict[str, object]:
    kept = model_to_dict(endpoint, exclude=["id", "paused", "is_lab", *LISTS])
    return kept | dict.fromkeys(LISTS, "") | {"new_key": ""} | NO_ROUTES | changed


def a_route(**changed: str) -> dict[str, object]:
    given = {
        "slug": "inner",
        "place": "behind_edge",
        "base_url": "https://inner.shop.example/v1",
        "allow_addresses": "",
    }
    named = {f"routes-0-{name}": value for name, value in (given | changed).items()}
    return NO_ROUTES | {"routes-TOTAL_FORMS": 1} | named


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
        ("task_fields", "status data.state", "Write a name, =, and where it stands"),
        ("task_fields", "colour = data.state", "There is no colour to read"),
        ("task_fields", "status = data..state", "is no place"),
        ("balance_path", "user/balance", "Begin with one /"),
        ("websocket_path", "wss://api.example.com/realtime", "Begin with one /"),
        ("websocket_path", "/real time", "Percent-encode spaces"),
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


def test_places_in_a_tasks_answer_are_written_one_a_line():
    endpoint, client = make_endpoint(), client_of(Role.ADMIN)

    answer = client.post(
        address(endpoint), answers(endpoint, task_fields="status = data.state\r\nstatus=state\r\nerror=why")
    )

    endpoint.refresh_from_db()
    assert answer.status_code == 302
    assert endpoint.task_fields == {"status": ["data.state", "state"], "error": ["why"]}
    page = client.get(address(endpoint)).content.decode()
    assert "status = data.state\nstatus = state" in page
    assert "error = why" in page


def test_a_second_route_is_registered_beside_its_endpoint():
    endpoint = make_endpoint()

    answer = client_of(Role.ADMIN).post(address(endpoint), answers(endpoint) | a_route())

    route = endpoint.routes.get()
    assert answer.status_code == 302
    assert (route.slug, route.place, route.destination().base_url) == (
        "inner",
        "behind_edge",
        "https://inner.shop.example/v1",
    )


def test_a_key_goes_to_no_further_machine_unless_it_is_entered_again():
    endpoint, client = make_endpoint(), client_of(Role.ADMIN)

    page = client.post(address(endpoint), answers(endpoint) | a_route(), follow=True).content.decode()

    assert "the probe key was dropped" in page
    assert open_probe_key(endpoint) == ""


@pytest.mark.parametrize(
    ("new_key", "route", "kept"),
    [
        (NEW_KEY, {}, NEW_KEY),
        ("", {"base_url": "https://api.shop.example/inner/v1"}, PROBE_KEY),  # the same machine
    ],
)
def test_a_route_may_have_the_key_that_was_meant_for_it(new_key, route, kept):
    endpoint = make_endpoint()

    client_of(Role.ADMIN).post(address(endpoint), answers(endpoint, new_key=new_key) | a_route(**route))

    assert endpoint.routes.exists()
    assert open_probe_key(endpoint) == kept


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"base_url": "http://inner.shop.example/v1"}, "uses http"),
        ({"base_url": "https://169.254.169.254/v1"}, "169.254.169.254"),
        ({"base_url": "https://inner.shop.example/v1/messages"}, "Leave out /messages"),
        ({"base_url": "https://api.shop.example/v1"}, "own base URL"),
        ({"allow_addresses": "anywhere"}, "is not an exception"),
    ],
)
def test_a_route_obeys_the_rules_of_its_endpoint(changed, says):
    endpoint = make_endpoint()

    page = client_of(Role.ADMIN).post(address(endpoint), answers(endpoint) | a_route(**changed))

    assert (page.status_code, endpoint.routes.count()) == (200, 0)
    assert says in unescape(page.content.decode())


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ENGINEER])
def test_only_an_admin_registers_routes(role):
    endpoint = make_endpoint()

    client_of(role).post(address(endpoint), answers(endpoint) | a_route())

    assert not endpoint.routes.exists()


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

    silent = [name for name, field in form.fields.items() if not field.help_text]
    assert silent == []


@pytest.mark.parametrize(
    ("base_url", "is_kept"),
    [
        ("https://api.shop.example/v2", True),
        ("https://api.shop.example:443/v1", True),
        ("https://api.shop.example:8443/v1", False),
        ("https://api.elsewhere.example/v1", False),
    ],
)
def test_a_key_never_goes_to_a_new_host(base_url, is_kept):
    endpoint = make_endpoint()

    page = client_of(Role.ADMIN, language="en").post(
        address(endpoint), answers(endpoint, base_url=base_url), follow=True
    )

    assert bool(open_probe_key(endpoint)) is is_kept
    assert ("the probe key was dropped" in page.content.decode()) is not is_kept


def test_a_moved_endpoint_takes_the_key_that_comes_with_it():
    endpoint = make_endpoint()

    client_of(Role.ADMIN).post(
        address(endpoint), answers(endpoint, base_url="https://elsewhere.example/v1", new_key=NEW_KEY)
    )

    assert open_probe_key(endpoint) == NEW_KEY


PASTED = "sk-proj-" + "a1B2c3D4" * 6


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", f"Shop {PASTED}"),
        ("prompt", f"Say hello to {PASTED}"),
        ("probe_model", PASTED),
        ("base_url", f"https://user:{PASTED}@api.shop.example/v1"),
        ("balance_path", f"/balance?key={PASTED}"),
        ("allow_addresses", f"127.0.0.1:8801\n{PASTED}"),
    ],
)
def test_a_key_in_the_wrong_field_is_masked_before_it_is_read_and_comes_back_to_be_checked(field, typed):
    endpoint = make_endpoint()
    before = model_to_dict(endpoint)

    page = client_of(Role.ADMIN).post(address(endpoint), answers(endpoint) | {field: typed}).content.decode()

    endpoint.refresh_from_db()
    assert "Something sensitive was masked here" in page
    assert PASTED[8:30] not in page
    assert model_to_dict(endpoint) == before


def test_the_masked_text_is_taken_when_it_is_sent_again_and_nothing_kept_of_the_key():
    endpoint, client = make_endpoint(), client_of(Role.ADMIN)
    client.post(address(endpoint), answers(endpoint, name=f"Shop {PASTED}"))

    client.post(address(endpoint), answers(endpoint, name=f"Shop sk-proj-…{PASTED[-4:]}"))

    endpoint.refresh_from_db()
    assert endpoint.name == f"Shop sk-proj-…{PASTED[-4:]}"
    assert PASTED[8:30] not in str(list(LogEntry.objects.values()))
    assert list(Catch.objects.values_list("channel", "field", "count")) == [("admin", "name", 1)]


def test_a_key_in_the_address_of_a_route_is_masked():
    endpoint, route = make_endpoint(), a_route(base_url=f"https://inner.shop.example/v1?key={PASTED}")

    page = client_of(Role.ADMIN).post(address(endpoint), answers(endpoint) | route).content.decode()

    assert "Something sensitive was masked here" in page
    assert PASTED[8:30] not in page
