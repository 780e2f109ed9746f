"""Free look-ups: a list of models, a balance in many shapes, the door of a WebSocket."""

import json

import pytest

from probes.wire.balance import left_of, read_balance
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.look_ups import LookUp, with_balance
from probes.wire.model_list import read_models
from probes.wire.moments import Headers
from probes.wire.reader import Reader
from probes.wire.websocket import accept_of
from tests.probes.wire.attempts import WALL_START, transcript

CHAT = DIALECTS["openai_chat"]


def look_up(kind, *, model="", path="/p"):
    request = CHAT.request_for(kind, model=model, prompt="", max_tokens=0, path=path)
    return LookUp(kind, request, model)


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ({"object": "list", "data": [{"id": "a"}, {"id": "b"}]}, ("a", "b")),
        ({"data": [{"type": "model", "id": "a", "display_name": "A"}], "has_more": False}, ("a",)),
        ({"models": [{"name": "models/a"}]}, ("models/a",)),
        ([{"id": "a"}], ("a",)),
        ({"data": ["a", "b"]}, ("a", "b")),
        ({"data": []}, ()),
        ({"data": [{"id": 7}, {"id": "a"}, None]}, ("a",)),
    ],
)
def test_a_list_of_models_is_read_in_every_vendors_shape(document, names):
    assert read_models(document).names == names


@pytest.mark.parametrize(
    "document", [None, {}, {"data": {}}, {"data": [{"x": 1}]}, {"data": [[]]}, "a", {"error": {}}]
)
def test_what_is_no_list_of_models_is_none(document):
    assert read_models(document) is None


@pytest.mark.parametrize(
    ("document", "listed"),
    [
        ({"data": [{"id": "gpt-4o"}]}, True),
        ({"data": [{"id": "glm-4"}]}, False),
        ({"data": [{"id": "glm-4"}], "has_more": True}, None),
        ({"models": [{"name": "models/gpt-4o"}]}, True),
    ],
)
def test_the_model_of_the_step_is_looked_for(document, listed):
    facts = look_up("models", model="gpt-4o").body_facts(document)

    assert (facts["models_listed"], facts["model_listed"]) == (1, listed)


@pytest.mark.parametrize(
    ("document", "left", "currency"),
    [
        (
            {"is_available": True, "balance_infos": [{"currency": "CNY", "total_balance": "110.00"}]},
            "110",
            "CNY",
        ),
        (
            {
                "balance_infos": [
                    {"currency": "USD", "total_balance": "0.00"},
                    {"currency": "cny", "total_balance": "3.50"},
                ]
            },
            "3.5",
            "CNY",
        ),
        ({"data": {"total_credits": 100.5, "total_usage": 25.75}}, "74.75", "USD"),
        (
            {"code": 20000, "data": {"balance": "0.88", "totalBalance": "88.88", "email": "a@b.example"}},
            "88.88",
            "",
        ),
        ({"code": 0, "data": {"available_balance": 49.58894, "voucher_balance": 46.58893}}, "49.58894", ""),
        ({"data": {"available_balance": -0.5}}, "-0.5", ""),
        ({"balance": "12.50", "currency": "usd"}, "12.5", "USD"),
        ({"balance": 0, "currency": "USD"}, "0", "USD"),
    ],
)
def test_a_balance_is_read_in_the_shapes_that_are_known(document, left, currency):
    seen = read_balance(document)

    assert (seen.left, seen.currency) == (left, currency)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {"points": 5},
        {"balance": True},
        {"balance": "plenty"},
        {"balance": "NaN"},
        {"balance": "1e400"},
        {"balance": 10**5000},
        {"balance_infos": [{"total_balance": None}]},
        {"data": {"total_credits": 5}},
        {"data": [{"available_balance": 5}]},
    ],
)
def test_an_unknown_shape_claims_nothing(document):
    assert read_balance(document) is None
    assert look_up("balance").body_facts(document) == {}


def test_limit_and_usage_of_a_gateway_make_a_balance_together():
    limit = Facts(step="balance", **look_up("balance").body_facts({"hard_limit_usd": 20.0}))
    usage = Facts(step="balance", **look_up("balance").body_facts({"total_usage": 750.0}))

    assert (limit.balance, limit.credit_limit, limit.balance_currency) == ("", "20", "USD")
    assert with_balance(usage, [Facts(step="control"), limit]).balance == "12.5"
    assert with_balance(limit, []).balance == ""


def test_a_token_without_a_limit_has_no_balance():
    limit = Facts(step="balance", **look_up("balance").body_facts({"hard_limit_usd": 100000000}))
    usage = Facts(step="balance", **look_up("balance").body_facts({"total_usage": 750.0}))

    assert with_balance(usage, [limit]).balance == ""


@pytest.mark.parametrize(
    ("limit", "used", "left"),
    [("0.3", "0.1", "0.2"), ("1", "1", "0"), ("", "1", ""), ("1", "", ""), ("x", "1", "")],
)
def test_money_is_subtracted_exactly(limit, used, left):
    assert left_of(limit, used) == left


def test_the_answer_to_the_key_of_the_rfc():
    """Section 1.3 of RFC 6455."""
    assert accept_of("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@pytest.mark.parametrize(
    ("status", "answer", "accepted"),
    [(101, "right", True), (101, "wrong", False), (101, "", False), (200, "right", False), (403, "", False)],
)
def test_a_websocket_is_accepted_by_the_value_that_belongs_to_its_key(status, answer, accepted):
    door = look_up("websocket")
    key = dict(door.request.headers)["sec-websocket-key"]
    value = {"right": accept_of(key), "wrong": accept_of("x"), "": ""}[answer]
    fields = (("Upgrade", "websocket"), ("Sec-WebSocket-Accept", value)) if value else ()

    assert door.head_facts(Headers(1, status, "HTTP/1.1", fields)) == {"websocket_accepted": accepted}


def test_only_a_websocket_says_something_by_its_head():
    assert look_up("models").head_facts(Headers(1, 101, "HTTP/1.1", ())) == {}


def test_of_an_account_only_the_balance_is_kept():
    owner = {"name": "Li Lei", "email": "li@shop.example", "totalBalance": "88.88", "status": "normal"}
    asked = look_up("balance")
    reader = Reader(step="balance", dialect=CHAT, wall_start=WALL_START, look_up=asked)
    body = json.dumps({"code": 20000, "message": "OK", "status": True, "data": owner}).encode()

    for moment in transcript(body, content_type="application/json"):
        reader.take(moment)

    facts = reader.facts()
    assert (facts.balance, facts.body_kind, facts.shape_known) == ("88.88", "json_ok", True)
    assert "Li Lei" not in str(facts.as_dict())


def test_what_is_too_long_for_a_name_is_not_compared_with_one():
    listed = read_models({"data": [{"id": "glm-4x" * 50}, {"id": "glm-4x"}]})

    assert listed and listed.nearest("glm-4y") == ("glm-4x",)
