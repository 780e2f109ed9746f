import gzip
import zlib

import pytest

from probes.wire.coding import ContentDecoder

TEXT = b"data: hello\n\n" * 50


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("X-GZIP", gzip.compress(TEXT[:13], mtime=0) + gzip.compress(TEXT[13:], mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
    ],
)
def test_a_body_is_decoded_however_it_is_cut(coding, packed):
    decoder = ContentDecoder(coding)

    assert b"".join(decoder.feed(packed[at : at + 1]) for at in range(len(packed))) == TEXT
    assert ContentDecoder(coding).feed(packed) == TEXT
    assert decoder.problem == ""


def test_what_was_flushed_comes_out_at_once():
    packer = zlib.compressobj(wbits=31)
    piece = packer.compress(b"data: 1\n\n") + packer.flush(zlib.Z_SYNC_FLUSH)

    assert ContentDecoder("gzip").feed(piece) == b"data: 1\n\n"


def test_a_bomb_is_cut_at_the_cap():
    decoder = ContentDecoder("gzip", cap=1000)
    bomb = gzip.compress(b"\0" * 1_000_000)

    decoded = b"".join(decoder.feed(bomb[at : at + 64]) for at in range(0, len(bomb), 64))

    assert len(decoded) == 1000
    assert decoder.problem == "cap"


def test_what_is_not_of_its_coding_is_corrupt():
    decoder = ContentDecoder("gzip")

    assert decoder.feed(b"<html>") == b""
    assert decoder.problem == "corrupt"


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, br"])
def test_a_coding_without_a_decoder_is_named(coding):
    decoder = ContentDecoder(coding)

    assert decoder.feed(b"\x0b\x02\x80") == b""
    assert decoder.problem == "unsupported"
