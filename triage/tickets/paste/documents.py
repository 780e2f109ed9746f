"""JSON in a paste, whoever wrote it: errors of any vendor, requests, answers, log records."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from probes.wire.documents import list_of, mapping_of, text_of
from probes.wire.error_shapes import ErrorSeen, describe_error, find_error
from triage.tickets.paste.found import Finds, IdSeen, Mark, Role, Sighting, Weight, Why
from triage.tickets.paste.labels import fields_named
from triage.tickets.paste.lines import Text
from triage.tickets.paste.moments import moment_said
from triage.tickets.paste.urls import read_path, read_url
from triage.tickets.paste.values import read_value

_MOST_DOCUMENTS: Final = 200
_DEEPEST: Final = 40
_LONGEST_LITERAL: Final = 60_000
_COST: Final = 400  # characters that even a short scan in vain counts for
_SCAN: Final = re.compile(r'["\'\\{}\[\]]')
_MODEL_STREAM: Final = re.compile(r'"stream"\s*:\s*(true|false)', re.IGNORECASE)
_STATUSES: Final = ("status", "statusCode", "status_code", "code", "http_status", "httpStatus")

_PROMPTS: Final = frozenset(
    (
        "messages",
        "prompt",
        "input",
        "contents",
        "system",
        "instructions",
        "system_instruction",
        "query",
        "text",
        "image",
        "images",
    )
)
_ANSWERS: Final = frozenset(
    ("choices", "output", "candidates", "completion", "content", "delta", "output_text")
)
_ID_NAMES: Final = frozenset(
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
# A log record names these for what other programs call otherwise.
_NOT_IN_RECORDS: Final = frozenset(
    {
        "error_text",
        "notes",
        "key_hint",
        "account_ref",
        "client",
        "via_proxy",
        "charged",
    }
)


class Document(NamedTuple):
    value: Any
    start: int
    end: int


def find_documents(text: Text) -> Finds:
    """Every JSON object or Python dict in what no reader has claimed."""
    for document in documents_in(text.whole):
        first, last = text.line_at(document.start), text.line_at(max(document.start, document.end - 1))
        if first in text.taken:
            continue
        own = _stands_alone(text, document)
        yield from read_document(document.value, first, last, own=own)
        if own:
            text.documents.update(range(first, last + 1))


def _stands_alone(text: Text, document: Document) -> bool:
    """Whether its lines hold nothing else worth reading."""
    first, last = text.line_at(document.start), text.line_at(max(document.start, document.end - 1))
    before = text.whole[text.start_of(first) : document.start]
    after = text.whole[document.end : document.end + 3]
    return not before.strip(" \t>|`'\"") and (last > first or not after.strip(" \t`'\",;"))


def documents_in(whole: str) -> Iterator[Document]:
    """Balanced {…} that parse as JSON or as a Python literal, outermost ones, in one pass."""
    found = 0
    position = 0
    budget = len(whole) + 100_000  # an opening brace that never closes makes the scan start again
    while found < _MOST_DOCUMENTS and budget > 0:
        start = whole.find("{", position)
        if start < 0:
            return
        end, seen = _closing(whole, start, budget)
        budget -= max(seen - start, _COST) if not end else 0
        value = _parsed(whole[start:end]) if end else None
        if value is None:
            position = start + 1
            continue
        found += 1
        position = end
        yield Document(value, start, end)


def _closing(whole: str, start: int, budget: int) -> tuple[int, int]:
    """(offset behind the matching brace or 0, how far was read)."""
    depth, quote = 0, ""
    position = start
    limit = min(len(whole), start + budget)
    while position < limit:
        match = _SCAN.search(whole, position, limit)
        if match is None:
            return 0, limit
        char, position = match.group(), match.end()
        if char == "\\":
            position += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char == '"' or (char == "'" and whole[match.start() - 1] in "{[,: ("):
            quote = char
        elif char in "{[":
            depth += 1
            if depth > _DEEPEST:
                return 0, position
        elif char in "}]":
            depth -= 1
            if not depth:
                return position, position
    return 0, position


def _parsed(said: str) -> Any:
    """The object, or None. Escaped once more inside a log line, it is unescaped first."""
    if len(said) < 5:
        return None
    for form in (said, said.replace('\\"', '"') if said.startswith('{\\"') else ""):
        if not form:
            continue
        try:
            value = json.loads(form, strict=False)
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, dict) and value else None
    return _literal(said)


def _literal(said: str) -> Any:
    """A Python dict as `repr` writes it, or None."""
    if len(said) > _LONGEST_LITERAL or not re.match(r"\{\s*['\"]\w", said):
        return None
    try:
        value = ast.literal_eval(said)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


# --- what a document is ---


def read_document(value: Any, first: int, last: int, *, own: bool = True) -> Finds:
    """`own` says that the lines hold nothing but this document."""
    if not isinstance(value, Mapping):
        return
    error = find_error(value)
    if error and (error.message or error.code or error.type) and not _is_record(value):
        yield from _error(value, error, first)
        request = _request_in(value)
        yield from _request(request, first)
        if own and _has_prompt(request):
            yield Sighting("error_text", _without_prompts(value), first, Weight.SEEN)
            yield Mark(first, first, Role.STORY)
            yield Mark(first + 1, last, Role.LEFT_OUT, Why.PROMPT)
        else:
            yield Mark(first, last, Role.STORY)
    elif request := _request_in(value):
        yield from _request(request, first)
        if own:
            yield Mark(first, last, Role.LEFT_OUT if _has_prompt(request) else Role.READ, Why.PROMPT)
        elif _has_prompt(request):
            yield Mark(first, last, Role.LEFT_OUT, Why.PROMPT)
    elif _is_answer(value):
        yield from _answer(value, first)
        if own:
            yield Mark(first, last, Role.LEFT_OUT, Why.ANSWER)
    else:
        yield from _record(value, first)
        if own:
            yield Mark(first, last, Role.STORY)


def _without_prompts(value: Mapping[str, Any]) -> str:
    """The document in one line, without what the customer sent."""
    kept = {
        name: {key: item for key, item in part.items() if key not in _PROMPTS}
        if isinstance(part, Mapping) and _is_request(part)
        else part
        for name, part in value.items()
        if not isinstance(part, Mapping) or part
    }
    return text_of(kept)


def read_request(body: str, first: int, last: int) -> Finds:
    """The body of a command: its settings are read, its prompt is not."""
    value = next((document.value for document in documents_in(body)), None)
    if isinstance(value, Mapping):
        yield from _request(value, first)
        if _has_prompt(value):
            yield Mark(first, last, Role.LEFT_OUT, Why.PROMPT)
        return
    if match := re.search(r'"model\\?"\s{0,4}:\s{0,4}\\?"([^"\\]{1,120})', body[:20_000]):
        yield Sighting("model", match[1], first, Weight.SEEN)
    if match := _MODEL_STREAM.search(body[:200_000]):
        yield Sighting("stream", "yes" if match[1].lower() == "true" else "no", first, Weight.SEEN)
    if re.search(r'"(?:messages|prompt|input|contents)\\?"', body[:20_000]):
        yield Mark(first, last, Role.LEFT_OUT, Why.PROMPT)


def _request_in(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document if it is the body of a request, or the one that a log wraps; else an empty one."""
    wrapped = (
        mapping_of(value.get(name))
        for name in ("json_data", "body", "request", "payload", "data", "params", "json", "requestBodyValues")
    )
    return next((one for one in (value, *wrapped) if _is_request(one)), {})


def _is_request(value: Mapping[str, Any]) -> bool:
    return (
        isinstance(value.get("model"), str)
        and bool(
            {"messages", "prompt", "input", "max_tokens", "temperature", "contents", "max_completion_tokens"}
            & value.keys()
        )
        and not ({"usage", "choices", "created", "object"} & value.keys())
    )


def _has_prompt(value: Mapping[str, Any]) -> bool:
    return bool(_PROMPTS & value.keys())


def _is_answer(value: Mapping[str, Any]) -> bool:
    says = any(value.get(name) for name in _ANSWERS)
    return says and bool({"id", "model", "usage", "object", "type", "role", "usageMetadata"} & value.keys())


def _is_record(value: Mapping[str, Any]) -> bool:
    """A line of a log, in which an error stands beside a time and a path."""
    return (
        len(value) > 4
        and bool({"level", "ts", "timestamp", "time", "@timestamp", "created_at"} & value.keys())
        and not isinstance(value.get("error"), Mapping)
    )


def _request(value: Mapping[str, Any], line: int) -> Finds:
    model, stream = value.get("model"), value.get("stream")
    if not value:
        return
    if isinstance(model, str) and (said := read_value("model", model)):
        yield Sighting("model", said, line, Weight.SEEN)
    if isinstance(stream, bool):
        yield Sighting("stream", "yes" if stream else "no", line, Weight.SEEN)
    elif stream is None and {"messages", "input"} & value.keys():
        yield Sighting("stream", "no", line, Weight.HINT, "default")
    if task := _task_of(value):
        yield Sighting("task_id", task, line, Weight.SEEN)


def _error(value: Mapping[str, Any], error: ErrorSeen, line: int) -> Finds:
    yield from _ids(value, line)
    code = error.code
    if code.isdigit() and len(code) == 3 and "400" <= code <= "599":
        yield Sighting("status_code", code, line, Weight.NAMED)
    elif re.fullmatch(r"[A-Za-z][\w.:-]{1,80}|\d{4,8}", code):
        yield Sighting("error_code", code, line, Weight.SEEN)
    if re.fullmatch(r"[A-Za-z][\w.:-]{2,80}", error.type) and error.type != "error":
        yield Sighting("error_type", error.type, line, Weight.SEEN)
    yield from _status_of(value, line)
    if task := _task_of(value):
        yield Sighting("task_id", task, line, Weight.SEEN)
    if isinstance(model := value.get("model"), str) and (said := read_value("model", model)):
        yield Sighting("model", said, line, Weight.NAMED)
    inner = _inner(error.message)
    if isinstance(inner, Mapping):
        yield from _inner_error(inner, line)


def _status_of(value: Mapping[str, Any], line: int) -> Finds:
    """A number in the range of failures under a name for it, here or one level below."""
    for part in (value, mapping_of(value.get("error"))):
        for name in _STATUSES:
            number = part.get(name)
            if isinstance(number, int) and not isinstance(number, bool) and 400 <= number <= 599:
                yield Sighting("status_code", str(number), line, Weight.NAMED + (name != "code"))


def _inner_error(value: Mapping[str, Any], line: int) -> Finds:
    """What the error quotes of the next hop's."""
    seen = describe_error(value)
    if re.fullmatch(r"[A-Za-z][\w.:-]{1,80}", seen.code):
        yield Sighting("error_code", seen.code, line, Weight.HINT)
    if re.fullmatch(r"[A-Za-z][\w.:-]{2,80}", seen.type) and seen.type != "error":
        yield Sighting("error_type", seen.type, line, Weight.HINT)
    yield from _ids(value, line)


def _inner(message: str) -> Any:
    start = message.find("{")
    return (
        next((found.value for found in documents_in(message[start : start + 20_000])), None)
        if start >= 0
        else None
    )


def _ids(value: Mapping[str, Any], line: int, depth: int = 3) -> Finds:
    for name, item in value.items():
        if isinstance(item, str) and str(name).lower() in _ID_NAMES and 5 < len(item) <= 128:
            yield IdSeen(str(name), item, line)
        elif isinstance(item, Mapping) and depth:
            yield from _ids(item, line, depth - 1)


def _answer(value: Mapping[str, Any], line: int) -> Finds:
    if isinstance(model := value.get("model"), str) and (said := read_value("model", model)):
        yield Sighting("model", said, line, Weight.HINT)
    if value.get("object") == "chat.completion.chunk" or isinstance(value.get("delta"), Mapping):
        yield Sighting("stream", "yes", line, Weight.NAMED)
        yield Sighting("protocol", "openai_chat" if "object" in value else "anthropic", line, Weight.HINT)
    elif value.get("object") == "chat.completion":
        yield Sighting("stream", "no", line, Weight.NAMED)
        yield Sighting("protocol", "openai_chat", line, Weight.HINT)


def _task_of(value: Mapping[str, Any]) -> str:
    for part in (value, mapping_of(value.get("data")), mapping_of(value.get("output"))):
        for name in _TASK_IDS:
            if task := text_of(part.get(name)):
                return task if re.fullmatch(r"[\w.:-]{4,100}", task) else ""
        own = text_of(part.get("id"))
        if _TASKS.match(own) and len(own) <= 100:
            return own
    return ""


def _record(value: Mapping[str, Any], line: int) -> Finds:
    """A record of a log or a console: its names are labels."""
    yield from _ids(value, line)
    if task := _task_of(value):
        yield Sighting("task_id", task, line, Weight.SEEN)
    for name, item in _scalars(value):
        yield from _named(name, item, line)
    for message in (text_of(value.get(name)) for name in ("content", "message", "msg", "error", "err")):
        inner = _inner(message)
        if isinstance(inner, Mapping) and (error := find_error(inner)):
            yield from _error(inner, error, line)


def _scalars(value: Mapping[str, Any], depth: int = 2) -> Iterator[tuple[str, str]]:
    for name, item in value.items():
        if isinstance(item, Mapping) and depth:
            yield from _scalars(item, depth - 1)
        elif isinstance(item, str | int | float) and str(item) not in ("", "0"):
            yield str(name), ("yes" if item else "no") if isinstance(item, bool) else str(item)[:400]
        elif isinstance(item, list) and item and depth and isinstance(first := list_of(item)[0], Mapping):
            yield from _scalars(first, 0)


def _named(name: str, value: str, line: int) -> Finds:
    if name.lower() in ("frt", "ttft_ms", "first_token_ms") and value.isdigit():
        yield Sighting("first_output_s", read_value("first_output_s", f"{value}ms"), line, Weight.SEEN)
        return
    if name.lower().endswith("_ms") and (fields := fields_named(name[:-3])) and fields[0].endswith("_s"):
        yield Sighting(fields[0], read_value(fields[0], f"{value}ms"), line, Weight.NAMED)
        return
    if value.startswith("/") and name.lower() in ("path", "uri", "url", "request_uri", "request_path"):
        yield from read_path(value, line)
        return
    if value.startswith("http") and name.lower() in ("url", "uri", "request_url", "endpoint"):
        yield from read_url(value, line)
        return
    for field in fields_named(name):
        if field in _NOT_IN_RECORDS or name.lower() in _ID_NAMES:
            continue
        if field == "occurred_at":
            if moment := moment_said(value):
                yield Sighting("occurred_at", moment.text, line, Weight.NAMED, moment.remark)
                if moment.zone:
                    yield Sighting("zone", moment.zone, line, Weight.NAMED)
            return
        if said := read_value(field, value):
            yield Sighting(field, said, line, Weight.NAMED)
            return
