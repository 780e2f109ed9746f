"""Redis for what may be lost: a server that is away is noticed within a second, and nobody waits for it."""

from functools import cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

_ANSWER_S = 0.5


@cache
def quick_redis(redis_url: str) -> Redis:
    """One client for the process, shared by its threads. Raises ValueError for no address at all."""
    return Redis.from_url(
        redis_url,
        socket_timeout=_ANSWER_S,
        socket_connect_timeout=_ANSWER_S,
        retry=Retry(NoBackoff(), 1),  # once: the connection may be one from before a restart
    )
