"""The desk's own PostgreSQL and Redis: no probe connects to them, whatever an admin excepts."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from probes.net.addresses import entry_of
from probes.net.resolve import DNS_TIMEOUT_S, resolve, system_lookup

_POSTGRES_PORT, _REDIS_PORT = 5432, 6379


def own_services(database: Mapping[str, Any], redis_url: str) -> frozenset[str]:
    """ "address:port" of each as it resolves now; none for unix sockets.

    `database` is an entry of Django's DATABASES, whose HOST may list several.
    """
    redis = urlsplit(redis_url)
    named = [(host, int(database.get("PORT") or _POSTGRES_PORT)) for host in _hosts(database)]
    if redis.hostname:
        named.append((redis.hostname, redis.port or _REDIS_PORT))
    return frozenset(entry_of(address, port) for host, port in named for address in _addresses(host, port))


def _hosts(database: Mapping[str, Any]) -> Iterator[str]:
    """Without folders of sockets."""
    return (host for host in str(database.get("HOST") or "").split(",") if host and not host.startswith("/"))


def _addresses(host: str, port: int) -> tuple[str, ...]:
    try:
        return resolve(host, port, within_s=DNS_TIMEOUT_S, lookup=system_lookup)
    except (OSError, UnicodeError):  # nor can the desk itself reach it by that name now
        return ()
