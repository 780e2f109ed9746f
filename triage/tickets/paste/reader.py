"""From anything that was pasted to suggested fields: each with its line, nothing guessed silently."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from triage.tickets.paste.allowances import find_allowances
from triage.tickets.paste.chain import chain_of
from triage.tickets.paste.choosing import choose
from triage.tickets.paste.curl import find_commands
from triage.tickets.paste.documents.finding import find_documents
from triage.tickets.paste.found import (
    Discarded,
    Found,
    IdSeen,
    Mark,
    Paste,
    Remark,
    RequestId,
    Role,
    Sighting,
    Suggestion,
    Weight,
    Why,
)
from triage.tickets.paste.headers import find_headers
from triage.tickets.paste.lines import Text, text_of
from triage.tickets.paste.logs import find_logs
from triage.tickets.paste.moments import zone_named
from triage.tickets.paste.prose.names import find_ids
from triage.tickets.paste.prose.readers import find_prose
from triage.tickets.paste.stacks import find_stacks
from triage.tickets.paste.templates import find_templates
from triage.tickets.paste.trace import find_trace
from triage.verdicts.clients.known import client_of_error
from triage.verdicts.intake import LONGEST

_MASK: Final = re.compile(r"[A-Za-z][\w-]{0,10}…|\[(?:[a-z]+_){0,4}[a-z]+\]")
_NO_MASK: Final = frozenset(
    {
        "[withheld]",
        "[error]",
        "[info]",
        "[warn]",
        "[warning]",
        "[debug]",
        "[cause]",
        "[running]",
        "[object]",
        "[signal]",
        "[crit]",
        "[notice]",
        "[redacted]",
        "[default]",
        "[array]",
        "[main]",
        "[x]",
    }
)
_MOST_DISCARDED: Final = 60
_LONGEST_IDS: Final = 600
_READERS: Final = (
    find_commands,
    find_trace,
    find_stacks,
    find_headers,
    find_documents,
    find_templates,
    find_logs,
    find_allowances,
    find_prose,
    find_ids,
)


def read_paste(text: str, *, now: datetime | None = None) -> Paste:
    """What a redacted paste says. Never raises; bounded and linear in the length of the text.

    `now` tells the year of dates that name none; without it they are not read.
    """
    pasted = text_of(text, now=now)
    found = [one for reader in _READERS for one in reader(pasted)]
    roles = _roles(pasted, found)
    sightings = [one for one in found if isinstance(one, Sighting)]
    sightings += _stories(pasted, roles, sightings)
    sightings += _client_by_error(sightings)
    seen = [one for one in found if isinstance(one, IdSeen)]
    suggestions = choose((one for one in sightings if one.field != "request_ids"), pasted)
    stated, zone = _stated(suggestions)
    chain = chain_of(seen, stated=stated, is_zone_known=bool(zone))
    return Paste(
        suggestions=_with_ids(suggestions, chain, pasted),
        chain=chain,
        discarded=tuple(_discarded(pasted, found)),
    )


# --- lines and what they are good for ---


def _roles(text: Text, found: Iterable[Found]) -> dict[int, Role]:
    """By line; what is left out stays so, and what tells the story may be read as well."""
    roles: dict[int, Role] = {}
    for mark in found:
        if isinstance(mark, Mark) and mark.role is not Role.ASIDE:
            for number in range(mark.line, min(mark.until, len(text.lines)) + 1):
                roles[number] = _stronger(roles.get(number), mark)
    return roles


def _stronger(known: Role | None, mark: Mark) -> Role:
    if known is None or (mark.role is Role.LEFT_OUT and mark.why not in (Why.QUERY, Why.MASKED)):
        return mark.role
    return known if known is Role.LEFT_OUT else min(known, mark.role)


def _stories(text: Text, roles: dict[int, Role], sightings: list[Sighting]) -> list[Sighting]:
    """The error text: lines that tell of the failure, or all that is left; and the rest as notes."""
    noted = [one for one in sightings if one.field == "notes"]
    labelled = {one.line for one in noted if one.value != text.lines[one.line - 1].strip()}
    told = [n for n, role in sorted(roles.items()) if role is Role.STORY and n not in labelled]
    rest = [
        number
        for number, line in enumerate(text.lines, start=1)
        if line.strip() and number not in roles and not _is_trim(line)
    ]
    said = {one.line: one.value for one in sightings if one.field == "error_text"}  # without its label
    sightings[:] = [one for one in sightings if one.field not in ("notes", "error_text")]
    notes = [(one.line, one.value) for one in noted]
    if not told and not noted:
        told, rest = rest, []
    stories = _joined(
        "error_text", [(number, said.get(number, text.lines[number - 1].rstrip())) for number in told]
    )
    return stories + _joined(
        "notes", sorted(notes + [(number, text.lines[number - 1].strip()) for number in rest])
    )


def _client_by_error(sightings: list[Sighting]) -> list[Sighting]:
    """The client whose error this is, by the shapes that the desk knows."""
    told = next((one for one in sightings if one.field == "error_text"), None)
    found = client_of_error(told.value) if told else None
    return [Sighting("client", found[0].name, told.line, Weight.HINT)] if told and found else []


_TRIM: Final = re.compile(r"^[\s`~|+=*#>_\-–—{}\[\](),;:'\"]*$")


def _is_trim(line: str) -> bool:
    return bool(_TRIM.match(line))


def _joined(field: str, lines: list[tuple[int, str]]) -> list[Sighting]:
    if not lines:
        return []
    said = "\n".join(line for _number, line in lines).strip()
    longest = LONGEST[field] if field == "error_text" else 8_000
    return [Sighting(field, said[:longest], lines[0][0], Weight.SEEN)] if said else []


# --- ids and times ---


def _stated(suggestions: Iterable[Suggestion]) -> tuple[datetime | None, str]:
    """When the request was made, and its zone; without one as if in UTC, which `time_in` allows for."""
    best = {one.field: one for one in reversed(list(suggestions))}
    if "occurred_at" not in best:
        return None, ""
    at, said = best["occurred_at"], best.get("zone")
    zone = "UTC" if at.remark == Remark.SERVER_CLOCK else said.value if said else ""
    return datetime.fromisoformat(at.value).replace(tzinfo=zone_named(zone or "UTC")), zone


def _with_ids(
    suggestions: tuple[Suggestion, ...], chain: tuple[RequestId, ...], text: Text
) -> tuple[Suggestion, ...]:
    """The chain as the form takes it, and a time from an id where no other is told."""
    if not chain:
        return suggestions
    ids = ", ".join(one.value for one in chain)
    while len(ids) > _LONGEST_IDS:
        ids = ids.rpartition(", ")[0]
    first = chain[0]
    more = [Suggestion("request_ids", ids, first.line, text.quote(first.line))] if ids else []
    dated = next((one for one in chain if one.made_at), None)
    if dated and not any(one.field == "occurred_at" for one in suggestions):
        more.append(
            Suggestion("occurred_at", dated.made_at[:19], dated.line, text.quote(dated.line), Remark.FROM_ID)
        )
    return (*suggestions, *more)


# --- what was left out ---


_TELLS_THE_REST: Final = (Why.QUERY, Why.ALLOWANCE)  # only a part of such a line is left out


def _discarded(text: Text, found: Iterable[Found]) -> list[Discarded]:
    spots = [
        Discarded(mark.line, mark.why, mark.until)
        for mark in found
        if isinstance(mark, Mark) and mark.why and (mark.role is Role.LEFT_OUT or mark.why in _TELLS_THE_REST)
    ]
    told = {spot.line for spot in spots if spot.why == Why.SECRET_HEADER}
    spots += [
        Discarded(number, Why.MASKED, number)
        for number, line in enumerate(text.lines, start=1)
        if number not in told and _is_masked(line)
    ]
    if text.left_out:
        spots.append(Discarded(len(text.lines) + 1, Why.TOO_LONG, len(text.lines) + text.left_out))
    return _runs(sorted(set(spots), key=lambda spot: (spot.line, spot.why)))[:_MOST_DISCARDED]


def _is_masked(line: str) -> bool:
    return any(match.group() not in _NO_MASK for match in _MASK.finditer(line)) and (
        "…" in line or "[" in line
    )


def _runs(spots: list[Discarded]) -> list[Discarded]:
    """Neighbours of one reason are one."""
    runs: list[Discarded] = []
    for spot in spots:
        near = next(
            (
                at
                for at in range(len(runs) - 1, max(-1, len(runs) - 6), -1)
                if runs[at].why == spot.why and spot.line <= runs[at].until + 1
            ),
            None,
        )
        if near is None:
            runs.append(spot)
        else:
            runs[near] = Discarded(runs[near].line, spot.why, max(runs[near].until, spot.until))
    return runs
