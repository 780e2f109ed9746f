"""Free look-ups tell the same amount in every shape, and the lab's second route is one more hop."""

import json
from datetime import UTC, datetime

import pytest

from probes.lab.look_ups import BALANCES, WEBSOCKET_PATH
from probes.net.exchange import Deadlines, Destination, exchange
from probes.wire.balance import left_of
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.look_ups import LookUp
from probes.wire.reader import Reader
from tests.probes.lab.asking import CHAT, KEY, Reply, ask, connect, events, read_all

_BILLING = "/v1/dashboard/billing/"


def look_up(lab, kind: str, *, path: str = "", protocol: str = "openai_chat", model: str = "ok") -> Facts:
    """The facts of one look-up, at an endpoint that behaves as `model` says."""
    dialect = DIALECTS[protocol]
    request = dialect.request_for(kind, model=model, prompt="", max_tokens=0, path=path)
    reader = Reader(
        step=kind, dialect=dialect, wall_start=datetime.now(UTC), look_up=LookUp(kind, request, model)
    )
    exchange(
        request,
        to=Destination(
            base_url=f"{lab.base_url}/as/{model}", allowed_addresses=frozenset({f"{lab.host}:{lab.port}"})
        ),
        secret_headers=dialect.auth_headers(KEY),
        deadlines=Deadlines(),
        emit=reader.take,
    )
    return reader.facts()


def get(lab, path: str) -> Reply:
    fields = f"host: lab\r\nauthorization: Bearer {KEY}\r\nconnection: close\r\n"
    with connect(lab) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\n{fields}\r\n".encode())
        return read_all(line)


@pytest.mark.parametrize("path", [path for path in BALANCES if not path.startswith(_BILLING)])
@pytest.mark.parametrize(("model", "left"), [("ok", "12.5"), ("payment_402", "0")])
def test_a_balance_is_the_same_in_every_shape(lab, path, model, left):
    assert look_up(lab, "balance", path=path, model=model).balance == left


def test_a_balance_in_two_halves_comes_to_the_same(lab):
    limit = look_up(lab, "balance", path=f"{_BILLING}subscription").credit_limit
    used = look_up(lab, "balance", path=f"{_BILLING}usage").credit_used

    assert left_of(limit, used) == "12.5"


def test_a_path_for_websockets_says_so_to_others(lab):
    assert get(lab, WEBSOCKET_PATH).status == 426


def test_the_edge_is_one_more_hop(lab):
    behind, through = (ask(lab, "ok", path=f"{route}{CHAT}", max_tokens=2) for route in ("", "/edge"))

    assert "via" not in behind.headers
    assert through.headers["via"] == "1.1 edge.lab.example"
    assert through.json()["choices"] == behind.json()["choices"]


def test_a_tool_that_is_offered_is_called_by_its_name_in_fragments(lab):
    tool = {"type": "function", "function": {"name": "write_down", "parameters": {}}}

    deltas = [
        call["function"]
        for event in events(ask(lab, "ok", stream=True, tools=[tool]).body)
        if event != "[DONE]"
        for choice in event["choices"]
        for call in choice["delta"].get("tool_calls", [])
    ]

    assert deltas[0]["name"] == "write_down"
    assert len(deltas) > 5
    assert json.loads("".join(delta["arguments"] for delta in deltas)) == {
        "words": ["one", "two", "three", "four", "five"]
    }
