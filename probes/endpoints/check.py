"""Asks an endpoint for its model list: free, and it shows whether address, TLS and key are right."""

from typing import Any

from django.utils import timezone

from probes.endpoints.actions import open_probe_key
from probes.endpoints.models import Endpoint
from probes.net.exchange import exchange
from probes.wire.dialects.base import WireRequest
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.moments import Connected, Moment, Resolved
from probes.wire.reader import Reader


def check_endpoint(endpoint: Endpoint) -> dict[str, Any]:
    """Where the name leads, which address was used, and what the model list answered."""
    dialect = DIALECTS[endpoint.protocol]
    reader = Reader(step="control", dialect=dialect, wall_start=timezone.now())
    moments: list[Moment] = []

    def keep(moment: Moment) -> None:
        moments.append(moment)
        reader.take(moment)

    key = open_probe_key(endpoint)
    exchange(
        WireRequest("GET", "/models", (("accept", "application/json"),), b""),
        to=endpoint.destination(),
        secret_headers=dialect.auth_headers(key) if key else {},
        deadlines=endpoint.deadlines(),
        emit=keep,
    )
    return _result(reader.facts(), moments)


def _result(facts: Facts, moments: list[Moment]) -> dict[str, Any]:
    resolved = [address for moment in moments if isinstance(moment, Resolved) for address in moment.addresses]
    connected = [moment.address for moment in moments if isinstance(moment, Connected)]
    return {
        "reachable": facts.status is not None,
        "resolved": resolved,
        "address": connected[0] if connected else "",
        "status": facts.status,
        "failure": str(facts.failure or ""),
    }
