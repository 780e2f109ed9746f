"""What must hold whatever an endpoint sends; shared by the tests and by the fuzzer."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from itertools import pairwise

from probes.wire.dialects.base import Dialect
from probes.wire.facts import Facts
from probes.wire.look_ups import LookUp
from probes.wire.moments import Chunk, Closed, Headers, Moment
from probes.wire.reader import Reader
from probes.wire.sse import Decoder
from tests.probes.wire.by_the_letter import by_the_letter

WALL_START = datetime(2026, 11, 21, 12, tzinfo=UTC)
# What a cut between two reads may change: how many there are, and the silences between them.
OF_THE_READS = {
    *("reads", "events_per_read", "bytes_per_read", "gap_histogram"),
    *("max_gap_ms", "max_gap_at_ms", "max_gap_after", "max_read_gap_ms"),
}
_AT_MS = 100.0


def assert_borne(
    moments: Iterable[Moment], dialect: Dialect, *, step: str = "stream", look_up: LookUp | None = None
) -> Facts:
    """The facts of these moments. They can be asked for and stored after every one of them."""
    reader = Reader(step=step, dialect=dialect, wall_start=WALL_START, look_up=look_up)
    assert_storable(reader.facts())
    for moment in moments:
        reader.take(moment)
        assert_storable(reader.facts())
    return reader.facts()


def assert_storable(facts: Facts) -> None:
    """As a row keeps them: plain JSON, from which the same facts are read again."""
    stored = json.dumps(facts.as_dict(), allow_nan=False)
    again = Facts.from_dict(json.loads(stored))
    changed = [fact.name for fact in fields(Facts) if getattr(again, fact.name) != getattr(facts, fact.name)]
    assert not changed, f"read differently from their row: {changed}"


def assert_decoded_by_the_letter(raw: bytes, cuts: Iterable[int]) -> None:
    """The events are the standard's, wherever the network cuts."""
    whole = Decoder().feed(raw)
    assert whole == by_the_letter(raw)
    decoder = Decoder()
    assert [event for piece in pieces(raw, cuts) for event in decoder.feed(piece)] == whole


def assert_cuts_change_no_fact(head: Headers, raw: bytes, cuts: Sequence[int], dialect: Dialect) -> None:
    """The same body in one read and in many, all of them at the same moment."""
    whole, cut = (
        assert_borne([head, *(Chunk(_AT_MS, piece) for piece in reads), Closed(_AT_MS)], dialect)
        for reads in ([raw], pieces(raw, cuts))
    )
    changed = {
        fact.name: (getattr(whole, fact.name), getattr(cut, fact.name))
        for fact in fields(Facts)
        if fact.name not in OF_THE_READS and getattr(whole, fact.name) != getattr(cut, fact.name)
    }
    assert not changed, f"facts that depend on where the network cuts: {changed}"


def pieces(raw: bytes, cuts: Iterable[int]) -> list[bytes]:
    """The bytes cut at these places, those outside of them left out."""
    places = sorted({0, len(raw), *(cut for cut in cuts if 0 < cut < len(raw))})
    return [raw[start:end] for start, end in pairwise(places)]
