"""The billing system behind a connector: its token in clear while one fetch lasts, and what it is asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from probes.endpoints.actions import settings_vault
from probes.endpoints.own_services import own_services
from probes.endpoints.vault import Sealed, VaultError
from probes.net.exchange import Deadlines, Destination
from probes.net.resolve import Lookup, system_lookup
from probes.redaction.actions import current_redactor
from probes.redaction.engine import Redactor
from probes.redaction.masking import key_fingerprint
from triage.charges.connectors.asking import DEADLINES, ask
from triage.charges.connectors.faults import FetchCode, FetchFault
from triage.charges.connectors.kinds import JSON, shape_of, token_headers
from triage.charges.connectors.models import LedgerConnector
from triage.charges.connectors.shape import Answer, Ask, Shape
from triage.charges.masking import Masker

_DETAIL = 300


class System:
    """Asks with GET only. Raises FetchFault when the token is missing or cannot be opened."""

    def __init__(
        self,
        connector: LedgerConnector,
        *,
        deadlines: Deadlines = DEADLINES,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._connector = connector
        self._deadlines, self._lookup = deadlines, lookup
        self._token = _open_token(connector)

    def shape(self, cursor: Mapping[str, Any]) -> Shape:
        connector = self._connector
        return shape_of(
            connector.kind,
            connector.settings,
            base_url=connector.base_url,
            cursor=cursor,
            key_fingerprint=_fingerprint,
        )

    def ask(self, asked: Ask, shape: Shape, *, now: datetime) -> Answer:
        connector = self._connector
        return ask(
            asked.path,
            to=_destination(connector),
            headers=shape.headers,
            secret_headers=token_headers(connector.kind, connector.settings, self._token),
            now=now,
            deadlines=self._deadlines,
            lookup=self._lookup,
        )

    def masker(self) -> Masker:
        """For its rows: what it echoes of our own token is masked too."""
        return Masker(_redactor(self._token), settings.REDACTION_PEPPER)

    def masked(self, detail: str) -> str:
        """One short line of what it said."""
        return masked_detail(detail, token=self._token)


def masked_detail(detail: str, *, token: str = "") -> str:
    return " ".join(_redactor(token).redact(detail).text.split())[:_DETAIL]


def sealed_row(connector: LedgerConnector) -> str:
    """What the token is sealed to: it opens for no other row and as no other secret."""
    return f"ledger:{connector.pk}"


def _open_token(connector: LedgerConnector) -> str:
    if not connector.ciphertext:
        if connector.kind == JSON:  # it may want none
            return ""
        raise FetchFault(FetchCode.NO_TOKEN)
    try:
        sealed = Sealed(bytes(connector.ciphertext), connector.kek_id)
        return settings_vault().open(sealed, row=sealed_row(connector))
    except VaultError:
        raise FetchFault(FetchCode.TOKEN_UNREADABLE) from None


def _destination(connector: LedgerConnector) -> Destination:
    return Destination(
        base_url=connector.base_url,
        allowed_addresses=frozenset(connector.allowed_addresses),
        never=own_services(settings.DATABASES["default"], settings.REDIS_URL),
    )


def _redactor(token: str) -> Redactor:
    redactor = current_redactor()
    return redactor.with_literals([token]) if token else redactor


def _fingerprint(key: str) -> str:
    pepper: str = settings.REDACTION_PEPPER
    return key_fingerprint(key, pepper=pepper.encode())
