"""How fast a field and a log are masked, beside detect-secrets and a plain RE2 scan of the same patterns."""

import random
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import re2
from detect_secrets.core.scan import scan_line
from detect_secrets.settings import default_settings

from probes.redaction.catalogue import RULES
from probes.redaction.engine import Redactor, builtin_redactor
from probes.redaction.rule import Rule
from probes.redaction.samples import expand
from tests.bench.sample_log import make_log
from tests.cases.secret_cases import generate
from tests.probes.redaction.leaks import survives

_FIELD = "客户说流式请求一直中断，模型 gpt-4o，报错 Request timed out. 请求ID req_<hex32>，重试了三次。\n"
_LOG = 10_000_000  # characters
_SLOW = 300_000  # of them for detect-secrets, which needs a minute and a half for all
_MEGA = 1e6


def main() -> None:
    _field()
    for name, every in (("clean", 0), ("one entry in 100 with a secret", 100)):
        _log(name, make_log(_LOG, secret_every=every))
    _recall(list(generate(21))[:300])
    _evil_pattern()


def _field() -> None:
    rng = random.Random(1)
    field = "".join(expand(_FIELD, rng) for _ in range(20))[:1000]
    redact = builtin_redactor().redact
    redact(field)
    print(f"field of 1,000 characters: {1000 * _seconds(lambda: redact(field), 50):.2f} ms (limit 1 ms)")


def _log(name: str, log: str) -> None:
    print(f"log of {len(log) / _MEGA:.0f} MB, {name}:")
    lines, some = log.split("\n"), log[:_SLOW].split("\n")
    builtin_redactor().prepare()
    scanner = _plain_scanner()
    limit = len(log) / _seconds(lambda: [scanner.Match(line) for line in lines])
    ours = len(log) / _seconds(lambda: builtin_redactor().redact(log))
    theirs = _SLOW / _seconds(lambda: _detected(some))
    print(f"  this redactor {ours / _MEGA:.2f} MB/s (aim 20); detect-secrets {theirs / _MEGA:.2f} MB/s")
    print(f"  RE2 Set, line by line, hints of the same {len(RULES)} rules: {limit / _MEGA:.1f} MB/s")
    print(f"  {ours / theirs:.1f} times detect-secrets, {ours / limit:.2f} of the scan")


def _recall(cases: list[dict[str, Any]]) -> None:
    secrets = [(case, secret) for case in cases for secret in case["secrets"]]
    masked = {case["id"]: builtin_redactor().redact(case["text"]).text for case in cases}
    theirs = {case["id"]: _cut_out(case["text"]) for case in cases}
    for name, texts in (("this redactor", masked), ("detect-secrets", theirs)):
        kept = [s for case, s in secrets if not any(survives(core, texts[case["id"]]) for core in s["core"])]
        print(
            f"recall of {name} on {len(secrets)} secrets of independent cases: {len(kept) / len(secrets):.3f}"
        )


def _evil_pattern() -> None:
    evil = Redactor([Rule(name="evil", kind="evil", pattern=r"(sk-(a+)+)+$")], shapes_only=True)
    times = [_seconds(lambda n=n: evil.redact("sk-" + "a" * n + "!")) for n in (10_000, 100_000, 1_000_000)]
    print("(sk-(a+)+)+$ on 10 KB, 100 KB, 1 MB: " + ", ".join(f"{1000 * t:.1f} ms" for t in times))


def _plain_scanner() -> re2.Set:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 128 * 1024 * 1024
    scanner = re2.Set.SearchSet(options)
    for rule in RULES:
        scanner.Add(rule.hint or rule.pattern)
    scanner.Compile()
    return scanner


def _detected(lines: Iterable[str]) -> list[str]:
    with default_settings():
        return [found.secret_value for line in lines for found in scan_line(line) if found.secret_value]


def _cut_out(text: str) -> str:
    """The text without what detect-secrets found, longest first."""
    found = sorted(set(_detected(text.split("\n"))), key=len, reverse=True)
    return re.sub("|".join(map(re.escape, found)), "*", text) if found else text


def _seconds(run: Callable[[], object], times: int = 1) -> float:
    """Of processor time: on a busy machine a clock would measure the neighbours."""
    started = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - started) / times
