"""From a step to the exact request that it sends, and to the headers of its key."""

from probes.runs.plan import Step
from probes.wire.dialects.base import STATUS, WireRequest
from probes.wire.dialects.table import DIALECTS


def auth_headers_of(step: Step, protocol: str, key: str) -> dict[str, str]:
    """What carries the key: a task is looked up as the endpoint's own `protocol` signs in."""
    signs_in_as = protocol if step.kind == STATUS else step.protocol
    return DIALECTS[signs_in_as].auth_headers(key)


def request_of(step: Step) -> WireRequest:
    """Without its key, and relative to the base URL of the endpoint or of the step's route."""
    return DIALECTS[step.protocol].request_for(
        step.kind,
        model=step.model,
        prompt=step.prompt,
        max_tokens=step.max_tokens,
        task_id=step.task_id,
        path=step.path,
    )
