"""Pieces of one size, and whose buffer that is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.verdicts.arithmetic.blocks import HOLDERS, fingerprint


@pytest.mark.parametrize(
    ("sizes", "size"),
    [
        ([4096] * 5, 4096),
        ([4091, 4099, 4096, 4102], 4096),  # chunk headers
        ([8192, 8192, 8192, 900], 8192),
        ([16384, 16390], 16384),
        ([32768] * 3, 32768),
        ([65536] * 4, 65536),
    ],
)
def test_the_buffer_is_known_by_its_size(sizes, size):
    found = fingerprint(sizes)

    assert found.size == size
    assert found.holders == HOLDERS[size]


@pytest.mark.parametrize(
    "sizes",
    [
        [],
        [4096],
        [4096, 12_000, 500, 7000],
        [5000] * 6,
        [260, 250, 255],
        [4400] * 4,
        [0, 0, 4096],
        [10_000] * 9,
    ],
)
def test_other_pieces_have_no_fingerprint(sizes):
    assert fingerprint(sizes) is None


def test_a_compressor_is_the_one_who_holds_back_what_is_compressed():
    assert fingerprint([32_700] * 4, is_coded=True).holders == ("gzip",)


@given(st.sampled_from(sorted(HOLDERS)), st.integers(2, 40), st.floats(-0.05, 0.05))
def test_a_steady_piece_near_a_shipped_size_is_that_size(size, pieces, off):
    assert fingerprint([round(size * (1 + off))] * pieces).size == size
