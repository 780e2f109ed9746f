"""Where an error hides in a JSON document, whichever vendor or gateway wrote it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from probes.wire.documents import Document, first_of, mapping_of, text_of


@dataclass(frozen=True, slots=True)
class ErrorSeen:
    """The parts of one error, as text; empty where the document names none."""

    type: str = ""
    code: str = ""
    message: str = ""
    param: str = ""
    request_id: str = ""


def find_error(document: object) -> ErrorSeen | None:
    """The error that a document reports, or None when it reports none."""
    if isinstance(document, list):
        document = document[0] if document else None  # Gemini wraps its errors in a list
    if isinstance(document, str):
        return ErrorSeen(message=document.strip()) if document.strip() else None
    if not isinstance(document, Mapping):
        return None
    return next((seen for shape in _SHAPES if (seen := shape(document))), None)


def describe_error(document: object) -> ErrorSeen:
    """The error of a document that is one for certain, such as the body of a 4xx, in whatever words."""
    if seen := find_error(document):
        return seen
    return _parts(document) if isinstance(document, Mapping) else ErrorSeen(message=text_of(document))


def _parts(error: Document) -> ErrorSeen:
    status = error.get("status")
    named_status = status if isinstance(status, str) and not status.isdigit() else None  # Gemini, gRPC
    return ErrorSeen(
        type=_word(first_of(error, "type", "error_type", "Type") or named_status),
        code=_word(first_of(error, *_CODES) or (None if named_status else status)),
        message=text_of(first_of(error, *_MESSAGES)),
        param=_word(error.get("param")),
        request_id=text_of(first_of(error, "request_id", "requestId", "RequestId")),
    )


def _word(value: object) -> str:
    """LiteLLM writes Python's None as a word."""
    text = text_of(value)
    return "" if text in ("None", "null") else text


def _error_field(document: Document) -> ErrorSeen | None:
    """`{"error": {...}}` in everyone's dress, `{"error": "text"}`, `{"errors": [...]}`."""
    error = first_of(document, "error", "errors", "Error")
    if isinstance(error, list):
        error = error[0]
    if not error:
        return None
    around = _parts({**document, "type": None})
    if isinstance(error, Mapping):
        return replace(inner := _parts(error), request_id=inner.request_id or around.request_id)
    # Spring and its kin put the error's name beside a status and, at times, a longer message.
    text = error if isinstance(error, str) else ""
    return replace(around, message=around.message or text)


def _envelope(document: Document) -> ErrorSeen | None:
    """`{"code": …, "message": …}` where the code is not one of the words for success."""
    code = first_of(document, *_CODES)
    if text_of(code).lower() in _SUCCESS or _has_payload(document):
        return None
    return _parts(document) if first_of(document, *_MESSAGES) else None


def _has_payload(document: Document) -> bool:
    return isinstance(first_of(document, *_PAYLOADS), dict | list)


def _declared_failure(document: Document) -> ErrorSeen | None:
    """`{"success": false}`, `{"status": "error"}` and `{"type": "error"}`, whatever stands beside."""
    failed = document.get("success") is False or "error" in (document.get("status"), document.get("type"))
    return _parts({**document, "type": None, "status": None}) if failed else None


def _detail(document: Document) -> ErrorSeen | None:
    """FastAPI's `{"detail": "Not Found"}` or its list of validation complaints."""
    detail = document.get("detail")
    if not detail or _has_payload(document):
        return None
    first = mapping_of(detail[0] if isinstance(detail, list) else detail)
    if not first:
        return ErrorSeen(message=text_of(detail))
    location = first.get("loc")
    param = ".".join(map(str, location)) if isinstance(location, list) else ""
    return replace(
        inner := _parts(first), message=inner.message or text_of(detail), param=inner.param or param
    )


def _status_block(document: Document) -> ErrorSeen | None:
    """MiniMax's `base_resp` and Volcengine's `ResponseMetadata.Error`."""
    block = mapping_of(document.get("base_resp"))
    if text_of(block.get("status_code")) not in _SUCCESS:
        return ErrorSeen(code=text_of(block["status_code"]), message=text_of(block.get("status_msg")))
    error = mapping_of(mapping_of(document.get("ResponseMetadata")).get("Error"))
    return _parts(error) if error else None


_CODES = ("code", "error_code", "errorCode", "Code", "CodeN", "status_code", "statusCode")
_MESSAGES = (
    "message", "msg", "error_msg", "errmsg", "error_message", "Message", "detail", "title", "description"
)  # fmt: skip
_PAYLOADS = ("choices", "content", "output", "data", "result", "delta")
_SUCCESS = frozenset({"", "0", "200", "201", "202", "ok", "success", "succeeded", "none", "null", "true"})
_SHAPES: tuple[Callable[[Document], ErrorSeen | None], ...] = (
    _error_field,
    _declared_failure,
    _envelope,
    _detail,
    _status_block,
)
