"""The desk's own servers are out of reach, whatever an admin excepts."""

import pytest

from probes.endpoints.own_services import own_services
from probes.net.exchange import exchange
from probes.wire.dialects.base import WireRequest
from probes.wire.facts import Failure
from probes.wire.moments import Failed
from tests.probes.runs.builders import make_endpoint


@pytest.mark.parametrize(
    ("database", "redis_url", "services"),
    [
        ({"HOST": "/run/postgres", "PORT": ""}, "unix:///run/redis.sock?db=0", set()),
        ({"HOST": "", "PORT": ""}, "", set()),
        ({"HOST": "10.0.0.5", "PORT": ""}, "redis://10.0.0.6", {"10.0.0.5:5432", "10.0.0.6:6379"}),
        ({"HOST": "10.0.0.5,10.0.0.7", "PORT": "6543"}, "", {"10.0.0.5:6543", "10.0.0.7:6543"}),
        ({}, "rediss://:secret@[fd00::6]:6380/1", {"[fd00::6]:6380"}),
    ],
)
def test_services_are_known_by_address_and_port(database, redis_url, services):
    assert own_services(database, redis_url) == services


@pytest.mark.django_db
def test_an_exception_does_not_open_the_desks_own_redis(settings):
    settings.REDIS_URL = "redis://127.0.0.1:6379/0"
    endpoint = make_endpoint(base_url="http://127.0.0.1:6379/v1", allow_addresses=["127.0.0.1:6379"])
    seen = []

    exchange(
        WireRequest("GET", "/models", (), b""),
        to=endpoint.destination(),
        secret_headers={},
        emit=seen.append,
    )

    assert isinstance(seen[-1], Failed)
    assert seen[-1].failure is Failure.ADDRESS_REFUSED
