"""A paste as the form shows it: its suggestions, and the endpoint that its address means."""

from dataclasses import dataclass, replace
from datetime import datetime
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
    found = []
    for address in paste.of("base_url"):
        host = _host(address.value)
        slugs = [slug for slug, url in Endpoint.objects.values_list("slug", "base_url") if _host(url) == host]
        if len(slugs) == 1:
            found.append(Suggestion("endpoint", slugs[0], address.line, address.quote))
    return found[:1]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
