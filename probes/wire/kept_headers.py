"""Which response headers keep their values: an allow-list, since any other may hold a secret."""

from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from probes.wire.clipping import clipped
from probes.wire.request_ids import ID_HEADERS, PASSED_ON

_VALUE_CHARS = 300
_NAME_CHARS = 64
_HOST_CHARS = 300
_MOST_NAMES = 80

_HTTP = (
    "age", "allow", "alt-svc", "cache-control", "connection", "content-encoding", "content-length",
    "content-type", "date", "expires", "keep-alive", "pragma", "server", "trailer", "transfer-encoding",
    "upgrade", "vary", "via", "www-authenticate", "proxy-authenticate",
)  # fmt: skip
_RETRY = (
    "retry-after", "retry-after-ms", "x-ms-retry-after-ms", "x-should-retry", "ratelimit-limit",
    "ratelimit-remaining", "ratelimit-reset", "ratelimit-policy", "rate_limit_type", "reset_at",
)  # fmt: skip
_EDGE = (
    "cf-ray", "cf-mitigated", "cf-cache-status", "cf-edge-cache", "cf-team", "cf-worker", "server-timing",
    "x-accel-buffering", "x-cache",
    "x-cache-status", "x-proxy-cache", "x-served-by", "x-envoy-upstream-service-time", "x-powered-by",
    "x-sucuri-id", "x-akamai-transformed", "x-cache-hits", "x-varnish", "cdn-cache-control",
    "surrogate-control", "x-kong-upstream-latency", "x-kong-proxy-latency",
)  # fmt: skip
_GATEWAYS = (
    "openai-processing-ms", "openai-version", "x-litellm-timeout", "x-litellm-version", "x-litellm-model-id",
    "x-litellm-attempted-retries", "x-litellm-attempted-fallbacks", "x-litellm-key-rpm-limit",
    "x-litellm-key-tpm-limit", "x-portkey-retry-attempt-count", "x-portkey-cache-status",
    "x-portkey-last-used-option-index", "x-new-api-version", "x-oneapi-version", "x-ms-region",
)  # fmt: skip
_EXACT = frozenset((*_HTTP, *_RETRY, *_EDGE, *_GATEWAYS, *ID_HEADERS))
_FAMILIES = ("x-ratelimit-", "x-rate-limit-", "anthropic-ratelimit-")

# How an answer travels and who keeps it on the way: here an absence says as much as a value.
_TELLING = (
    "server", "date", "content-type", "content-length", "transfer-encoding", "content-encoding",
    "cache-control", "x-accel-buffering", "via",
)  # fmt: skip


def kept_headers(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers that may be stored, lower case, repeats joined as HTTP joins them."""
    kept: dict[str, str] = {}
    for name, value in ((name.lower(), value.strip()) for name, value in fields):
        if _is_kept(name.removeprefix(PASSED_ON)):
            kept[name] = clipped(f"{kept[name]}, {value}" if name in kept else value, _VALUE_CHARS)
    return kept


def _is_kept(name: str) -> bool:
    return name in _EXACT or name.startswith(_FAMILIES)


def header_names(fields: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Every name that came, so that a missing one can be told from one whose value is not kept.

    But for those too long for a name: they hold something else.
    """
    names = dict.fromkeys(name.lower() for name, _ in fields if len(name) <= _NAME_CHARS)
    return tuple(names)[:_MOST_NAMES]


def missing_headers(fields: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The telling ones that did not come."""
    came = {name.lower() for name, _ in fields}
    return tuple(name for name in _TELLING if name not in came)


def bare_location(location: str) -> str:
    """Where a redirect points, without the parts of a URL that carry secrets."""
    try:
        url = urlsplit(location)
    except ValueError:
        return ""
    host = url.netloc.rpartition("@")[2]
    return "" if len(host) > _HOST_CHARS else urlunsplit((url.scheme, host, _head_of(url.path), "", ""))


def _head_of(path: str) -> str:
    """The path, or as many of its whole segments as are kept."""
    return path if len(path) <= _VALUE_CHARS else path[:_VALUE_CHARS].rpartition("/")[0] + "/…"
