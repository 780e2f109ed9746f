"""Facts from really asking the lab: control, then stream, as a run asks them, without a database."""

from dataclasses import replace
from datetime import UTC, datetime

from probes.lab.behaviours import parse_model
from probes.lab.reception import KEY_PREFIX
from probes.lab.server import Lab
from probes.net.exchange import Deadlines, Destination, exchange
from probes.runs.plan import Step
from probes.runs.skipping import why_skip
from probes.wire.dialects.media_task import MediaTask
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.reader import Reader

PROMPT = "Describe in plain words how a steady stream of water is measured."
DEADLINES = Deadlines(connect_s=5, first_byte_s=40, idle_s=15, total_s=60, grace_s=2)
OUTPUT_TOKENS = 600


def probe_facts(
    lab: Lab, behaviour: str, protocol: str = "openai_chat", *, deadlines: Deadlines = DEADLINES
) -> tuple[Facts, ...]:
    """What a run would see of this behaviour (`name` or `name:arg`); a task is looked up by its id."""
    if behaviour.startswith("task_"):
        return (
            _ask(lab, Step(kind="status", protocol="media_task", model="", task_id=behaviour), deadlines),
        )
    seen: list[Facts] = []
    for kind in ("control", "stream"):
        step = Step(kind=kind, protocol=protocol, model=behaviour, prompt=PROMPT, max_tokens=OUTPUT_TOKENS)
        if not why_skip(step, tuple(seen)):
            seen.append(_ask(lab, step, deadlines))
    return tuple(seen)


def behaviour_in(words: str | None) -> str:
    """The behaviour that a description such as "buffered:6: whole stream held back" begins with, if any."""
    if not words:
        return ""
    name, _, rest = words.partition(":")
    arg = rest.split(":")[0].strip()
    model = f"{name}:{arg}" if arg.replace(".", "", 1).isdigit() else name
    return model if parse_model(model) else ""


def _ask(lab: Lab, step: Step, deadlines: Deadlines) -> Facts:
    dialect = DIALECTS[step.protocol]
    if isinstance(dialect, MediaTask):
        dialect = replace(dialect, path="/v1/tasks/{task_id}")
    reader = Reader(step=step.kind, dialect=dialect, wall_start=datetime.now(UTC))
    exchange(
        dialect.request_for(
            step.kind, model=step.model, prompt=step.prompt, max_tokens=step.max_tokens, task_id=step.task_id
        ),
        to=Destination(
            base_url=f"{lab.base_url}/v1" if step.protocol.startswith("openai") else lab.base_url,
            allowed_addresses=frozenset({lab.base_url.removeprefix("http://")}),
            allow_http=True,
        ),
        secret_headers=dialect.auth_headers(KEY_PREFIX + "bench"),
        deadlines=deadlines,
        emit=reader.take,
        enough=reader.has_end_marker,
    )
    return reader.facts()
