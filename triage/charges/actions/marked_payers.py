"""Which payers the rows of a ledger were last marked for, so that a lost call for it is noticed.

Redis holds it. With Redis gone every ledger is marked once more, which changes nothing.
"""

import zlib
from collections.abc import Callable

import orjson
from django.core.cache import cache
from redis.exceptions import RedisError

from triage.charges.models import LedgerSource

_PATIENCE_S = 600  # after this a call is thought lost


def payers_mark(source: LedgerSource) -> int:
    """Equal for equal payers."""
    return zlib.crc32(orjson.dumps(sorted(source.probe_payers)))


def note_marked(source: LedgerSource) -> None:
    """The rows are as the payers of `source`, as it was read, want them."""
    try:
        cache.set(_key(source), payers_mark(source), None)
        cache.delete(_rung(source))
    except RedisError:
        return  # it is marked once more


def sweep_payers(enqueue: Callable[[int], object]) -> None:
    """Call `enqueue` with the id of every ledger whose present payers nobody has marked, once in a while."""
    for source in LedgerSource.objects.order_by("pk"):
        try:
            is_due = cache.get(_key(source)) != payers_mark(source) and cache.add(
                _rung(source), 1, _PATIENCE_S
            )
        except RedisError:
            return  # then no call would arrive either
        if is_due:
            enqueue(source.pk)


def _key(source: LedgerSource) -> str:
    return f"payers:{source.pk}"


def _rung(source: LedgerSource) -> str:
    return f"{_key(source)}:rung"
