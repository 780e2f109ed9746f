"""What breaks HTTP really breaks it."""

import zlib

from tests.probes.lab.asking import ask


def test_a_reset_comes_instead_of_an_answer(lab):
    reply = ask(lab, "reset_before_headers")

    assert reply.was_reset
    assert reply.raw == b""


def test_a_connection_can_close_without_an_answer(lab):
    reply = ask(lab, "close_before_headers")

    assert not reply.was_reset
    assert reply.raw == b""


def test_an_answer_can_stay_away(lab):
    reply = ask(lab, "never_answers:0.3")

    assert reply.raw == b""
    assert reply.seconds > 0.25


def test_headers_can_go_on_without_end(lab):
    reply = ask(lab, "endless_headers:0.4")

    assert reply.raw.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\n\r\n" not in reply.raw
    assert b"x-filler-7: " in reply.raw


def test_a_status_line_can_be_nonsense(lab):
    assert ask(lab, "bad_status_line").raw.startswith(b"ICY OK 200\r\n")


def test_a_counted_body_can_be_short(lab):
    reply = ask(lab, "wrong_content_length")

    assert int(reply.headers["content-length"]) == len(reply.body) + 500


def test_a_chunk_size_can_be_no_number(lab):
    assert ask(lab, "bad_chunk_size").rest.startswith(b"zz\r\n")


def test_a_gzip_bomb_is_small_and_unfolds_as_far_as_asked(lab):
    packed = ask(lab, "gzip_bomb:8").body

    assert len(packed) < 100_000
    assert len(zlib.decompressobj(wbits=31).decompress(packed)) == 8 * 1024 * 1024
