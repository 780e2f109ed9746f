"""JSON in a paste, whoever wrote it: what is read of it, and which of its lines are kept."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from probes.wire.error_shapes import ErrorSeen, find_error
from triage.tickets.paste.documents.contents import read_answer, read_error, read_settings
from triage.tickets.paste.documents.embedded import Document, documents_in
from triage.tickets.paste.documents.kinds import has_prompt, is_answer, is_record, request_in, without_prompts
from triage.tickets.paste.documents.records import read_record
from triage.tickets.paste.found import Finds, Mark, Role, Sighting, Weight, Why
from triage.tickets.paste.lines import Text

_MODEL: Final = re.compile(r'"model\\?"\s{0,4}:\s{0,4}\\?"([^"\\]{1,120})')
_STREAM: Final = re.compile(r'"stream"\s*:\s*(true|false)', re.IGNORECASE)
_PROMPT: Final = re.compile(r'"(?:messages|prompt|input|contents)\\?"')


class _Place(NamedTuple):
    first: int
    last: int
    is_own: bool  # nothing else worth reading stands in these lines


def find_documents(text: Text) -> Finds:
    """Every JSON object or Python dict in what no reader has claimed."""
    for document in documents_in(text.whole):
        place = _place_of(text, document)
        if place.first in text.taken:
            continue
        yield from _read(document.value, place)
        if place.is_own:
            text.documents.update(range(place.first, place.last + 1))


def _place_of(text: Text, document: Document) -> _Place:
    first, last = text.line_at(document.start), text.line_at(max(document.start, document.end - 1))
    before = text.whole[text.start_of(first) : document.start]
    after = text.whole[document.end : document.end + 3]
    is_own = not before.strip(" \t>|`'\"") and (last > first or not after.strip(" \t`'\",;"))
    return _Place(first, last, is_own)


def _read(value: Mapping[str, Any], place: _Place) -> Finds:
    error = find_error(value)
    if error and (error.message or error.code or error.type) and not is_record(value):
        return _error(value, error, place)
    if request := request_in(value):
        return _request(request, place)
    return _answer(value, place) if is_answer(value) else _record(value, place)


def _error(value: Mapping[str, Any], error: ErrorSeen, place: _Place) -> Finds:
    request = request_in(value)
    yield from read_error(value, error, place.first)
    yield from read_settings(request, place.first)
    if place.is_own and has_prompt(request):
        yield Sighting("error_text", without_prompts(value), place.first, Weight.SEEN)
        yield Mark(place.first, place.first, Role.STORY)
        yield Mark(place.first + 1, place.last, Role.LEFT_OUT, Why.PROMPT)
    else:
        yield Mark(place.first, place.last, Role.STORY)


def _request(request: Mapping[str, Any], place: _Place) -> Finds:
    yield from read_settings(request, place.first)
    if has_prompt(request):
        yield Mark(place.first, place.last, Role.LEFT_OUT, Why.PROMPT)
    elif place.is_own:
        yield Mark(place.first, place.last, Role.READ, Why.PROMPT)


def _answer(value: Mapping[str, Any], place: _Place) -> Finds:
    yield from read_answer(value, place.first)
    if place.is_own:
        yield Mark(place.first, place.last, Role.LEFT_OUT, Why.ANSWER)


def _record(value: Mapping[str, Any], place: _Place) -> Finds:
    yield from read_record(value, place.first)
    if place.is_own:
        yield Mark(place.first, place.last, Role.STORY)


def read_request(body: str, first: int, last: int) -> Finds:
    """The body of a command: its settings are read, its prompt is not."""
    value = next((document.value for document in documents_in(body)), None)
    if value is None:
        yield from _read_broken(body, first, last)
        return
    yield from read_settings(value, first)
    if has_prompt(value):
        yield Mark(first, last, Role.LEFT_OUT, Why.PROMPT)


def _read_broken(body: str, first: int, last: int) -> Finds:
    """A body that no parser takes, such as one with variables of a shell in it."""
    if match := _MODEL.search(body[:20_000]):
        yield Sighting("model", match[1], first, Weight.SEEN)
    if match := _STREAM.search(body[:200_000]):
        yield Sighting("stream", "yes" if match[1].lower() == "true" else "no", first, Weight.SEEN)
    if _PROMPT.search(body[:20_000]):
        yield Mark(first, last, Role.LEFT_OUT, Why.PROMPT)
