"""Arguments and settings as code names them: model=, timeout=, base_url=."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from triage.tickets.paste.clients import read_pinned
from triage.tickets.paste.found import Finds, Sighting, Weight
from triage.tickets.paste.urls import base_of
from triage.tickets.paste.values import model, seconds

_ARGUMENT: Final = re.compile(
    r"\b(model|stream|timeout|request_timeout|base_url|baseURL|api_base"
    r"|openai_api_base|max_workers|concurrency"
    r"|max_concurrency)\b[\"']?\s?[=:：]\s?([^\s,，。;；)}]{1,200})"
)
_TIMEOUT_CALL: Final = re.compile(
    r"\bTimeout\((?:connect=[\d.]{1,8},? ?)?(?:timeout=|read=)?(\d{1,6}(?:\.\d{1,4})?)"
    r"|ClientTimeout\(total=(\d{1,6})"
)
_BUILDER: Final = re.compile(r"\.(modelName|model|baseUrl)\(\"([^\")]{1,200})\"\)")
_DURATION: Final = re.compile(
    r"imeout\w{0,10}\(\s?(?:java\.time\.)?Duration\.of(Millis|Seconds|Minutes)\((\d{1,9})"
)
_UNITS: Final = {"Millis": "ms", "Seconds": "s", "Minutes": "min"}


class _Argument(NamedTuple):
    name: str
    said: str
    line: str
    number: int

    @property
    def value(self) -> str:
        return self.said.strip("\"'`")

    def sighting(self, field: str, value: str, weight: int) -> Sighting:
        return Sighting(field, value, self.number, weight)


def read_arguments(line: str, number: int) -> Finds:
    """Arguments in code and settings."""
    for name, said in _ARGUMENT.findall(line):
        yield from _READERS[name.lower().replace("_", "")](_Argument(name, said, line, number))
    for match in _TIMEOUT_CALL.finditer(line):
        if limit := seconds(match[1] or match[2]):
            yield Sighting("client_timeout_s", limit, number, Weight.NAMED)
    yield from _chained(line, number)
    yield from read_pinned(line, number)


def _timeout(one: _Argument) -> Finds:
    """Settings (`timeout: 5000`) are in milliseconds from smaller numbers on than code (`timeout=600`)."""
    is_setting = ":" in one.line.split(one.name, 1)[1][:3]
    if limit := seconds(one.value, bare_ms_from=1000 if is_setting else 10_000):
        yield one.sighting("client_timeout_s", limit, Weight.NAMED)


def _stream(one: _Argument) -> Finds:
    if answer := {"true": "yes", "false": "no"}.get(one.value.lower()):
        yield one.sighting("stream", answer, Weight.NAMED)


def _load(one: _Argument) -> Finds:
    if one.value.isdigit() and one.value != "0":
        yield one.sighting("concurrency", one.value, Weight.HINT)


def _base_url(one: _Argument) -> Finds:
    if url := base_of(one.value):
        yield one.sighting("base_url", url, Weight.NAMED + 5)


def _model(one: _Argument) -> Finds:
    """A call is no name, and a word without a figure or a hyphen is a variable."""
    if "(" not in one.said and (named := model(one.value)) and re.search(r"[\d-]", named):
        yield one.sighting("model", named, Weight.NAMED)


_READERS: Final[Mapping[str, Callable[[_Argument], Finds]]] = {
    "model": _model,
    "stream": _stream,
    **dict.fromkeys(("timeout", "requesttimeout"), _timeout),
    **dict.fromkeys(("maxworkers", "concurrency", "maxconcurrency"), _load),
    **dict.fromkeys(("baseurl", "apibase", "openaiapibase"), _base_url),
}
"""By name, in small letters and without underscores."""


def _chained(line: str, number: int) -> Finds:
    """The builders of Java and Kotlin."""
    for name, said in _BUILDER.findall(line):
        if name.startswith("model") and (named := model(said)):
            yield Sighting("model", named, number, Weight.NAMED)
        elif name == "baseUrl" and (url := base_of(said.strip('"'))):
            yield Sighting("base_url", url, number, Weight.NAMED + 5)
    for unit, said in _DURATION.findall(line):
        if limit := seconds(f"{said} {_UNITS[unit]}"):
            yield Sighting("client_timeout_s", limit, number, Weight.NAMED)
