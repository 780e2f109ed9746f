"""What documents of the API say: the settings of a request, an error, an answer, their IDs."""

import re
from collections.abc import Mapping
from typing import Any, Final

from probes.wire.documents import mapping_of, text_of
from probes.wire.error_shapes import ErrorSeen, describe_error
from triage.tickets.paste.documents.embedded import document_in
from triage.tickets.paste.found import Finds, IdSeen, Sighting, Weight
from triage.tickets.paste.values import read_value

_STATUSES: Final = ("status", "statusCode", "status_code", "code", "http_status", "httpStatus")
ID_NAMES: Final = frozenset(
    (
        "request_id",
        "requestid",
        "req_id",
        "x-request-id",
        "trace_id",
        "traceid",
        "logid",
        "log_id",
        "requestids",
    )
)
_TASK_IDS: Final = ("task_id", "taskId", "taskid", "job_id", "video_id")
_TASKS: Final = re.compile(r"^(?:task|video|imgtask|cgt|gen|vidgen|i2v|t2v|mj|pred|job)[-_]")


def read_settings(value: Mapping[str, Any], line: int) -> Finds:
    """What the body of a request asks for; an empty one asks for nothing."""
    if not value:
        return
    stream = value.get("stream")
    yield from _model(value, line, Weight.SEEN)
    if isinstance(stream, bool):
        yield Sighting("stream", "yes" if stream else "no", line, Weight.SEEN)
    elif stream is None and {"messages", "input"} & value.keys():
        yield Sighting("stream", "no", line, Weight.HINT, "default")
    yield from read_task(value, line)


def read_answer(value: Mapping[str, Any], line: int) -> Finds:
    yield from _model(value, line, Weight.HINT)
    if value.get("object") == "chat.completion.chunk" or isinstance(value.get("delta"), Mapping):
        yield Sighting("stream", "yes", line, Weight.NAMED)
        yield Sighting("protocol", "openai_chat" if "object" in value else "anthropic", line, Weight.HINT)
    elif value.get("object") == "chat.completion":
        yield Sighting("stream", "no", line, Weight.NAMED)
        yield Sighting("protocol", "openai_chat", line, Weight.HINT)


def read_error(value: Mapping[str, Any], error: ErrorSeen, line: int) -> Finds:
    yield from read_ids(value, line)
    yield from _code(error.code, line)
    yield from _named(error, line, Weight.SEEN)
    yield from _status_of(value, line)
    yield from read_task(value, line)
    yield from _model(value, line, Weight.NAMED)
    if inner := document_in(error.message):
        yield from _inner_error(inner, line)


def _inner_error(value: Mapping[str, Any], line: int) -> Finds:
    """What the error quotes of the next hop's."""
    yield from _named(describe_error(value), line, Weight.HINT)
    yield from read_ids(value, line)


def _code(code: str, line: int) -> Finds:
    """A code of figures only: the status, where it can be one."""
    if re.fullmatch(r"[45][0-9]{2}", code):
        yield Sighting("status_code", code, line, Weight.NAMED)
    elif re.fullmatch(r"\d{4,8}", code):
        yield Sighting("error_code", code, line, Weight.SEEN)


def _named(error: ErrorSeen, line: int, weight: Weight) -> Finds:
    """The words that programs tell errors apart by."""
    if re.fullmatch(r"[A-Za-z][\w.:-]{1,80}", error.code):
        yield Sighting("error_code", error.code, line, weight)
    if re.fullmatch(r"[A-Za-z][\w.:-]{2,80}", error.type) and error.type != "error":
        yield Sighting("error_type", error.type, line, weight)


def _status_of(value: Mapping[str, Any], line: int) -> Finds:
    """A number in the range of failures under a name for it, here or one level below."""
    for part in (value, mapping_of(value.get("error"))):
        for name in _STATUSES:
            number = part.get(name)
            if isinstance(number, int) and not isinstance(number, bool) and 400 <= number <= 599:
                yield Sighting("status_code", str(number), line, Weight.NAMED + (name != "code"))


def _model(value: Mapping[str, Any], line: int, weight: Weight) -> Finds:
    model = value.get("model")
    if isinstance(model, str) and (said := read_value("model", model)):
        yield Sighting("model", said, line, weight)


def read_task(value: Mapping[str, Any], line: int) -> Finds:
    if task := _task_of(value):
        yield Sighting("task_id", task, line, Weight.SEEN)


def _task_of(value: Mapping[str, Any]) -> str:
    for part in (value, mapping_of(value.get("data")), mapping_of(value.get("output"))):
        for name in _TASK_IDS:
            if task := text_of(part.get(name)):
                return task if re.fullmatch(r"[\w.:-]{4,100}", task) else ""
        own = text_of(part.get("id"))
        if _TASKS.match(own) and len(own) <= 100:
            return own
    return ""


def read_ids(value: Mapping[str, Any], line: int, depth: int = 3) -> Finds:
    for name, item in value.items():
        if isinstance(item, str) and str(name).lower() in ID_NAMES and 5 < len(item) <= 128:
            yield IdSeen(str(name), item, line)
        elif isinstance(item, Mapping) and depth:
            yield from read_ids(item, line, depth - 1)
