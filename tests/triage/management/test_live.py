"""What an engineer sees in the terminal while a probe runs."""

import io

import pytest

from probes.net.exchange import Deadlines, Destination
from probes.wire.dialects.table import DIALECTS
from triage.management.live import LiveProbe

DEADLINES = Deadlines(connect_s=2, first_byte_s=5, idle_s=5, total_s=10)


def drawn(lab, model: str, *, step: str = "stream", out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    request = DIALECTS["openai_chat"].request_for(step, model=model, prompt="Hi", max_tokens=400)
    address, moments = f"{lab.host}:{lab.port}", []
    LiveProbe(out).send(
        request,
        to=Destination(base_url=f"{lab.base_url}/v1", allowed_addresses=frozenset({address})),
        secret_headers={"authorization": "Bearer sk-lab-" + "k" * 20},
        deadlines=DEADLINES,
        emit=moments.append,
    )
    assert moments, "what the run listens to must hear every moment as well"
    return out.getvalue()


def test_phases_come_in_words_and_every_read_as_a_tick(lab):
    shown = drawn(lab, "ok")

    assert shown.startswith(f"POST {lab.base_url}/v1/chat/completions (event stream)\n")
    for word in ("dns", "tcp", "sent", "answer 200 HTTP/1.1", "closed"):
        assert word in shown
    reads = int(shown.split("closed")[1].split(": ")[1].split(" reads")[0])
    ticks = shown.splitlines()[2].strip()
    assert reads > 1
    assert len(ticks) == reads


def test_a_failure_is_named_where_it_happened(lab):
    assert "\n  incomplete_body (http1: peer closed connection" in drawn(lab, "truncated_chunked")


def test_a_request_is_told_from_its_neighbours(lab):
    assert "(event stream, gzip)\n" in drawn(lab, "ok", step="gzip")


def test_silence_is_drawn_with_its_length(lab):
    assert " 1.2" in drawn(lab, "slow_first_token:1.2").split("answer 200")[1]


def test_no_key_is_drawn(lab):
    assert "kkkk" not in drawn(lab, "ok")


class Ascii(io.StringIO):
    encoding = "ascii"


@pytest.mark.parametrize("out", [Ascii(), io.StringIO()])
def test_a_terminal_without_blocks_is_drawn_in_ascii(lab, out):
    assert drawn(lab, "ok", out=out).isascii()
