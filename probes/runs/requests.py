"""From a step to the exact request that it sends."""

from probes.runs.plan import Step
from probes.wire.dialects.base import WireRequest
from probes.wire.dialects.table import DIALECTS


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
