"""What sends a step again by hand, with the key left as a variable of the environment."""

import shlex
from dataclasses import dataclass
from urllib.parse import urlsplit

from probes.runs.plan import Step
from probes.runs.requests import auth_headers_of, request_of
from probes.wire.dialects.base import WireRequest, join_url

KEY_VARIABLE = "$PROBE_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a step went, and how: `base_url` is that of the endpoint, or of the route that the step takes."""

    base_url: str
    protocol: str  # of the endpoint
    total_s: float


def curl_for(step: Step, target: Target) -> str:
    """One curl command, ready to paste; it costs what a probe costs and reads the key from PROBE_KEY."""
    request, secrets = request_of(step), auth_headers_of(step, target.protocol, KEY_VARIABLE)
    address = address_of(target.base_url, request)
    parts = [
        f"curl -sS -N -i{_options(step, address)} -X {request.method} --max-time {target.total_s:g}",
        shlex.quote(address),
        *(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers),
        *(f'-H "{name}: {value}"' for name, value in secrets.items()),
    ]
    if request.body:
        parts.append(f"--data-raw {shlex.quote(request.body.decode())}")
    return " \\\n  ".join(parts)


def python_for(step: Step, target: Target) -> str:
    """A Python script for httpx that prints every piece as it comes; the key is read as `curl_for` does."""
    request = request_of(step)
    version = "http1=False, http2=True, " if step.kind == "http2" else ""
    client = f"httpx.Client({version}trust_env=False, timeout={target.total_s:g})"
    headers = [*(f"    {name!r}: {value!r}," for name, value in request.headers), *_auth_lines(step, target)]
    return "\n".join(
        (
            "import os, httpx",
            "",
            f"url = {address_of(target.base_url, request)!r}",
            "headers = {",
            *headers,
            "}",
            f"body = {request.body.decode()!r}",
            f"with {client} as client:",
            f"    with client.stream({request.method!r}, url, headers=headers, content=body) as answer:",
            "        print(answer.http_version, answer.status_code, dict(answer.headers))",
            "        for piece in answer.iter_raw():",
            "            print(piece)",
        )
    )


def _auth_lines(step: Step, target: Target) -> list[str]:
    headers = auth_headers_of(step, target.protocol, "")
    return [f"    {name!r}: {value!r} + os.environ['PROBE_KEY']," for name, value in headers.items()]


def _options(step: Step, address: str) -> str:
    """What curl needs to be told beside the request itself.

    --compressed only makes it undo the coding; which one is asked for stands in the headers.
    """
    if step.kind == "http2":
        return " --http2" if address.startswith("https:") else " --http2-prior-knowledge"
    return {"gzip": " --compressed", "websocket": " --http1.1"}.get(step.kind, "")


def address_of(base_url: str, request: WireRequest) -> str:
    """Where a request goes, without anything that a base URL might carry before its host."""
    address = urlsplit(join_url(base_url, request.path))
    return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
