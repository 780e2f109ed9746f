"""docs/lab.md, written from the table of behaviours: `python -m probes.lab.handbook > docs/lab.md`."""

import sys
from collections.abc import Iterator

from probes.lab.behaviour import Behaviour
from probes.lab.behaviours import BEHAVIOURS, SECTIONS
from probes.lab.promises import AS_OK, By, Containing, Expected, Promise, Shows, Within
from probes.lab.protocols import PROTOCOLS

_INTRODUCTION = """# The lab

A real HTTP/1.1 server on loopback whose models misbehave on request: for trying the desk, for its tests, and
for seeing what a fault looks like on the wire. It needs no account and reaches nothing.

<!-- Written by `python -m probes.lab.handbook > docs/lab.md`. Do not edit; edit probes/lab/sections/. -->

## Use it

    python manage.py lab --port 9100
    curl -N http://127.0.0.1:9100/v1/chat/completions -H "Authorization: Bearer sk-lab-demo" \\
      -H "Content-Type: application/json" \\
      -d '{"model": "stall_mid:20", "stream": true, "messages": [{"role": "user", "content": "hello"}]}'

In a test, `with Lab() as lab:` (from `probes.lab.server`) gives `lab.base_url` and
`lab.counters.posts(model="ok")`.

The model name chooses the behaviour: `name`, or `name:arg` where the table names a unit. Any key that begins
with `sk-lab-` is accepted, as Bearer, `x-api-key` or `api-key`. With `max_tokens` of 300 or more the answer
has about that many tokens, else at most 90. A base URL of `/as/stall_mid:20/v1` behaves so whatever model is
named, as a real endpoint with that fault would. `/edge/` before any of these paths (`/edge/v1`,
`/edge/as/edge_buffers:4/v1`) is a second route to the same models, through one more hop.

| Path | Speaks |
|---|---|
"""

_OTHER_PATHS = (
    ("GET /v1/models", "the list of behaviours, as OpenAI or as Anthropic writes it"),
    ("GET /v1/balance", "what is left as `{balance, currency}`"),
    ("GET /v1/dashboard/billing/subscription, …/usage", "the same in two halves, as one-api tells it"),
    ("GET /v1/user/balance, /v1/credits", "the same as DeepSeek and OpenRouter tell it"),
    ("GET /v1/user/info, /v1/users/me/balance", "the same as SiliconFlow and Moonshot tell it"),
    ("GET /v1/realtime", "a WebSocket's door: it opens, and nothing is said behind it"),
    ("POST /v1/videos, /v1/video/generations, /v1/images/generations", "submits a task (and counts it)"),
    ("GET /v1/videos/{task_id}", "the task as OpenAI's video object"),
    ("GET /v1/tasks/{task_id}, /v1/video/generations/{task_id}", "the task in a code/data envelope"),
    ("GET /plain/tasks/{task_id}", "the task as a flat object"),
    ("GET /lab/counters", "how many POSTs came in, by path and model, and by X-Probe-Id"),
    ("POST /lab/reset", "sets the counters to zero"),
)

_ADDING = """
## Add a behaviour

1. Write its row in a file of `probes/lab/sections/`: name, sentences, the verdicts that a right diagnosis may
   give, and the facts that a run shows (`promises.py` has the words for them).
2. Say how it is done, as a row of the table it belongs to: `errors.py` (JSON errors), `pages.py` (web pages,
   redirects, odd bodies), `streams.py` (edits of frames, deliveries, endings), `wrecks.py` (what breaks
   HTTP), `conditional.py` (faults of some requests only), `look_ups.py`, `tasks.py`.
3. Run `python -m probes.lab.handbook > docs/lab.md` and the tests of `tests/probes/lab`.
"""


_LITERALS = {"None": "unseen", "''": "empty", "True": "true", "False": "false"}

_FACTS = """
## What a run shows

Under each table stands what the facts of each step are in every protocol in which the behaviour shows. They
are promised: `tests/probes/lab/test_promises.py` runs them all, so a rule, a page or a script may rely on
them. A fact that is not named is not promised. What "as `ok`" means:

"""


def page() -> str:
    """The whole of docs/lab.md."""
    number = f"\n{len(BEHAVIOURS)} behaviours:\n"
    return "".join((_INTRODUCTION, *_paths(), _FACTS, *_as_ok(), number, *_sections(), _ADDING))


def _paths() -> Iterator[str]:
    for name, protocol in PROTOCOLS.items():
        yield f"| POST {protocol.path} | `{name}`, streamed or not |\n"
    for path, words in _OTHER_PATHS:
        yield f"| {path} | {words} |\n"


def _sections() -> Iterator[str]:
    for title, rows in SECTIONS.items():
        yield f"\n## {title}\n\n| Model | Does | 行为 | A right diagnosis |\n|---|---|---|---|\n"
        yield from map(_row, rows)
        yield "\n| Model | Promised facts |\n|---|---|\n"
        yield from (f"| {_name(row)} | {'; '.join(_steps(row.shows))} |\n" for row in rows)


def _row(behaviour: Behaviour) -> str:
    codes = ", ".join(f"`{code}`" for code in behaviour.expect)
    return f"| {_name(behaviour)} | {behaviour.english} | {behaviour.chinese} | {codes} |\n"


def _name(behaviour: Behaviour) -> str:
    if not behaviour.unit:
        return f"`{behaviour.name}`"
    return f"`{behaviour.name}:{behaviour.default:g}` ({behaviour.unit})"


def _as_ok() -> Iterator[str]:
    for kind, promise in AS_OK.items():
        yield f"- {kind}: {_told(promise)}\n"


def _steps(shows: Shows) -> Iterator[str]:
    """What each step shows; steps that show the same are told together."""
    told: dict[str, list[str]] = {}
    for kind, promise in shows.items():
        told.setdefault(_told_beside_ok(kind, promise), []).append(kind)
    for words, kinds in told.items():
        yield f"{', '.join(kinds)}: {words}"


def _told_beside_ok(kind: str, promise: Promise) -> str:
    usual = AS_OK["control" if kind == "control" else "stream"]
    if not set(usual) <= set(promise):
        return _told(promise)
    odd = {name: value for name, value in promise.items() if name not in usual or usual[name] != value}
    return f"as `ok`, but {_told(odd)}" if odd else "as `ok`"


def _told(promise: Promise) -> str:
    return ", ".join(f"{name} {_value(expected)}" for name, expected in promise.items())


def _value(expected: Expected | By) -> str:
    if isinstance(expected, By):
        ways = [f"{_value(value)} in {way}" for way, value in expected.ways.items()]
        return f"{_value(expected.rest)} ({', '.join(ways)})"
    if isinstance(expected, (Within, Containing)):
        return str(expected)
    return _LITERALS.get(repr(expected)) or f"`{expected}`"


if __name__ == "__main__":
    sys.stdout.write(page())
