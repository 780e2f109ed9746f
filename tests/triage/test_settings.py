"""What settings make of the environment."""

import pytest

from triage.settings import broker_url


@pytest.mark.parametrize(
    ("redis", "broker"),
    [
        ("redis://host:6379/2", "redis://host:6379/2"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("", ""),
    ],
)
def test_celery_and_the_redis_client_reach_the_same_database(redis, broker):
    assert broker_url(redis) == broker
