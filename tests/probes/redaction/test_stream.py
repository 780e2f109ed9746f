"""Text of any length, masked piece by piece."""

import random

import pytest

from probes.redaction import stream
from probes.redaction.engine import builtin_redactor
from probes.redaction.samples import expand

KEY = expand("sk-proj-<an120>", random.Random(2))
PEM = expand(
    "-----BEGIN RSA PRIVATE KEY-----\n" + "<b64:64>\n" * 25 + "-----END RSA PRIVATE KEY-----\n",
    random.Random(3),
)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_PIECE", 3000)
    monkeypatch.setattr(stream, "_AHEAD", 2500)


@pytest.mark.parametrize("size", [1, 7, 1000, 10_000])
def test_a_stream_is_masked_like_the_whole_however_it_arrives(size: int) -> None:
    wrapped = "\n".join(KEY[i : i + 40] for i in range(0, len(KEY), 40))
    text = "".join(f"line {n}\n" * 90 + f'k="{wrapped}"\n' + PEM for n in range(6))[
        : 20_000 if size == 1 else None
    ]

    masked = "".join(
        stream.redact_stream((text[i : i + size] for i in range(0, len(text), size)), builtin_redactor())
    )

    assert masked == builtin_redactor().redact(text).text


@pytest.mark.parametrize("size", [700, 5000])
def test_several_processes_mask_the_same_in_the_same_order(size: int) -> None:
    wrapped = "\n".join(KEY[i : i + 40] for i in range(0, len(KEY), 40))
    text = "".join(f"line {n}\n" * (60 + 7 * n) + f'k="{wrapped}"\n' + PEM for n in range(12))
    pieces = [text[i : i + size] for i in range(0, len(text), size)]

    alone = list(stream.redact_pieces(pieces, builtin_redactor()))
    together = list(stream.redact_pieces(pieces, builtin_redactor(), jobs=3))

    assert together == alone
    assert "".join(piece.original for piece in together) == text


def test_several_processes_withhold_what_they_cannot_check() -> None:
    masked = "".join(stream.redact_stream(["hello\n" * 2000] * 4, builtin_redactor().withholding(), jobs=2))

    assert "hello" not in masked


def test_a_stream_that_cannot_be_checked_is_withheld() -> None:
    masked = "".join(stream.redact_stream(["hello\n"], builtin_redactor().withholding()))

    assert masked == "[withheld]\n"
