"""How fast the decoder is, beside httpx-sse and the limit of a bare split, on the same OpenAI-like chunks."""

import codecs
import time
from collections.abc import Callable, Iterable, Sequence

from probes.wire.sse import Decoder

try:
    from httpx_sse._decoders import SSEDecoder, SSELineDecoder
except ImportError:  # the peer is a development package
    SSEDecoder = SSELineDecoder = None

MEGABYTES = 50
ROUNDS = 3
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


def bare_split(reads: Iterable[bytes]) -> int:
    """The limit: no rules, only the cut between events."""
    count, rest = 0, b""
    for read in reads:
        *whole, rest = (rest + read).split(b"\n\n")
        count += len(whole)
    return count


def rate(decode: Decode, reads: Sequence[bytes], events: int) -> float:
    """Events per second of processor time, the best of a few rounds."""
    return max(events / _seconds(decode, reads, events) for _ in range(ROUNDS))


def _seconds(decode: Decode, reads: Sequence[bytes], events: int) -> float:
    start = time.process_time()
    counted = decode(reads)
    seconds = time.process_time() - start
    assert counted == events, f"{decode.__name__} saw {counted} of {events} events"
    return seconds


def main(megabytes: int = MEGABYTES) -> None:
    chunks = [CHUNK % number for number in range(megabytes * 1_000_000 // len(CHUNK))]
    body = b"".join(chunks)
    reads = {
        "one event a read": chunks,
        "64 KB reads": [body[at : at + 65536] for at in range(0, len(body), 65536)],
    }
    peers = [decode for decode in (httpx_sse, bare_split) if SSEDecoder or decode is bare_split]
    print(f"decoder: {len(body) / 1e6:.0f} MB, {len(chunks)} events")
    for name, pieces in reads.items():
        base = rate(ours, pieces, len(chunks))
        against = "".join(
            f", {base / rate(peer, pieces, len(chunks)):.2f}x {peer.__name__.replace('_', '-')}"
            for peer in peers
        )
        print(f"  {name}: {base / 1e3:.0f} k events/s{against}")


if __name__ == "__main__":
    main()
