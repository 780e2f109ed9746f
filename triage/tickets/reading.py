"""A paste as the form shows it: its suggestions, and the endpoint that its address means."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from probes.endpoints.models import Endpoint
from probes.redaction.engine import WITHHELD
from triage.tickets.paste.found import Paste, Suggestion
from triage.tickets.paste.reader import read_paste


@dataclass(frozen=True, slots=True)
class Reading:
    """`named` are the error's own names, which stand in the error text and in no field of their own."""

    paste: Paste
    named: tuple[Suggestion, ...]


def reading_of(pasted: str, *, now: datetime) -> Reading:
    """The text must be redacted. Asks the database for the endpoints."""
    paste = Paste() if pasted == WITHHELD else read_paste(pasted, now=now)
    named = tuple(one for one in paste.suggestions if one.field in ("error_code", "error_type"))
    fields = tuple(one for one in paste.suggestions if one not in named)
    return Reading(replace(paste, suggestions=(*fields, *_endpoints(paste))), named)


def _endpoints(paste: Paste) -> list[Suggestion]:
    """The registered endpoint at the address of the paste, when there is just one."""
    registered = [_Registered(*row) for row in Endpoint.objects.values_list("slug", "base_url", "protocol")]
    protocol = paste.values().get("protocol", "")
    for address in paste.of("base_url"):
        if slug := _at(address.value, protocol, registered):
            return [Suggestion("endpoint", slug, address.line, address.quote)]
    return []


class _Registered(NamedTuple):
    slug: str
    base_url: str
    protocol: str


def _at(url: str, protocol: str, registered: list[_Registered]) -> str:
    """One endpoint a protocol may stand on one host: the protocol decides, then the very address."""
    host, path = _address(url)
    there = [one for one in registered if host and _address(one.base_url)[0] == host]
    same_path = [one for one in there if _address(one.base_url)[1] == path]
    same_protocol = [one for one in there if one.protocol == protocol]
    both = [one for one in same_path if one in same_protocol]
    only = next((some for some in (both, same_protocol, same_path, there) if len(some) == 1), None)
    return only[0].slug if only else ""


def _address(url: str) -> tuple[str, str]:
    """(host with port, path), as far as they tell one address from another."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.netloc.rpartition("@")[2].lower(), parts.path.rstrip("/")
