"""The command that sends a step again by hand, with the key left as a variable of the shell."""

import shlex
from urllib.parse import urlsplit

from probes.runs.plan import Step
from probes.runs.requests import request_of
from probes.wire.dialects.base import WireRequest, join_url
from probes.wire.dialects.table import DIALECTS

KEY_VARIABLE = "$PROBE_KEY"


def curl_for(step: Step, *, base_url: str, total_s: float) -> str:
    """One curl command, ready to paste; it costs what a probe costs and reads the key from PROBE_KEY.

    `base_url` is that of the endpoint, or of the route that the step takes.
    """
    request, dialect = request_of(step), DIALECTS[step.protocol]
    address = _address(base_url, request)
    parts = [
        f"curl -sS -N -i{_options(step, address)} -X {request.method} --max-time {total_s:g}",
        shlex.quote(address),
        *(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers),
        *(f'-H "{name}: {value}"' for name, value in dialect.auth_headers(KEY_VARIABLE).items()),
    ]
    if request.body:
        parts.append(f"--data-raw {shlex.quote(request.body.decode())}")
    return " \\\n  ".join(parts)


def _options(step: Step, address: str) -> str:
    """What curl needs to be told beside the request itself.

    --compressed only makes it undo the coding; which one is asked for stands in the headers.
    """
    if step.kind == "http2":
        return " --http2" if address.startswith("https:") else " --http2-prior-knowledge"
    return {"gzip": " --compressed", "websocket": " --http1.1"}.get(step.kind, "")


def _address(base_url: str, request: WireRequest) -> str:
    """Without anything that a base URL might carry before its host."""
    address = urlsplit(join_url(base_url, request.path))
    return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
