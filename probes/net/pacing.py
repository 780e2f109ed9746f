"""How often and whether an endpoint may be asked: limits that all workers share through Redis."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from time import time

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import BlockingConnectionPool, ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

_WINDOW_S = 20  # shorter than a run's patience, so that its turn comes; three of them make the minute
_WINDOWS_A_MINUTE = 60 // _WINDOW_S
_LEAST_WAIT_S = 0.02  # rounding must not turn waiting into spinning
_ANSWER_S = 0.5  # a Redis that does not answer by then is away
_CONNECTIONS = 20
_WAIT_S = 10.0  # for one of them
_FORGET_MS = 24 * 3600 * 1000  # an open breaker that nobody asks any more
_SCANNED = 1000  # keys that Redis looks at in one go
_MOST_SHOWN = 200
_PREFIX = "pacing:"

# One script each, so that no other worker comes between the question and the answer. KEYS are states: a
# hash with `since`, `retry_at` (ms) and, while one probe is let through, its `holder`.
_ASK = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local half_open = {}
for at, key in ipairs(KEYS) do
  local since, retry_at, holder = unpack(redis.call('HMGET', key, 'since', 'retry_at', 'holder'))
  if since and now < tonumber(retry_at) then return {at, since, holder and '' or retry_at} end
  if since then table.insert(half_open, key) end
end
if ARGV[1] ~= '' then
  for _, key in ipairs(half_open) do
    redis.call('HSET', key, 'retry_at', now + ARGV[2], 'holder', ARGV[1])
  end
end
return {0}
"""
_REPORT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local state, failures = KEYS[1], KEYS[2]
local token, outcome = ARGV[1], ARGV[2]
local most, window, pause, forget = ARGV[3] + 0, ARGV[4] + 0, ARGV[5] + 0, ARGV[6] + 0
if redis.call('HGET', state, 'holder') == token then
  redis.call('HDEL', state, 'holder')
  if outcome == 'passed' then
    redis.call('DEL', state)
  else
    redis.call('HSET', state, 'retry_at', outcome == 'failed' and now + pause or now)
    redis.call('PEXPIRE', state, forget)
  end
elseif outcome == 'failed' and redis.call('EXISTS', state) == 0 then
  redis.call('ZADD', failures, now, token)
  redis.call('ZREMRANGEBYSCORE', failures, '-inf', now - window)
  redis.call('PEXPIRE', failures, window)
  if redis.call('ZCARD', failures) >= most then
    redis.call('DEL', failures)
    redis.call('HSET', state, 'since', now, 'retry_at', now + pause)
    redis.call('PEXPIRE', state, forget)
  end
end
"""


class Outcome(StrEnum):
    """What one request showed of a circuit."""

    PASSED = "passed"
    FAILED = "failed"
    NOTHING = "nothing"  # it says nothing about this circuit


class PacingUnavailable(Exception):
    """Redis is away: nobody knows what other workers send, so nothing may be sent."""


class BreakerOpen(Exception):
    """One of the circuits asked about is open; `until` is None while a single probe tries it."""

    def __init__(self, circuit: str, since: datetime, until: datetime | None) -> None:
        super().__init__(circuit)
        self.circuit, self.since, self.until = circuit, since, until


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """When a circuit opens, and for how long, in seconds."""

    failures: int = 5
    within_s: float = 300
    pause_s: float = 30


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to send one request. Whoever holds it says for each circuit what came of it."""

    circuits: tuple[str, ...]
    token: str = field(default_factory=lambda: uuid.uuid4().hex)


class Pacer:
    """Rate limits and circuit breakers by name.

    A circuit is closed, open, or half-open: once its pause is over, one single request among all workers is
    let through, and its outcome closes or opens it again. Failures count within a sliding window, whatever
    passed between them. Every method raises PacingUnavailable when Redis does not answer within a second.
    """

    def __init__(self, redis_url: str, *, breaker: Breaker = Breaker()) -> None:
        self._breaker = breaker
        pool = _pool(redis_url)
        client = self._client = Redis(connection_pool=pool)
        self._ask, self._report = client.register_script(_ASK), client.register_script(_REPORT)
        storage = RedisStorage("redis://", connection_pool=pool, key_prefix=f"{_PREFIX}rate")
        self._limiter = MovingWindowRateLimiter(storage)

    def take_turn(self, name: str, *, per_minute: int) -> float:
        """0 when the request may go now, and is counted; else the seconds after which to ask again."""
        limit = _limit(per_minute)
        with _redis_at_hand():
            if self._limiter.hit(limit, name):
                return 0
            return max(self._limiter.get_window_stats(limit, name).reset_time - time(), _LEAST_WAIT_S)

    def look(self, circuits: Sequence[str]) -> None:
        """Raises BreakerOpen when one of the circuits would let nothing through now."""
        self._ask_for(circuits, token="", permit_s=0)

    def take_permit(self, circuits: Sequence[str], *, permit_s: float) -> Permit:
        """Leave to send. Raises BreakerOpen.

        In a half-open circuit it is the only one, for `permit_s` seconds: were its holder to die, the next
        one may try then.
        """
        permit = Permit(tuple(circuits))
        self._ask_for(circuits, token=permit.token, permit_s=permit_s)
        return permit

    def report(self, permit: Permit, circuit: str, outcome: Outcome) -> None:
        """What came of a request, for one of its circuits."""
        state, breaker = _state(circuit), self._breaker
        limits = (breaker.failures, _ms(breaker.within_s), _ms(breaker.pause_s), _FORGET_MS)
        with _redis_at_hand():
            self._report(keys=(state, f"{state}:failures"), args=(permit.token, str(outcome), *limits))

    def not_closed(self) -> list[tuple[str, bool]]:
        """(circuit, whether its pause is over) of each that is open or half-open, of very many only some."""
        with _redis_at_hand():
            states = list(islice(self._client.scan_iter(f"{_state('')}*", _SCANNED, "HASH"), _MOST_SHOWN))
            now_s, _micros = self._client.time()
            paused = [self._client.hget(state, "retry_at") for state in states]
        return [
            (state.decode().removeprefix(_state("")), int(until) <= now_s * 1000)
            for state, until in zip(states, paused, strict=True)
            if until is not None
        ]

    def _ask_for(self, circuits: Sequence[str], *, token: str, permit_s: float) -> None:
        with _redis_at_hand():
            found = self._ask(keys=[_state(circuit) for circuit in circuits], args=(token, _ms(permit_s)))
        if found[0]:
            since, until = found[1:]
            raise BreakerOpen(circuits[found[0] - 1], _moment(since), _moment(until) if until else None)


def _limit(per_minute: int) -> RateLimitItem:
    """A third of the minute's requests in any 20 s: never more than the minute's, and no long pause after a
    burst, as a window of a whole minute would make."""
    if per_minute < _WINDOWS_A_MINUTE:
        return RateLimitItemPerSecond(1, 60 // per_minute)
    return RateLimitItemPerSecond(per_minute // _WINDOWS_A_MINUTE, _WINDOW_S)


def _state(circuit: str) -> str:
    return f"{_PREFIX}breaker:{circuit}"


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _moment(ms: bytes) -> datetime:
    return datetime.fromtimestamp(int(ms) / 1000, UTC)


def _pool(redis_url: str) -> ConnectionPool:
    try:
        return BlockingConnectionPool.from_url(  # hundreds of threads may ask in the same moment
            redis_url,
            max_connections=_CONNECTIONS,
            timeout=_WAIT_S,
            socket_timeout=_ANSWER_S,
            socket_connect_timeout=_ANSWER_S,
            retry=Retry(NoBackoff(), 1),  # once: the connection may be one from before a restart
        )
    except ValueError as error:  # no address at all
        raise PacingUnavailable("REDIS_URL") from error


@contextmanager
def _redis_at_hand() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise PacingUnavailable(type(error).__name__) from error
