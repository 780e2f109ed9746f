"""What is done with endpoints and their keys."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from probes.endpoints.models import Endpoint, ProbeKey, Route
from probes.endpoints.vault import Sealed, Vault

_PORTS = {"http": 80, "https": 443}
_LEAST_KEY = 8  # characters: what is shorter is a slip of the hand
_HINT_NEEDS = 20  # characters: below that, four shown ones would help to guess the rest


def seal_probe_key(endpoint: Endpoint, secret: str, *, vault: Vault | None = None) -> ProbeKey:
    """Put `secret` in the place of the endpoint's key; the old one is gone.

    Raises ValueError when the secret cannot be a header value.
    """
    check_probe_key(secret)
    key = ProbeKey(endpoint=endpoint, hint=key_hint(secret))
    sealed = (vault or settings_vault()).seal(secret, row=str(key.pk))
    key.ciphertext, key.kek_id = sealed.ciphertext, sealed.kek_id
    with transaction.atomic():
        ProbeKey.objects.filter(endpoint=endpoint).delete()
        key.save(force_insert=True)
    return key


def forget_moved_key(endpoint: Endpoint, *, was: str) -> bool:
    """Drop the key of an endpoint whose base URL `was` another host, port or scheme; whether there was one.

    A key belongs to the machines that it was entered for: nobody can have it sent to another one.
    """
    return origin_of(was) != origin_of(endpoint.base_url) and _drop_key(endpoint)


def forget_key_of_route(route: Route, *, was: str) -> bool:
    """The same for a second route, which may lead to a machine of its own; `was` is empty for a new one."""
    known = (origin_of(was), origin_of(route.endpoint.base_url))
    return origin_of(route.base_url) not in known and _drop_key(route.endpoint)


def _drop_key(endpoint: Endpoint) -> bool:
    dropped, _ = ProbeKey.objects.filter(endpoint=endpoint).delete()
    return bool(dropped)


def origin_of(base_url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port: what a secret belongs to."""
    parts = urlsplit(base_url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def check_probe_key(secret: str) -> None:
    """Raises ValueError, without the secret, when it cannot be a header value or is no whole key."""
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError("a probe key is one line of printable ASCII without spaces")
    if len(secret) < _LEAST_KEY:
        raise ValueError(f"a probe key has at least {_LEAST_KEY} characters")


def open_probe_key(endpoint: Endpoint, *, vault: Vault | None = None) -> str:
    """The key in clear, for the exchange alone; empty when the endpoint has none.

    Raises VaultError when it cannot be opened.
    """
    key = ProbeKey.objects.filter(endpoint=endpoint).first()
    if key is None:
        return ""
    return (vault or settings_vault()).open(Sealed(bytes(key.ciphertext), key.kek_id), row=str(key.pk))


def key_hint(secret: str) -> str:
    """How people tell keys apart: vendor prefix and last four, never more."""
    if len(secret) < _HINT_NEEDS:
        return "…"
    prefix = secret.split("-", 1)[0] + "-" if "-" in secret[:6] else ""
    return f"{prefix}…{secret[-4:]}"


def settings_vault() -> Vault:
    return Vault(settings.PROBE_KEY_KEK)
