"""Asks an endpoint for its model list: free, and it shows whether address, TLS and key are right."""

from typing import Any

from django.utils import timezone

from probes.endpoints.actions import open_probe_key
from probes.endpoints.models import Endpoint, Place
from probes.net.exchange import exchange
from probes.wire.dialects.base import MODELS
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.look_ups import LookUp
from probes.wire.reader import Reader


def check_endpoint(endpoint: Endpoint) -> dict[str, Any]:
    """Where the name leads, which address was used, what the model list answered; the same for each route."""
    key = open_probe_key(endpoint)
    routes = [
        {"slug": route.slug, "place": route.place, **_result(_list_models(endpoint, route, key))}
        for route in endpoint.routes.all()
    ]
    return _result(_list_models(endpoint, endpoint, key)) | ({"routes": routes} if routes else {})


def _list_models(endpoint: Endpoint, place: Place, key: str) -> Facts:
    dialect = DIALECTS[endpoint.protocol]
    request = dialect.request_for(MODELS, model=endpoint.probe_model, prompt="", max_tokens=0)
    look_up = LookUp(MODELS, request, endpoint.probe_model)
    reader = Reader(step=MODELS, dialect=dialect, wall_start=timezone.now(), look_up=look_up)
    exchange(
        request,
        to=place.destination(),
        secret_headers=dialect.auth_headers(key) if key else {},
        deadlines=endpoint.deadlines(),
        emit=reader.take,
    )
    return reader.facts()


def _result(facts: Facts) -> dict[str, Any]:
    return {
        "reachable": facts.status is not None,
        "resolved": list(facts.addresses),
        "address": facts.address,
        "status": facts.status,
        "failure": str(facts.failure or ""),
        "models": facts.models_listed,
        "probe_model_listed": facts.model_listed,
    }
