"""Arguments and settings as code names them: model=, timeout=, max_retries=, base_url=."""

import re
from typing import Final

from triage.tickets.paste.clients import read_pinned
from triage.tickets.paste.found import Finds, Sighting, Weight
from triage.tickets.paste.urls import base_of
from triage.tickets.paste.values import model, seconds

_ARGUMENT: Final = re.compile(
    r"\b(model|stream|timeout|request_timeout|max_retries|maxRetries|base_url|baseURL|api_base"
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


def read_arguments(line: str, number: int) -> Finds:
    """Arguments in code and settings."""
    for name, said in _ARGUMENT.findall(line):
        low = name.lower().replace("_", "")
        value = said.strip("\"'`")
        if low in ("timeout", "requesttimeout") and (
            limit := seconds(value, bare_ms_from=1000 if ":" in line.split(name, 1)[1][:3] else 10_000)
        ):
            yield Sighting("client_timeout_s", limit, number, Weight.NAMED)
        elif low == "stream" and value.lower() in ("true", "false"):
            yield Sighting("stream", "yes" if value.lower() == "true" else "no", number, Weight.NAMED)
        elif low == "maxretries" and value.isdigit():
            yield Sighting("retry_count", value, number, Weight.HINT - 5)
            if value == "0":
                yield Sighting("retried", "no", number, Weight.HINT)
        elif low in ("maxworkers", "concurrency", "maxconcurrency") and value.isdigit() and value != "0":
            yield Sighting("concurrency", value, number, Weight.HINT)
        elif low in ("baseurl", "apibase", "openaiapibase") and (url := base_of(value)):
            yield Sighting("base_url", url, number, Weight.NAMED + 5)
        elif low == "model" and "(" not in said and (named := model(value)) and re.search(r"[\d-]", named):
            yield Sighting("model", named, number, Weight.NAMED)
    for match in _TIMEOUT_CALL.finditer(line):
        if limit := seconds(match[1] or match[2]):
            yield Sighting("client_timeout_s", limit, number, Weight.NAMED)
    yield from _chained(line, number)
    yield from read_pinned(line, number)


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
