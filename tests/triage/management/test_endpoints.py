"""The registry without a browser."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from probes.endpoints.actions import open_probe_key
from probes.endpoints.models import Endpoint, ProbeKey
from probes.endpoints.vault import new_kek
from probes.runs.models import Halt

pytestmark = pytest.mark.django_db
KEY = "sk-" + "pR0be" * 9


def endpoints(*arguments: str) -> str:
    out = io.StringIO()
    call_command("endpoints", *arguments, stdout=out)
    return out.getvalue()


def add(**options: str) -> str:
    given = {
        "slug": "shop",
        "base_url": "https://api.shop.example/v1",
        "protocol": "openai_chat",
        "model": "gpt-4o-mini",
    }
    pairs = [(f"--{name.replace('_', '-')}", value) for name, value in (given | options).items()]
    return endpoints("add", *[part for pair in pairs for part in pair])


def test_an_added_endpoint_is_listed():
    add()

    row = json.loads(endpoints("list", "--json"))
    assert (row["slug"], row["base_url"], row["model"]) == (
        "shop",
        "https://api.shop.example/v1",
        "gpt-4o-mini",
    )


def test_a_key_is_sealed_and_only_its_hint_is_shown(monkeypatch):
    monkeypatch.setenv("SHOP_KEY", KEY)

    add(key_env="SHOP_KEY")

    assert open_probe_key(Endpoint.objects.get()) == KEY
    assert KEY.encode() not in bytes(ProbeKey.objects.get().ciphertext)
    assert json.loads(endpoints("list", "--json"))["key"] == f"sk-…{KEY[-4:]}"


def test_adding_again_changes_what_is_named_and_keeps_the_key(monkeypatch):
    monkeypatch.setenv("SHOP_KEY", KEY)
    add(key_env="SHOP_KEY", idle_s="5", name="The shop")

    add(model="glm-4")

    endpoint = Endpoint.objects.get()
    assert (endpoint.probe_model, endpoint.idle_s, endpoint.name) == ("glm-4", 5, "The shop")
    assert open_probe_key(endpoint) == KEY


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"key_env": "NOT_SET_ANYWHERE"}, "NOT_SET_ANYWHERE"),
        ({"base_url": "http://api.shop.example/v1"}, "base_url"),
        ({"base_url": "https://user:pw@api.shop.example/v1"}, "--base-url holds .*url_password"),
        ({"base_url": "https://169.254.169.254/v1"}, "base_url"),
        ({"slug": "no spaces"}, "slug"),
        ({"allow_address": "127.0.0.1"}, "allow_addresses"),
        ({"allow_address": "169.254.169.254:80"}, "allow_addresses"),
        ({"task_path": "/videos"}, "task_path"),
        ({"task_path": "/my videos/{task_id}"}, "task_path"),
        ({"task_path": "videos/{task_id}"}, "task_path"),
        ({"base_url": "https://api.shop.example/v1/chat/completions"}, "base_url"),
        ({"first_byte_s": "30", "total_s": "20"}, "first_byte_s"),
        ({"idle_s": "-1"}, "idle_s"),
        ({"total_s": "nan"}, "total_s"),
        ({"price_in_per_1k": "NaN"}, "price_in_per_1k"),
        ({"currency": "$"}, "currency"),
        ({"balance_path": "user/balance"}, "balance_path"),
        ({"websocket_path": "wss://api.shop.example/realtime"}, "websocket_path"),
        ({"task_field": "status"}, "--task-field"),
        ({"task_field": "colour=data.state"}, "no colour to read"),
        ({"requests_per_minute": "0"}, "requests_per_minute"),
    ],
)
def test_a_wrong_setting_is_named_and_nothing_is_registered(options, complaint):
    with pytest.raises(CommandError, match=complaint):
        add(**options)

    assert not Endpoint.objects.exists()


def test_complaints_are_in_english():
    with pytest.raises(CommandError, match="greater than or equal to"):
        add(idle_s="-1")


def test_a_currency_has_one_spelling():
    add(currency="usd")

    assert Endpoint.objects.get().currency == "USD"


def test_a_key_that_cannot_be_sealed_registers_nothing(monkeypatch, settings):
    monkeypatch.setenv("SHOP_KEY", KEY)
    settings.PROBE_KEY_KEK = "bm9uc2Vuc2U="

    with pytest.raises(CommandError, match="PROBE_KEY_KEK holds 8 bytes") as refusal:
        add(key_env="SHOP_KEY")

    assert KEY not in str(refusal.value)
    assert not Endpoint.objects.exists()


def test_a_key_that_cannot_be_opened_is_said_in_one_line(monkeypatch, settings):
    monkeypatch.setenv("SHOP_KEY", KEY)
    add(key_env="SHOP_KEY")
    settings.PROBE_KEY_KEK = new_kek()

    with pytest.raises(CommandError, match="the probe key of shop cannot be opened"):
        endpoints("check", "shop")


def test_a_loopback_address_needs_an_exact_exception():
    with pytest.raises(CommandError, match="base_url"):
        add(base_url="http://127.0.0.1:8801/v1", allow_address="127.0.0.1:8802")

    add(base_url="http://127.0.0.1:8801/v1", allow_address="127.0.0.1:8801")


def test_a_short_total_shortens_what_nobody_chose():
    add(total_s="20")

    endpoint = Endpoint.objects.get()
    assert (endpoint.first_byte_s, endpoint.idle_s, endpoint.connect_s) == (20, 20, 10)


def test_a_key_that_is_no_whole_key_registers_nothing(monkeypatch):
    monkeypatch.setenv("SHOP_KEY", "sk-7chr")

    with pytest.raises(CommandError, match="at least 8 characters"):
        add(key_env="SHOP_KEY")

    assert not Endpoint.objects.exists()


def test_what_an_endpoint_offers_beside_answers_is_kept_and_can_be_forgotten():
    add(balance_path="/user/balance", websocket_path="/realtime?model=m", task_field="status=data.state")

    endpoint = Endpoint.objects.get()
    assert (endpoint.balance_path, endpoint.websocket_path) == ("/user/balance", "/realtime?model=m")
    assert endpoint.task_fields == {"status": ["data.state"]}

    add(task_field="", balance_path="")
    endpoint.refresh_from_db()
    assert (endpoint.balance_path, endpoint.task_fields, endpoint.websocket_path) == (
        "",
        {},
        "/realtime?model=m",
    )


def route(action: str = "add", **options: str) -> str:
    given = {"endpoint": "shop", "slug": "inner"}
    if action == "add":
        given |= {"base_url": "https://inner.shop.example/v1", "place": "behind_edge"}
    pairs = [(f"--{name.replace('_', '-')}", value) for name, value in (given | options).items()]
    return endpoints("route", action, "--json", *[part for pair in pairs for part in pair])


def test_a_second_route_is_listed_changed_and_forgotten():
    add()

    route()
    route(place="through_edge", base_url="http://127.0.0.1:8801/v1", allow_address="127.0.0.1:8801")

    row = json.loads(endpoints("list", "--json"))
    assert row["routes"] == [
        {"slug": "inner", "place": "through_edge", "base_url": "http://127.0.0.1:8801/v1"}
    ]
    assert "[route inner through_edge http://127.0.0.1:8801/v1]" in endpoints("list")
    assert json.loads(route("remove"))["routes"] == []


def test_a_route_to_another_machine_needs_the_key_again(monkeypatch):
    monkeypatch.setenv("SHOP_KEY", "sk-" + "r0uTe" * 8)
    add(key_env="SHOP_KEY")

    assert json.loads(route())["key"] == ""
    assert json.loads(route(key_env="SHOP_KEY"))["key"].startswith("sk-")
    assert json.loads(route(place="through_edge"))["key"].startswith("sk-")  # it leads where it led


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"endpoint": "nowhere"}, 'no endpoint "nowhere"'),
        ({"base_url": "http://inner.shop.example/v1"}, "base_url"),
        ({"base_url": "https://10.0.0.7/v1"}, "base_url"),
        ({"base_url": "https://api.shop.example/v1"}, "own base URL"),
        ({"allow_address": "anywhere"}, "allow_addresses"),
        ({"slug": "no spaces"}, "slug"),
    ],
)
def test_a_wrong_route_is_named_and_not_registered(options, complaint):
    add()

    with pytest.raises(CommandError, match=complaint):
        route(**options)

    assert not Endpoint.objects.get().routes.exists()


def test_a_route_that_is_not_there_cannot_be_forgotten():
    add()

    with pytest.raises(CommandError, match='no route "inner"'):
        route("remove")


@pytest.mark.parametrize("protocol", ["openai_chat", "anthropic"])
def test_a_check_lists_the_models_of_the_endpoint_and_of_each_route(lab, monkeypatch, protocol):
    monkeypatch.setenv("LAB_KEY", "sk-lab-" + "c4Eck" * 4)
    there = {"allow_address": f"127.0.0.1:{lab.port}"}
    add(base_url=f"{lab.base_url}/v1", model="ok", protocol=protocol, key_env="LAB_KEY", **there)
    route(base_url=f"{lab.base_url}/as/models_404/v1", **there)

    result = json.loads(endpoints("check", "shop", "--json"))

    assert (result["status"], result["probe_model_listed"], result["address"]) == (200, True, "127.0.0.1")
    assert [(found["slug"], found["status"], found["models"]) for found in result["routes"]] == [
        ("inner", 404, None)
    ]


def test_a_missing_endpoint_cannot_be_checked():
    with pytest.raises(CommandError, match="nowhere"):
        endpoints("check", "nowhere")


def test_a_key_never_goes_to_a_new_host(monkeypatch, capsys):
    monkeypatch.setenv("SHOP_KEY", KEY)
    add(key_env="SHOP_KEY")

    add(base_url="https://api.shop.example/v2")
    assert open_probe_key(Endpoint.objects.get()) == KEY

    add(base_url="https://api.elsewhere.example/v1")
    assert open_probe_key(Endpoint.objects.get()) == ""
    assert "its probe key was dropped" in capsys.readouterr().err


def test_a_halt_stops_the_check_as_well():
    add()
    Halt.objects.create(since=timezone.now())

    with pytest.raises(CommandError, match="all probes of this desk are stopped"):
        endpoints("check", "shop")


def test_a_check_is_told_in_words_a_line_for_each_place(lab, monkeypatch):
    monkeypatch.setenv("LAB_KEY", "sk-lab-" + "c4Eck" * 4)
    there = {"allow_address": f"127.0.0.1:{lab.port}"}
    add(base_url=f"{lab.base_url}/v1", model="ok", key_env="LAB_KEY", **there)
    route(base_url=f"{lab.base_url}/as/models_404/v1", **there)
    route(slug="dead", base_url="http://127.0.0.1:9/v1", allow_address="127.0.0.1:9", key_env="LAB_KEY")

    shop, *routes = endpoints("check", "shop").splitlines()

    assert re.fullmatch(r"shop: status 200 from 127\.0\.0\.1; \d+ models, the probe model among them", shop)
    assert sorted(routes) == [
        "route dead (behind_edge): cannot be reached, connect_refused",
        "route inner (behind_edge): status 404 from 127.0.0.1; no list of models",
    ]
