"""The decoder beside httpx-sse, the openai SDK's and a bare split, on the same OpenAI-like chunks."""

import codecs
import time
from collections.abc import Callable, Iterable, Sequence

from httpx_sse._decoders import SSEDecoder, SSELineDecoder
from openai._streaming import SSEDecoder as OpenAIDecoder

from probes.wire.sse import Decoder

MEGABYTES = 50
ROUNDS = 5
READ_SIZE = 64 * 1024
CHUNK = (
    b'data: {"id":"chatcmpl-AbCdEf0123456789","object":"chat.completion.chunk","created":1763720000,'
    b'"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_0123456789",'
    b'"choices":[{"index":0,"delta":{"content":" token %d"},"logprobs":null,"finish_reason":null}]}\n\n'
)

Decode = Callable[[Iterable[bytes]], int]


def ours(reads: Iterable[bytes]) -> int:
    decoder = Decoder()
    return sum(len(decoder.feed(read)) for read in reads)


def httpx_sse(reads: Iterable[bytes]) -> int:
    """As httpx-sse does it over a response: bytes to text, text to lines, lines to events."""
    text, lines, events = codecs.getincrementaldecoder("utf-8")("replace"), SSELineDecoder(), SSEDecoder()
    return sum(events.decode(line) is not None for read in reads for line in lines.decode(text.decode(read)))


def openai_sdk(reads: Iterable[bytes]) -> int:
    return sum(1 for _ in OpenAIDecoder().iter_bytes(iter(reads)))


def bytes_split(reads: Iterable[bytes]) -> int:
    """The limit: no rules, only the cut between events."""
    count, rest = 0, b""
    for read in reads:
        *whole, rest = (rest + read).split(b"\n\n")
        count += len(whole)
    return count


# What each is compared with, and the ratio that was promised: None where there is only "as near as can be".
PEERS: dict[Decode, dict[str, float | None]] = {
    httpx_sse: {"64 KB reads": 2.0, "one event a read": 1.6},
    openai_sdk: {"64 KB reads": 4.0, "one event a read": 3.5},
    bytes_split: {"64 KB reads": None, "one event a read": None},
}


def main(megabytes: int = MEGABYTES) -> None:
    chunks = [CHUNK % number for number in range(megabytes * 1_000_000 // len(CHUNK))]
    body = b"".join(chunks)
    size, events = len(body), len(chunks)
    shapes = {
        "64 KB reads": [body[at : at + READ_SIZE] for at in range(0, size, READ_SIZE)],
        "one event a read": chunks,
    }
    print(f"{size / 1e6:.0f} MB, {events} events, processor time, best of {ROUNDS} rounds in turn")
    for shape, reads in shapes.items():
        best = best_seconds((ours, *PEERS), reads, events)
        print(f"{shape}: {events / best[ours] / 1e3:.0f} k events/s, {size / best[ours] / 1e6:.0f} MB/s")
        for peer, promised in PEERS.items():
            print(f"  {ratio_line(peer, best[peer] / best[ours], promised[shape])}")


def best_seconds(decoders: Sequence[Decode], reads: Sequence[bytes], events: int) -> dict[Decode, float]:
    """Seconds of processor time of each. They take turns, so that a busy moment of the machine hits all."""
    rounds = [{decode: _seconds(decode, reads, events) for decode in decoders} for _ in range(ROUNDS)]
    return {decode: min(times[decode] for times in rounds) for decode in decoders}


def ratio_line(peer: Decode, ratio: float, promised: float | None) -> str:
    name = peer.__name__.replace("_", "-")
    if promised is None:
        return f"{ratio:.2f} of the speed of {name}, the limit"
    return f"{ratio:.2f} times {name}, promised {promised}: {'kept' if ratio >= promised else 'NOT KEPT'}"


def _seconds(decode: Decode, reads: Sequence[bytes], events: int) -> float:
    start = time.process_time()
    counted = decode(reads)
    seconds = time.process_time() - start
    assert counted == events, f"{decode.__name__} saw {counted} of {events} events"
    return seconds


if __name__ == "__main__":
    main()
