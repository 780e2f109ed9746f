"""The server itself: many at once, one after another on a line, and a clean leave."""

import asyncio
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from probes.lab.server import Lab
from tests.probes.lab.asking import CHAT, KEY, connect, events, read_all, request_bytes

_STALLED = 300


async def _open_stalled(lab):
    body = json.dumps({"model": "stall_mid:60", "stream": True}).encode()
    reader, writer = await asyncio.open_connection(lab.host, lab.port)
    writer.write(request_bytes(CHAT, body, {"x-api-key": KEY}))
    await reader.readuntil(b"steady ")
    return reader, writer


async def _crowd(lab):
    async with asyncio.timeout(20):
        lines = await asyncio.gather(*(_open_stalled(lab) for _ in range(_STALLED)))
        began = time.monotonic()
        async with httpx.AsyncClient() as client:
            reply = await client.post(
                lab.base_url + CHAT, json={"model": "payment_402"}, headers={"x-api-key": KEY}
            )
        waited = time.monotonic() - began
    for _, writer in lines:
        writer.close()
    return reply.status_code, waited


def test_hundreds_of_stalled_streams_leave_room_for_one_more(lab):
    with ThreadPoolExecutor(1) as apart:  # a browser of another test may have a loop in this thread
        status, waited = apart.submit(lambda: asyncio.run(_crowd(lab))).result()

    assert status == 402
    assert waited < 2


def test_one_line_serves_one_request_after_another(lab):
    with httpx.Client(headers={"x-api-key": KEY}) as client:
        answers = [client.post(lab.base_url + CHAT, json={"model": "ok", "max_tokens": 2}) for _ in range(3)]
        lines = {answer.extensions["network_stream"].get_extra_info("client_addr") for answer in answers}

    assert len(lines) == 1


def test_what_is_not_http_gets_a_400(lab):
    with connect(lab) as line:
        line.sendall(b"hello\r\n\r\n")

        assert read_all(line).status == 400


def test_a_lab_that_stops_hangs_up_and_frees_its_port():
    lab = Lab().start()
    with connect(lab) as line:
        line.sendall(request_bytes(CHAT, b'{"model": "stall_mid:60", "stream": true}', {"x-api-key": KEY}))
        line.recv(10)

        lab.stop()

        read_all(line)
    with Lab(port=lab.port) as again:
        assert again.port == lab.port


def test_a_taken_port_is_told_at_once():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        Lab(port=taken.getsockname()[1]).start()


def test_a_lab_that_never_ran_can_be_stopped():
    Lab().stop()


def test_a_client_of_http_1_0_gets_no_chunks_and_reads_until_the_lab_hangs_up(lab):
    body = json.dumps({"model": "ok", "stream": True, "max_tokens": 3}).encode()
    request = request_bytes(CHAT, body, {"authorization": f"Bearer {KEY}"}).replace(
        b"HTTP/1.1", b"HTTP/1.0", 1
    )

    with connect(lab) as line:
        line.sendall(request)
        reply = read_all(line)

    assert "transfer-encoding" not in reply.headers
    assert events(reply.rest)[-1] == "[DONE]"


@pytest.mark.parametrize("model", ["truncated_chunked", "close_before_headers", "wrong_content_length"])
def test_an_answer_that_breaks_off_does_so_on_a_line_that_was_used_before(lab, model):
    headers = {"authorization": f"Bearer {KEY}"}

    with connect(lab) as line:
        for asked in ("ok", model):
            body = json.dumps({"model": asked, "stream": True, "max_tokens": 2}).encode()
            line.sendall(request_bytes(CHAT, body, headers))
            if asked == "ok":
                while not line.recv(65536).endswith(b"0\r\n\r\n"):
                    pass
        reply = read_all(line)

    assert reply.seconds < 5
