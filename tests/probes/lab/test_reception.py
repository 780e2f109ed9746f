"""Who is let in, what is counted, and what a wrong path or body gets."""

import httpx
import pytest

from tests.probes.lab.asking import CHAT, KEY, MESSAGES, ask


def _post(lab, path=CHAT, headers=None, **body):
    return httpx.post(lab.base_url + path, headers=headers or {"authorization": f"Bearer {KEY}"}, **body)


@pytest.mark.parametrize(
    "headers",
    [{"authorization": f"Bearer {KEY}"}, {"x-api-key": KEY}, {"api-key": KEY}],
    ids=lambda row: next(iter(row)),
)
def test_a_key_may_come_in_any_usual_header(lab, headers):
    assert _post(lab, headers=headers, json={"model": "ok", "max_tokens": 2}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "words"), [({"accept": "*/*"}, "未提供令牌"), ({"x-api-key": "sk-other"}, "无效的令牌")]
)
@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_without_a_key_of_the_lab_nothing_is_answered(lab, path, headers, words):
    reply = _post(lab, path, headers, json={"model": "ok"})

    assert reply.status_code == 401
    assert words in reply.json()["error"]["message"]


@pytest.mark.parametrize("model", ["gpt-9", "task_ok", ""])
def test_an_unknown_model_is_a_404(lab, model):
    reply = _post(lab, json={"model": model})

    assert reply.status_code == 404
    assert reply.json()["error"]["code"] == "model_not_found"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(lab, content):
    assert _post(lab, content=content).status_code == 400


def test_a_doubled_v1_is_an_invalid_url(lab):
    reply = _post(lab, "/v1/v1/chat/completions", json={"model": "ok"})

    assert reply.status_code == 404
    assert reply.json()["error"]["message"] == "Invalid URL (POST /v1/v1/chat/completions)"


def test_a_missing_v1_gets_the_console(lab):
    reply = _post(lab, "/chat/completions", json={"model": "ok"})

    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/html")


def test_the_models_are_the_behaviours(lab):
    reply = httpx.get(f"{lab.base_url}/v1/models", headers={"x-api-key": KEY})

    assert {"ok", "stall_mid"} <= {row["id"] for row in reply.json()["data"]}


def test_posts_are_counted_by_path_and_model_and_probe(lab):
    httpx.post(f"{lab.base_url}/lab/reset")

    ask(lab, "auth_401")
    ask(lab, "auth_401")
    _post(lab, headers={"x-api-key": KEY, "x-probe-id": "p1"}, json={"model": "payment_402"})
    counted = httpx.get(f"{lab.base_url}/lab/counters").json()

    assert counted["total_posts"] == 3
    assert counted["posts"] == {CHAT: {"auth_401": 2, "payment_402": 1}}
    assert counted["probes"] == {"p1": {CHAT: {"payment_402": 1}}}


def test_even_a_refused_post_is_counted(lab):
    lab.counters.reset()

    _post(lab, headers={"x-api-key": "sk-other"}, json={"model": "ok"})

    assert lab.counters.posts(path=CHAT) == 1


def test_a_base_url_can_choose_the_behaviour_for_every_model(lab):
    assert _post(lab, "/as/payment_402" + CHAT, json={"model": "gpt-4o"}).status_code == 402
    assert _post(lab, "/as/ok" + CHAT, json={"model": "gpt-4o"}).status_code == 200
