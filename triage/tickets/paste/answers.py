"""What stands behind a label: the value of its field, and what the same words say of a field next to it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from triage.tickets.paste.clients import split_version
from triage.tickets.paste.found import Finds, IdSeen, Remark, Sighting
from triage.tickets.paste.moments import moment_said, zone_said
from triage.tickets.paste.urls import PATH, read_path, read_url, urls_in
from triage.tickets.paste.values import bare, read_value
from triage.verdicts.case import Tri
from triage.verdicts.intake import read_tri

_WORDED: Final = frozenset(
    {"error_text", "notes", "charged", "via_proxy", "control_text", "key_hint", "key_last"}
)
_MEANT: Final = {"key_last": "key_hint"}  # labels of a part
_CALL: Final = re.compile(r"(?:new |await )?[A-Za-z_][\w.]*\((?:\w+\s?=|[{)\"']|$)")
_TIMES: Final = re.compile(r"(\d{1,4}|[一二两三四五六七八九十]) ?(?:次|times|x\b|retries)|^(\d{1,3})$")


class _Answer(NamedTuple):
    said: str
    line: int
    weight: int
    now: datetime | None

    def sighting(self, field: str, value: str, remark: str = "") -> Sighting:
        return Sighting(field, value, self.line, self.weight, remark)


def read_field(fields: tuple[str, ...], said: str, line: int, weight: int, *, now: datetime | None) -> Finds:
    """The first of the fields whose value this can be."""
    said = said if said.isascii() or fields[0] in _WORDED else unicodedata.normalize("NFKC", said)
    answer = _Answer(said, line, weight, now)
    for field in fields:
        if found := list(_READERS[field](answer) if field in _READERS else _value(field, answer)):
            yield from found
            return


def _moment(answer: _Answer) -> Finds:
    moment = moment_said(answer.said, now=answer.now)
    if moment is None:
        return
    zone = ""
    if moment.remark != Remark.SERVER_CLOCK:
        zone = moment.zone or zone_said(re.sub(r"[\d:/.-]+", " ", answer.said))
    yield answer.sighting("occurred_at", moment.text, "" if zone else moment.remark)
    if zone:
        yield answer.sighting("zone", zone)


def _zone(answer: _Answer) -> Finds:
    if zone := zone_said(answer.said):
        yield answer.sighting("zone", zone)


def _address(answer: _Answer) -> Finds:
    """The whole address of a request, or its path."""
    if urls := urls_in(answer.said):
        yield from read_url(urls[0], answer.line, weight=answer.weight)
    elif match := PATH.search(answer.said):
        yield from read_path(match[1], answer.line, weight=answer.weight)


def _value(field: str, answer: _Answer) -> Finds:
    value = read_value(field, answer.said)
    if not value:
        return
    if instead := _INSTEAD.get(field):
        yield from instead(value, answer)
        return
    yield answer.sighting(_MEANT.get(field, field), value)
    if more := _MORE.get(field):
        yield from more(value, answer)


def _ids(value: str, answer: _Answer) -> Finds:
    yield from (IdSeen("text", one, answer.line) for one in value.split(", "))


def _client(value: str, answer: _Answer) -> Finds:
    """Its name and its version; a call in code is a variable of that name, not a program."""
    if _CALL.match(answer.said):
        return
    name, version = split_version(value)
    yield answer.sighting("client", name)
    if version:
        yield answer.sighting("client_version", version)


def _base_url(value: str, answer: _Answer) -> Finds:
    return read_path(value, answer.line, weight=answer.weight)


def _in_words(field: str, value: str, answer: _Answer) -> Finds:
    """A yes that says more than yes is kept in its own words."""
    if value == "yes" and not _says_only(answer.said):
        yield answer.sighting(field, bare(answer.said)[:200])


def _retry_count(value: str, answer: _Answer) -> Finds:
    yield answer.sighting("retried", "no" if value == "0" else "yes")


def _retried(value: str, answer: _Answer) -> Finds:
    if value == "yes" and (count := _TIMES.search(bare(answer.said))):
        yield answer.sighting("retry_count", read_value("retry_count", count.group()))


def _says_only(said: str) -> bool:
    """Nothing but yes or no."""
    return read_tri(bare(said)) is not Tri.UNKNOWN and len(bare(said)) <= 5


_READERS: Final[Mapping[str, Callable[[_Answer], Finds]]] = {
    "occurred_at": _moment,
    "zone": _zone,
    "url": _address,
}
_INSTEAD: Final[Mapping[str, Callable[[str, _Answer], Finds]]] = {"request_ids": _ids, "client": _client}
_MORE: Final[Mapping[str, Callable[[str, _Answer], Finds]]] = {
    "base_url": _base_url,
    "via_proxy": partial(_in_words, "via_proxy_text"),
    "charged": partial(_in_words, "charged_text"),
    "retry_count": _retry_count,
    "retried": _retried,
}
"""By field: what its value says of another one."""
