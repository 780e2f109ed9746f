"""Probes a LiteLLM proxy through the product, beside the lab behind it, and writes tables to stdout.

`python -m tests.gateways.litellm_run --litellm PROGRAM`. Everything is its own: a desk in a folder that goes
away, a lab, and the LiteLLM of a virtual environment that is no part of the project. docs/gateways.md tells
what came of it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from probes.lab.protocols import PROTOCOLS as LAB_PROTOCOLS
from probes.lab.server import Lab
from tests.probes.lab.asking import KEY
from tests.supervision.desk import a_var_folder, free_port, manage
from triage.embedded import ROOT

READY_WITHIN_S = 180
AT_ONCE = 3
DEADLINES = ("--first-byte-s", "12", "--idle-s", "6.5", "--total-s", "40")
PROTOCOLS = {"openai_chat": ("lab", "/v1"), "anthropic": ("claude", "")}
FAULTS = (
    *("ok", "usage_chunk", "reasoning", "reasoning_only", "tool_calls", "empty_content"),
    *("truncated_chunked", "reset_mid", "clean_eof_mid", "no_done", "missing_finish", "stall_mid:30"),
    *("error_in_stream", "error_unframed", "broken_json_chunk", "double_delta", "heartbeat_then_ok:2"),
    *("buffered:2", "flag_ignored_json", "html_200", "malformed_json", "error_in_200"),
    *(
        "rate_limit:20",
        "rate_limit_ms",
        "rate_limit_headers:12",
        "quota_insufficient",
        "upstream_saturated_429",
    ),
    *("auth_401", "invalid_key_401", "model_404", "context_length_400", "content_filter_400"),
    *("error_500", "overloaded_503", "bad_gateway_502", "gateway_timeout_504:1", "close_before_headers"),
)
CLAUDE_FAULTS = (
    "ok",
    "truncated_chunked",
    "no_done",
    "error_in_stream",
    "tool_calls",
    "rate_limit:20",
    "overloaded_529",
)
MOCKS = ("mock-ok", "mock-429", "mock-500", "mock-context")

_CONFIG = """
model_list:
  - model_name: mock-ok
    litellm_params: {{model: openai/mock, api_key: none, mock_response: "One, two, three, four, five."}}
  - model_name: mock-429
    litellm_params: {{model: openai/mock, api_key: none, mock_response: "litellm.RateLimitError"}}
  - model_name: mock-500
    litellm_params: {{model: openai/mock, api_key: none, mock_response: "litellm.InternalServerError"}}
  - model_name: mock-context
    litellm_params: {{model: openai/mock, api_key: none, mock_response: "litellm.ContextWindowExceededError"}}
  - model_name: "lab/*"
    litellm_params: {{model: "openai/*", api_base: "{lab}/v1", api_key: {key}}}
  - model_name: "claude/*"
    litellm_params: {{model: "anthropic/*", api_base: "{lab}", api_key: {key}}}
general_settings:
  master_key: {key}
"""
# LiteLLM reaches for the internet when it starts, unless told not to.
_ALONE = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "NO_PROXY": "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One probe: the facts of its steps by kind, the verdict, and how many POSTs reached the lab."""

    facts: dict[str, dict[str, Any]]
    verdict: dict[str, Any]
    posts: int
    problem: str = ""

    def as_row(self) -> str:
        if self.problem:
            return self.problem
        steps = "; ".join(f"{kind}: {_short(facts)}" for kind, facts in self.facts.items())
        return f"{steps} → `{self.verdict['code']}` ({self.verdict['owner']}), {self.posts} POST"


class Prober:
    """A desk of its own with an endpoint for each probe, so that no breaker opens for another's faults."""

    def __init__(self, var: Path, lab: Lab, proxy: str) -> None:
        self._var, self._lab, self._proxy = var, lab, proxy

    def direct(self, fault: str, protocol: str) -> Seen:
        return self._probe(f"{self._lab.base_url}/v1", fault, protocol, counted=fault)

    def through(self, fault: str, protocol: str) -> Seen:
        prefix, path = PROTOCOLS[protocol]
        return self._probe(f"{self._proxy}{path}", f"{prefix}/{fault}", protocol, counted=fault)

    def mock(self, model: str) -> Seen:
        return self._probe(f"{self._proxy}/v1", model, "openai_chat", counted=model)

    def _probe(self, base_url: str, model: str, protocol: str, *, counted: str) -> Seen:
        slug = f"{protocol}-{base_url.split(':')[2]}-{model}"
        slug = "".join(letter if letter.isalnum() else "-" for letter in slug).lower()[:60]
        added = manage(
            self._var,
            *("endpoints", "add", "--slug", slug, "--base-url", base_url, "--protocol", protocol),
            *("--model", model, "--key-env", "FRONT_KEY", "--allow-address", base_url.split("/")[2]),
            *DEADLINES,
            FRONT_KEY=KEY,
        )
        if added.returncode:
            return Seen({}, {}, 0, added.stderr.strip())
        before = self._posts(protocol, counted)
        answer = manage(self._var, "probe", "--endpoint", slug, "--json", FRONT_KEY=KEY)
        if answer.returncode:
            return Seen({}, {}, 0, answer.stderr.strip())
        result = json.loads(answer.stdout.strip().splitlines()[-1])
        facts = {facts["step"]: facts for facts in result["attempts"]}
        return Seen(
            facts,
            result["verdict"],
            self._posts(protocol, counted) - before,
        )

    def _posts(self, protocol: str, model: str) -> int:
        return self._lab.counters.posts(path=LAB_PROTOCOLS[protocol].path, model=model)


_ALWAYS_TOLD = ("failure", "body_kind", "finish_reason", "error_type", "error_code", "retry_after_s")
_TOLD_WHEN_SEEN = (
    *("content_chars", "reasoning_chars", "tool_calls", "usage_seen", "in_stream_error"),
    *("malformed_events", "comments"),
)
_USUAL = ("json_ok", "events")


def _short(facts: dict[str, Any]) -> str:
    """What tells one attempt from another, in as few words as a table bears."""
    if facts.get("skipped"):
        return f"skipped ({facts['skipped']})"
    names = [*_ALWAYS_TOLD, *(["end_mode"] if facts["step"] == "stream" else []), *_TOLD_WHEN_SEEN]
    told = [f"{name}={facts[name]}" for name in names if facts.get(name) and facts[name] not in _USUAL]
    return " ".join([str(facts.get("status", "no answer")), *told])


@contextmanager
def running_litellm(program: str, lab: Lab) -> Iterator[str]:
    """The base address of a proxy in front of the lab."""
    with tempfile.TemporaryDirectory(prefix="desk-litellm-") as folder:
        config = Path(folder) / "config.yaml"
        config.write_text(_CONFIG.format(lab=lab.base_url, key=KEY))
        port = free_port()
        command = [program, "--config", str(config), "--port", str(port), "--host", "127.0.0.1"]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                command, env=os.environ | _ALONE, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder
            )
            try:
                _wait_for(f"http://127.0.0.1:{port}/health/liveliness", process)
                yield f"http://127.0.0.1:{port}"
            finally:
                process.kill()  # asked kindly, it waits for streams that never end
                process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"LiteLLM did not start within {READY_WITHIN_S} s")


@contextmanager
def open_desk(var: Path) -> Iterator[None]:
    """Keep the desk's servers up between commands, each of which would else start and stop them."""
    manage(var, "endpoints", "list")  # makes the tables
    held = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "shell", "-v", "0", "-c", "input()"],
        env=os.environ | {"DESK_VAR": str(var)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        held.communicate(b"\n", timeout=30)


def _pair(prober: Prober, fault: str, protocol: str) -> tuple[Seen, Seen]:
    """One after the other, so that the lab's counter tells them apart."""
    return prober.direct(fault, protocol), prober.through(fault, protocol)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--litellm", default="/tmp/litellm-venv/bin/litellm", help="the program to run")
    parser.add_argument("--facts", default=os.devnull, help="a file for all facts, one JSON line a pair")
    parser.add_argument("--only", nargs="+", metavar="MODEL", help="of the lab's; all of the list without")
    options = parser.parse_args()
    jobs = [(fault, "openai_chat") for fault in FAULTS] + [(fault, "anthropic") for fault in CLAUDE_FAULTS]
    jobs = [job for job in jobs if not options.only or job[0] in options.only]
    with (
        a_var_folder() as var,
        Lab() as lab,
        running_litellm(options.litellm, lab) as proxy,
        open_desk(var),
        ThreadPoolExecutor(AT_ONCE) as pool,
        Path(options.facts).open("w") as facts,
    ):
        prober = Prober(var, lab, proxy)
        print("| Mock model | Through LiteLLM |\n|---|---|")
        for model, seen in zip(MOCKS, pool.map(prober.mock, MOCKS), strict=True):
            print(f"| `{model}` | {seen.as_row()} |", flush=True)
            print(json.dumps({"model": model, "through": asdict(seen)}), file=facts, flush=True)
        print("\n| Upstream | Protocol | Direct | Through LiteLLM |\n|---|---|---|---|")
        for (fault, protocol), (direct, through) in zip(
            jobs, pool.map(lambda job: _pair(prober, *job), jobs), strict=True
        ):
            print(f"| `{fault}` | {protocol} | {direct.as_row()} | {through.as_row()} |", flush=True)
            row = {"model": fault, "protocol": protocol, "direct": asdict(direct), "through": asdict(through)}
            print(json.dumps(row), file=facts, flush=True)


if __name__ == "__main__":
    main()
