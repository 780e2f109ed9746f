"""Lets libFuzzer look for bytes that break decoder, reader or dialects: `make fuzz`, or with its options

    python -m tests.fuzz.fuzz_stream -max_total_time=300

It starts from everything the lab can say, and keeps what it learns in var/fuzz/corpus. An input that breaks
something is left in var/fuzz/: run it again with the file's name as the only argument, mend, and keep the
input as a test.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["probes.wire"]):  # only what is imported here gives coverage
    from probes.wire.dialects.base import BALANCE, MODELS, STREAM, WireRequest
    from probes.wire.dialects.table import DIALECTS
    from probes.wire.facts import Failure
    from probes.wire.look_ups import LookUp
    from probes.wire.moments import Chunk, Closed, Failed, Headers, Moment
    from probes.wire.reader import Reader as Reader
    from probes.wire.sse import Decoder as Decoder

from probes.lab.behaviours import BEHAVIOURS
from probes.lab.protocols import PROTOCOLS
from tests.fuzz.bearing import assert_borne, assert_decoded_by_the_letter, pieces
from tests.probes.wire.recorded import recorded

FINDINGS = Path("var/fuzz")
CORPUS = FINDINGS / "corpus"
# libFuzzer takes the last of two equal options, so that the caller's win.
DEFAULTS = ["-rss_limit_mb=512", "-timeout=10", "-max_len=4096", "-print_final_stats=1"]
STATUSES = (200, 200, 400, 429, 500, 301, 101, 204)
TYPES = ("text/event-stream", "application/json", "text/html; charset=gbk", "")
CODINGS = ("", "gzip", "deflate", "br")
STEPS = (STREAM, STREAM, MODELS, BALANCE)
MOST_READS = 4  # that the reader is asked about one by one
SETTINGS = 5  # bytes at the end of an input, which choose what is around its body


def borne(data: bytes) -> None:
    """One input: a body, and behind it how it is sent."""
    body, settings = data[:-SETTINGS], data[-SETTINGS:].rjust(SETTINGS, b"\0")
    asked, head, ends, first_cut, step_size = settings
    cuts = range(first_cut, len(body), step_size + 1)
    dialect = tuple(DIALECTS.values())[asked % len(DIALECTS)]
    step = STEPS[asked >> 6]
    look_up = LookUp(step=step, request=WireRequest("GET", "/x", (), b""), model="gpt-4o")
    assert_decoded_by_the_letter(body, cuts)
    assert_borne(_moments(head, ends, pieces(body, cuts[:MOST_READS])), dialect, step=step, look_up=look_up)


def _moments(head: int, ends: int, reads: list[bytes]) -> Iterator[Moment]:
    fields = (
        ("content-type", TYPES[head >> 3 & 3]),
        ("content-encoding", CODINGS[head >> 5 & 3]),
        ("date", "Sat, 21 Nov 2026 12:00:00 GMT"),
    )
    yield Headers(50.0, STATUSES[head & 7], "HTTP/1.1", fields)
    at_ms = 60.0
    for read in reads:
        yield Chunk(at_ms, read)
        at_ms += ends
    yield Closed(at_ms) if ends % 2 else Failed(at_ms, tuple(Failure)[ends % len(Failure)])


def _plant() -> None:
    """One seed for each behaviour and protocol."""
    CORPUS.mkdir(parents=True, exist_ok=True)
    for model in BEHAVIOURS:
        for number, protocol in enumerate(PROTOCOLS):
            settings = bytes((list(DIALECTS).index(protocol), 0, 1, 40, 200))
            CORPUS.joinpath(f"{model}-{number}").write_bytes(recorded(model, protocol)[:1000] + settings)


def main() -> None:
    given = sys.argv[1:]
    _plant()
    places = [] if _names_a_file(given) else [str(CORPUS)]
    atheris.Setup([sys.argv[0], *DEFAULTS, f"-artifact_prefix={FINDINGS}/", *given, *places], borne)
    atheris.Fuzz()


def _names_a_file(arguments: list[str]) -> bool:
    return any(not argument.startswith("-") for argument in arguments)


if __name__ == "__main__":
    main()
