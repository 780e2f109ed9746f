"""The command that sends a step again by hand, with the key left as a variable of the shell."""

import shlex
from urllib.parse import urlsplit

from probes.runs.plan import Step
from probes.wire.dialects.base import WireRequest, join_url
from probes.wire.dialects.table import DIALECTS

KEY_VARIABLE = "$PROBE_KEY"


def curl_for(step: Step, *, base_url: str, total_s: float) -> str:
    """One curl command, ready to paste; it costs what a probe costs and reads the key from PROBE_KEY."""
    dialect = DIALECTS[step.protocol]
    request = dialect.request_for(
        step.kind, model=step.model, prompt=step.prompt, max_tokens=step.max_tokens, task_id=step.task_id
    )
    parts = [
        f"curl -sS -N -i -X {request.method} --max-time {total_s:g}",
        shlex.quote(_address(base_url, request)),
        *(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers),
        *(f'-H "{name}: {value}"' for name, value in dialect.auth_headers(KEY_VARIABLE).items()),
    ]
    if request.body:
        parts.append(f"--data-raw {shlex.quote(request.body.decode())}")
    return " \\\n  ".join(parts)


def _address(base_url: str, request: WireRequest) -> str:
    """Without anything that a base URL might carry before its host."""
    address = urlsplit(join_url(base_url, request.path))
    return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
