"""Which shape a connector's settings make."""

from collections.abc import Callable, Mapping
from typing import Any

from triage.charges.connectors.json_endpoint import JsonEndpoint, Paging, TimeForm
from triage.charges.connectors.litellm import LiteLlm
from triage.charges.connectors.one_api import PATH, OneApi
from triage.charges.connectors.shape import Shape

ONE_API, LITELLM, JSON = "one_api", "litellm", "json"
OVERLAP_MINUTES, DAYS_BACK = 10, 7
_TEXTS = ("rows_at", "page_param", "size_param", "next_at", "total_at", "from_param", "until_param")


def shape_of(
    kind: str,
    settings: Mapping[str, Any],
    *,
    base_url: str,
    cursor: Mapping[str, Any],
    key_fingerprint: Callable[[str], str],
) -> Shape:
    """`settings` are those of a connector's form; what they leave out is as the system usually has it."""
    if kind == ONE_API:
        return OneApi(user_id=settings.get("user_id", ""), path=settings.get("path") or PATH)
    if kind == LITELLM:
        account, old = settings.get("account", ""), bool(cursor.get("old"))
        return LiteLlm(key_fingerprint=key_fingerprint, account=account, old=old)
    texts = {name: settings[name] for name in _TEXTS if settings.get(name)}
    return JsonEndpoint(
        path=settings["path"],
        base_url=base_url,
        mapping=settings.get("mapping", {}),
        paging=Paging(settings.get("paging", Paging.NONE)),
        time_form=TimeForm(settings.get("time_form", TimeForm.ISO)),
        first_page=settings.get("first_page", 1),
        size=settings.get("size", 100),
        **texts,
    )


def token_headers(kind: str, settings: Mapping[str, Any], token: str) -> dict[str, str]:
    """The header that carries the token: a bearer token, unless a JSON endpoint wants it elsewhere."""
    if not token:
        return {}
    name = settings.get("token_header") or "Authorization"
    prefix = settings.get("token_prefix", "Bearer") if kind == JSON else "Bearer"
    return {name if kind == JSON else "Authorization": f"{prefix} {token}".strip()}
