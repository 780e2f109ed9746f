"""How fast a field and a log are masked, beside a plain RE2 scan for the same patterns as the limit."""

import random
import time
from collections.abc import Callable

import re2

from probes.redaction.catalogue import RULES
from probes.redaction.engine import builtin_redactor
from probes.redaction.samples import expand

_LINE = (
    "2026-11-05T20:16:02Z INFO [gateway] upstream=https://api.openai.com/v1 model=gpt-4o-2024-11-20"
    " status=502 prompt_tokens=<d4> cost=0.<d8> USD request_id=20260703537380214994<an8>\n"
)
_FIELD = "客户说流式请求一直中断，模型 gpt-4o，报错 Request timed out. 请求ID req_<hex32>，重试了三次。\n"
_MEGABYTE = 1_000_000


def main() -> None:
    rng = random.Random(1)
    field = "".join(expand(_FIELD, rng) for _ in range(20))[:1000]
    log = "".join(expand(_LINE, rng) for _ in range(_MEGABYTE // 150))
    redact = builtin_redactor().redact
    redact(field)

    print(f"field of 1,000 characters: {1000 * _seconds(lambda: redact(field), 50):.2f} ms (limit 1 ms)")
    once, tenfold = _seconds(lambda: redact(log), 1), _seconds(lambda: redact(log * 10), 1)
    scanner = _plain_scanner()
    scan = _seconds(lambda: [scanner.Match(line) for line in log.split("\n")], 1)
    print(f"log of 1 MB: {len(log) / once / 1e6:.1f} MB/s; of 10 MB: {len(log) / tenfold / 1e5:.1f} MB/s")
    print(f"ten times the text takes {tenfold / once:.1f} times the time (linear: 10)")
    print(f"plain RE2 scan of the same {len(RULES)} patterns, line by line: {len(log) / scan / 1e6:.1f} MB/s")
    print(f"ratio to that limit: {scan / once:.2f}")


def _plain_scanner() -> re2.Set:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 128 * 1024 * 1024
    scanner = re2.Set.SearchSet(options)
    for rule in RULES:
        scanner.Add(rule.pattern)
    scanner.Compile()
    return scanner


def _seconds(run: Callable[[], object], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - started) / times
