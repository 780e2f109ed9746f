"""The paste box: it fills the form, with and without scripts, keeps what was typed, and holds no secret."""

import html
import re

import pytest
from django.test import Client

from probes.redaction.models import Catch
from tests.probes.runs.builders import make_endpoint
from tests.triage.people.builders import client_of
from tests.triage.tickets.test_withheld import break_rules
from triage.tickets.models import Ticket

pytestmark = pytest.mark.django_db
KEY = "sk-" + "a1B2c3D4" * 6
TEMPLATE = "模型：gpt-4o-mini\n状态码：429\n请求时间：2026-03-28 14:05:01 +08:00\n客户端：Cherry Studio 1.5.3"


def read(client: Client, paste: str = TEMPLATE, *, scripts: bool = True, **typed: str) -> str:
    headers = {"HX-Request": "true"} if scripts else {}
    answer = client.post("/tickets/new/paste/", {"paste": paste} | typed, headers=headers)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def value_in(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_template_fills_the_form_and_each_field_names_its_line(scripts):
    page = read(client_of(), scripts=scripts)

    assert page.lstrip().startswith("<!doctype") is not scripts
    assert (value_in(page, "model"), value_in(page, "status_code")) == ("gpt-4o-mini", "429")
    assert value_in(page, "occurred_at") == "2026-03-28T14:05:01"
    assert "from line 2" in page
    assert '<q class="small mono">状态码：429</q>' in page


def test_typed_words_are_never_overwritten_but_the_paste_is_told():
    page = read(client_of(), model="glm-4")

    assert value_in(page, "model") == "glm-4"
    assert "Line 1 says gpt-4o-mini: use it" in page


def test_a_suggestion_is_taken_over_with_its_button():
    page = read(client_of(), model="glm-4", use="model.0")

    assert value_in(page, "model") == "gpt-4o-mini"


@pytest.mark.parametrize("number", ["9", "", "²", "1" * 5000])
def test_a_suggestion_that_is_not_there_changes_nothing(number):
    assert value_in(read(client_of(), model="glm-4", use=f"model.{number}"), "model") == "glm-4"


def test_a_key_in_the_paste_is_masked_counted_and_not_even_echoed():
    page = read(client_of(), f"Key: {KEY}\nmodel: gpt-4o")

    assert KEY not in page
    assert value_in(page, "key_hint") == "sk-…c3D4"
    assert "sensitive piece was masked" in page
    assert Catch.objects.get().field == "paste"


def test_the_ticket_keeps_the_fields_and_the_zone_but_not_the_paste():
    client = client_of()
    page = read(client, f"{TEMPLATE}\nKey: {KEY}")
    names = (
        "model",
        "status_code",
        "occurred_at",
        "client",
        "client_version",
        "key_hint",
        "paste_read",
        "masked_before",
    )
    sent = {name: value_in(page, name) for name in names}
    pasted = re.search(r'<textarea name="paste"[^>]*>\s*([^<]*)</textarea>', page)[1]

    client.post("/tickets/new/", sent | {"paste": pasted, "zone": "Asia/Tokyo", "stream": "unknown"})

    ticket = Ticket.objects.get()
    assert (ticket.model, ticket.status_code, ticket.client) == ("gpt-4o-mini", 429, "Cherry Studio")
    assert ticket.zone == "Asia/Tokyo"
    assert ticket.occurred_at.isoformat() == "2026-03-28T05:05:01+00:00"
    assert [spot["field"] for spot in ticket.masked] == ["paste"]
    told = client.get(ticket.get_absolute_url()).content.decode()
    assert "Pasted text: key" in told
    assert "Tell the customer to revoke" in told
    assert "Ticket filed, sensitive text masked" in told


def test_a_key_that_the_browser_masked_is_told_on_the_form_and_on_the_ticket_once():
    client = client_of()
    spot = '[["paste","openai_key",5,53],["paste","nonsense",1,2],["paste","openai_key",5,53]]'
    shown = "Key: sk-…c3D4\nmodel: gpt-4o"

    page = read(client, shown, masked_here=spot)
    assert "1 sensitive piece was masked" in page
    assert "Pasted text: key (openai key), characters 6 to 53" in page
    assert "Tell the customer to revoke" in page
    sent = {name: value_in(page, name) for name in ("model", "key_hint", "paste_read", "masked_before")}
    client.post("/tickets/new/", sent | {"paste": shown, "masked_here": spot, "symptom": "timeout"})

    ticket = Ticket.objects.get()
    assert [(one["field"], one["kind"]) for one in ticket.masked] == [("paste", "openai_key")]
    assert "1 sensitive piece was masked" in client.get(ticket.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "report", ["[", "{}", "[1]", '[["nobody","openai_key",1,2]]', '[["notes","openai_key",2,1]]', "[" * 9000]
)
def test_a_report_that_no_guard_makes_is_nothing(report):
    assert "sensitive piece" not in read(client_of(), TEMPLATE, masked_here=report)


def test_a_ticket_without_secrets_does_not_say_that_any_were_masked():
    client = client_of()
    client.post("/tickets/new/", {"symptom": "timeout"})

    told = client.get(Ticket.objects.get().get_absolute_url()).content.decode()

    assert "Ticket filed" in told
    assert "sensitive text masked" not in told


def test_a_paste_that_was_not_read_is_read_instead_of_lost():
    answer = client_of().post("/tickets/new/", {"paste": TEMPLATE, "symptom": "rate_limit"})

    page = answer.content.decode()
    assert not Ticket.objects.exists()
    assert "had not been read yet" in page
    assert value_in(page, "model") == "gpt-4o-mini"


def test_reading_a_paste_does_not_make_another_form_of_it():
    client = client_of()
    drawn = value_in(client.get("/tickets/new/").content.decode(), "drawn_at")

    assert value_in(read(client, drawn_at=drawn), "drawn_at") == drawn


def test_the_registered_endpoint_at_the_address_is_suggested():
    make_endpoint(slug="shop", base_url="https://api.shop.example/v1")

    page = read(client_of(), "curl https://api.shop.example/v1/chat/completions -d '{}'")

    assert re.search(r'<option value="shop" selected>', page)


@pytest.mark.parametrize("example", ["traceback", "curl", "template"])
def test_each_example_fills_fields(example):
    page = read(client_of(), "", example=example)

    assert int(re.search(r"(\d+) fields filled from the paste", page)[1]) >= 5


@pytest.mark.parametrize("nothing", ["", "   "])
def test_an_empty_box_says_that_it_is_empty(nothing):
    assert "Nothing in it that the desk knows" in read(client_of(), nothing)


def test_what_disagrees_is_offered_and_an_id_of_another_time_is_told():
    said = ("状态码：401", "报错：429 Too Many Requests", "时间：2026-03-27 10:00 +08:00")

    page = read(client_of(), "\n".join([*said, "请求ID：20260328140501123456789AbCdEfGh"]))

    assert "Line 2 says 429: use it" in page
    assert "not the stated time" in page


def test_a_changed_symptom_keeps_the_lines_of_the_details():
    client = client_of()
    page = read(client, "耗时：60s\n是否流式：是")
    sent = {"paste": "耗时：60s\n是否流式：是", "elapsed_s": "60", "stream": "yes", "symptom": "timeout"}

    details = client.post("/tickets/new/details/", sent | {"paste_read": value_in(page, "paste_read")})

    assert "from line 1" in details.content.decode()


def test_who_comes_back_to_the_address_finds_the_form():
    assert client_of().get("/tickets/new/paste/")["Location"] == "/tickets/new/"


def test_strangers_are_sent_to_sign_in():
    answer = Client().post("/tickets/new/paste/", {"paste": TEMPLATE})

    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_a_paste_that_cannot_be_checked_is_withheld_and_nothing_is_read():
    break_rules("paste")

    page = read(client_of(), TEMPLATE)

    assert 'name="model" value=' not in page
    assert "<strong>Pasted text</strong>: a redaction rule failed while it was read" in page


@pytest.mark.parametrize(
    ("pasted", "slug"),
    [
        ("Base URL: http://127.0.0.1:8100/v1", "lab"),
        ("Base URL: http://127.0.0.1:8100", "lab-anthropic"),
        ("curl http://127.0.0.1:8100/v1/messages -d '{}'", "lab-anthropic"),
        ("curl http://127.0.0.1:8100/v1/chat/completions -d '{}'", "lab"),
    ],
)
def test_of_two_endpoints_on_one_host_the_address_and_the_protocol_choose(pasted, slug):
    make_endpoint(slug="lab", base_url="http://127.0.0.1:8100/v1", protocol="openai_chat")
    make_endpoint(slug="lab-anthropic", base_url="http://127.0.0.1:8100", protocol="anthropic")

    page = read(client_of(), pasted)

    assert re.search(rf'<option value="{slug}" selected>', page)
    assert re.search(r'id="id_endpoint_told">\s*<p><span class="chip">from line 1', page)


def test_an_id_without_a_known_zone_claims_none():
    page = read(client_of(), "时间：2026-03-28 13:10:45\n请求ID：20260328131045123456789AbCdEfGh")

    assert "made at 2026-03-28 13:10:45 on the gateway's clock" in page
    assert "+00:00" not in page
