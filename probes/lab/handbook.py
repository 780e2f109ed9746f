"""docs/lab.md, written from the table of behaviours: `python -m probes.lab.handbook > docs/lab.md`."""

import sys
from collections.abc import Iterator

from probes.lab.behaviours import BEHAVIOURS, SECTIONS, Behaviour
from probes.lab.protocols import PROTOCOLS

_INTRODUCTION = """# The lab

A real HTTP/1.1 server on loopback whose models misbehave on request: for trying the desk, for its tests, and
for seeing what a fault looks like on the wire. It needs no account and reaches nothing.

<!-- Written by `python -m probes.lab.handbook > docs/lab.md`. Do not edit; edit probes/lab/behaviours.py. -->

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
named, as a real endpoint with that fault would.

| Path | Speaks |
|---|---|
"""

_OTHER_PATHS = (
    ("GET /v1/models", "the list of behaviours"),
    ("POST /v1/videos, /v1/video/generations, /v1/images/generations", "submits a task (and counts it)"),
    ("GET /v1/videos/{task_id}", "the task as OpenAI's video object"),
    ("GET /v1/tasks/{task_id}, /v1/video/generations/{task_id}", "the task in a code/data envelope"),
    ("GET /plain/tasks/{task_id}", "the task as a flat object"),
    ("GET /lab/counters", "how many POSTs came in, by path and model, and by X-Probe-Id"),
    ("POST /lab/reset", "sets the counters to zero"),
)

_ADDING = """
## Add a behaviour

1. Write its row in `probes/lab/behaviours.py`: name, sentences, the verdicts that a right diagnosis may give.
2. Say how it is done, as a row of the table it belongs to: `errors.py` (JSON errors), `pages.py` (web pages,
   redirects, odd bodies), `streams.py` (edits of frames, deliveries, endings), `wrecks.py` (what breaks
   HTTP), `tasks.py`.
3. Run `python -m probes.lab.handbook > docs/lab.md` and the tests of `tests/probes/lab`.
"""


def page() -> str:
    """The whole of docs/lab.md."""
    return "".join((_INTRODUCTION, *_paths(), f"\n{len(BEHAVIOURS)} behaviours:\n", *_sections(), _ADDING))


def _paths() -> Iterator[str]:
    for name, protocol in PROTOCOLS.items():
        yield f"| POST {protocol.path} | `{name}`, streamed or not |\n"
    for path, words in _OTHER_PATHS:
        yield f"| {path} | {words} |\n"


def _sections() -> Iterator[str]:
    for title, rows in SECTIONS.items():
        yield f"\n## {title}\n\n| Model | Does | 行为 | A right diagnosis |\n|---|---|---|---|\n"
        yield from map(_row, rows)


def _row(behaviour: Behaviour) -> str:
    codes = ", ".join(f"`{code}`" for code in behaviour.expect)
    return f"| {_name(behaviour)} | {behaviour.english} | {behaviour.chinese} | {codes} |\n"


def _name(behaviour: Behaviour) -> str:
    if not behaviour.unit:
        return f"`{behaviour.name}`"
    return f"`{behaviour.name}:{behaviour.default:g}` ({behaviour.unit})"


if __name__ == "__main__":
    sys.stdout.write(page())
