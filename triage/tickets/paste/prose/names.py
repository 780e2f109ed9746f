"""IDs, masked keys and programs, wherever a line names one."""

import re
from typing import Final

from triage.tickets.paste.clients import client_in, read_user_agent
from triage.tickets.paste.found import Finds, IdSeen, Sighting, Weight
from triage.tickets.paste.lines import Text
from triage.tickets.paste.values import masked_keys

_TASK: Final = re.compile(r"\b((?:task|video|imgtask|cgt|vidgen)[_-][A-Za-z0-9_-]{6,80})\b")
_ID: Final = re.compile(
    r"(?:(?:request|req|trace|log)[ _-]?ids?|请求\s?(?:id|编号|号)|x-(?:request|oneapi-request)-id"
    r"|\bray id)[\"']?\s{0,2}(?:[:：=]|is\b)?\s{0,2}[\"'`]?([A-Za-z0-9][\w.:-]{5,127})",
    re.IGNORECASE,
)
_RAW_ID: Final = re.compile(
    r"(?<![\w.:-])((?:req|msg)_[A-Za-z0-9]{12,60}|20\d{12}\d{6,9}[A-Za-z0-9]{6,12})(?![\w-])"
)
_RAY: Final = re.compile(
    r"(?:cf-?ray|Ray ID)(?:\W|<[^<>]{0,80}>){0,8}([0-9a-f]{16}(?:-[A-Z]{3})?)", re.IGNORECASE
)
_ID_SIGN: Final = re.compile(r"[Ii][Dd]|[Rr][Aa][Yy]|req_|msg_|请求|20\d{12}")
_AGENT_SIGN: Final = re.compile(r"[A-Za-z_]/v?\d")


def find_ids(text: Text) -> Finds:
    """Ids that any line names, also those inside documents and errors."""
    for number, line in enumerate(text.lines, start=1):
        if not _ID_SIGN.search(line):
            continue
        places = [("text", match[1], match.start()) for match in _ID.finditer(line)]
        places += [("text", match[1], match.start()) for match in _RAW_ID.finditer(line)]
        places += [("cf-ray", match[1], match.start()) for match in _RAY.finditer(line)]
        for place, value, _at in sorted(places, key=lambda one: one[2]):
            if re.search(r"\d", value):
                yield IdSeen(place, value.rstrip(".:-"), number)


def read_tasks(line: str, number: int) -> Finds:
    for match in list(_TASK.finditer(line))[:6]:
        if re.search(r"\d", match[1]):
            yield Sighting("task_id", match[1], number, Weight.HINT)


def read_keys(line: str, number: int) -> Finds:
    for key in masked_keys(line)[:2]:
        yield Sighting("key_hint", key, number, Weight.NAMED)


def read_programs(line: str, number: int) -> Finds:
    if _AGENT_SIGN.search(line):
        yield from read_user_agent(line, number)
    if named := client_in(line):
        title, version, weight = named
        yield Sighting("client", title, number, weight)
        if version:
            yield Sighting("client_version", version, number, Weight.HINT)
