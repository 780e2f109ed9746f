"""A whole probe of a stream of 1,000 chunks beside `curl -N`: wall time and time of the first byte."""

import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.utils import timezone

from probes.endpoints.actions import seal_probe_key
from probes.endpoints.models import Endpoint
from probes.net.exchange import Destination, exchange
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.actions.perform_run import perform_run
from probes.runs.models import Run
from probes.runs.plan import plan_chat
from probes.wire.dialects.table import DIALECTS
from probes.wire.reader import Reader
from tests.bench.chunk_server import CHUNKS, model_for, serving

ROUNDS = 5
GAPS_MS = (1.0, 0.0)  # a thousand tokens a second, faster than any model; and as fast as a socket takes it
MOST_TIMES_CURL = 1.3
FIRST_BYTE_WITHIN_MS = 5.0
KEY = "sk-" + "bench" * 4
PROMPT = "Count from 1 to 1000."
OUTPUT_TOKENS = CHUNKS


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds. `outside_ms` includes what it took to start and end the program that asked."""

    wall_ms: float
    first_byte_ms: float
    outside_ms: float = 0.0


def main() -> None:
    if not shutil.which("curl"):
        print("curl is not installed, so there is nothing to compare with; on Debian: apt-get install curl")
        return
    with serving() as base_url:
        endpoint = _endpoint(base_url)
        for gap_ms in GAPS_MS:
            model = model_for(gap_ms)
            _run(endpoint, model)  # the first also pays for imports, compiled rules and connections
            rounds = [
                (_curl_both(base_url, model), _exchange(base_url, model), _run(endpoint, model))
                for _ in range(ROUNDS)
            ]
            _report(gap_ms, *(_best(column) for column in zip(*rounds, strict=True)))


def _curl_both(base_url: str, model: str) -> Timed:
    """curl asking what a run asks: the control, then the stream, which alone has the first byte."""
    control, stream = (_curl(base_url, model, stream=stream) for stream in (False, True))
    return Timed(stream.wall_ms, stream.first_byte_ms, control.outside_ms + stream.outside_ms)


def _curl(base_url: str, model: str, *, stream: bool) -> Timed:
    dialect = DIALECTS["openai_chat"]
    request = dialect.request_for(
        "stream" if stream else "control", model=model, prompt=PROMPT, max_tokens=OUTPUT_TOKENS
    )
    headers = [*request.headers, *dialect.auth_headers(KEY).items()]
    command = ["curl", "-sS", "-N", "-o", "/dev/null", "-w", "%{json}", "--data-binary", request.body]
    command += [part for name, value in headers for part in ("-H", f"{name}: {value}")]
    started = time.perf_counter()
    told = subprocess.run([*command, base_url + request.path], capture_output=True, check=True).stdout
    outside_ms = (time.perf_counter() - started) * 1000
    times = json.loads(told)
    return Timed(times["time_total"] * 1000, times["time_starttransfer"] * 1000, outside_ms)


def _exchange(base_url: str, model: str) -> Timed:
    """The exchange with its reader, and the facts in the end; no database."""
    dialect = DIALECTS["openai_chat"]
    started = time.perf_counter()
    reader = Reader(step="stream", dialect=dialect, wall_start=datetime.now(UTC))
    exchange(
        dialect.request_for("stream", model=model, prompt=PROMPT, max_tokens=OUTPUT_TOKENS),
        to=Destination(
            base_url=base_url, allowed_addresses=frozenset({urlsplit(base_url).netloc}), allow_http=True
        ),
        secret_headers=dialect.auth_headers(KEY),
        emit=reader.take,
        enough=reader.has_end_marker,
    )
    facts = reader.facts()
    wall_ms = (time.perf_counter() - started) * 1000
    assert facts.done_seen, facts
    assert facts.first_byte_ms is not None
    return Timed(wall_ms, facts.first_byte_ms)


def _run(endpoint: Endpoint, model: str) -> Timed:
    """All that a worker does for a run, from the claim to the last row: control and stream."""
    plan = plan_chat(terms_of(endpoint), model=model)
    queued = create_run(endpoint=endpoint, plan=plan, requested_by=None, now=timezone.now())
    started = time.perf_counter()
    run = perform_run(queued.pk, clock=timezone.now)
    wall_ms = (time.perf_counter() - started) * 1000
    assert run is not None
    assert run.state == Run.State.FINISHED, run.refusal
    facts = run.attempts.get(step="stream").read_facts()
    assert facts.done_seen, facts
    assert facts.first_byte_ms is not None
    return Timed(wall_ms, facts.first_byte_ms)


def _endpoint(base_url: str) -> Endpoint:
    endpoint = Endpoint.objects.create(
        slug="bench-chunks",
        base_url=base_url,
        protocol="openai_chat",
        probe_model=model_for(0),
        prompt=PROMPT,
        output_tokens=OUTPUT_TOKENS,
        allow_addresses=[urlsplit(base_url).netloc],
        requests_per_minute=6000,
        daily_budget=1000,
    )
    seal_probe_key(endpoint, KEY)
    return endpoint


def _best(times: tuple[Timed, ...]) -> Timed:
    """A busy moment of the machine hits whoever runs in it; the best round had none."""
    return Timed(
        min(time.wall_ms for time in times),
        min(time.first_byte_ms for time in times),
        min(time.outside_ms for time in times),
    )


def _report(gap_ms: float, curl: Timed, exchanged: Timed, run: Timed) -> None:
    pace = f"{gap_ms:g} ms apart" if gap_ms else "as fast as the socket takes them"
    print(f"{CHUNKS} chunks {pace}, best of {ROUNDS} rounds in turn")
    print(
        f"  curl: stream {curl.wall_ms:.1f} ms; control and stream as two programs {curl.outside_ms:.1f} ms"
    )
    _compare("exchange and facts", exchanged.wall_ms, curl.wall_ms, is_promised=True)
    # A run's rows cost the same however quick the stream is, and no model is as quick as a loopback socket.
    _compare("whole run, control and stream", run.wall_ms, curl.outside_ms, is_promised=gap_ms > 0)
    later = [timed.first_byte_ms - curl.first_byte_ms for timed in (exchanged, run)]
    kept = _kept(all(abs(ms) <= FIRST_BYTE_WITHIN_MS for ms in later))
    print(
        f"  first byte: curl {curl.first_byte_ms:.1f} ms, exchange {later[0]:+.1f} ms,"
        f" run {later[1]:+.1f} ms, promised within {FIRST_BYTE_WITHIN_MS:g}: {kept}"
    )


def _compare(what: str, ours_ms: float, curl_ms: float, *, is_promised: bool) -> None:
    ratio = ours_ms / curl_ms
    verdict = f", promised {MOST_TIMES_CURL}: {_kept(ratio <= MOST_TIMES_CURL)}" if is_promised else ""
    print(f"  {what}: {ours_ms:.1f} ms, {ratio:.2f} times curl ({ours_ms - curl_ms:+.1f} ms){verdict}")


def _kept(is_kept: bool) -> str:
    return "kept" if is_kept else "NOT KEPT"


if __name__ == "__main__":
    main()
