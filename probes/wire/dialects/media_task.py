"""Image and video tasks: looked up by their id in whatever shape the gateway answers, never submitted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from probes.wire.dialects.base import (
    STATUS,
    Observed,
    StepNotOffered,
    TaskSeen,
    WireRequest,
    reading_headers,
)
from probes.wire.documents import Document, first_of, list_of, mapping_of, string_of, text_of
from probes.wire.error_shapes import find_error
from probes.wire.times import iso_time

UNKNOWN = "unknown"
_DEEPEST = 4  # envelopes inside envelopes: the gateway's, its own record's, the upstream's

_WORDS = {
    "queued": "queued queueing in_queue pending waiting submitted not_start not_started created preparing "
    "scheduled throttled accepted 排队中 等待中 已提交 未启动",
    "running": "running in_progress processing generating started starting active executing rendering "
    "dreaming progressing modal 处理中 生成中 进行中 执行中",
    "succeeded": "succeeded success succeed successful completed complete done finished ok ready "
    "成功 已完成 完成",
    "failed": "failed failure fail error errored cancelled canceled rejected expired timeout timed_out "
    "aborted 失败 已取消 已拒绝 超时",
}
STATUS_WORDS = {word: status for status, words in _WORDS.items() for word in words.split()}

_STATUS_NAMES = ("status", "task_status", "taskStatus", "state", "video_status")
_REASON_NAMES = (
    "fail_reason",
    "failReason",
    "failure_reason",
    "failure",
    "task_status_msg",
    "error_message",
    "errorMsg",
)
_TIME_NAMES = (
    "submit_time", "submitTime", "submitted_at", "created_at", "createdAt", "create_time", "createTime",
    "created",
)  # fmt: skip
_EXPIRY_NAMES = ("expires_at", "expiresAt", "expire_time", "expired_at")
_RESULT_NAMES = (
    "url", "video_url", "videoUrl", "image_url", "imageUrl", "audio_url", "result_url", "resultUrl", "videos",
    "images", "video_result", "image_result", "results", "output", "content", "fail_reason", "file_id",
)  # fmt: skip
_ENVELOPES = ("data", "output", "task", "result", "response", "video", "record", "task_result", "metadata")
_ENVELOPE_WORDS = frozenset({"ok", "success"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFields:
    """Dotted paths to read before the usual places, for an endpoint that keeps things elsewhere."""

    status: tuple[str, ...] = ()
    error: tuple[str, ...] = ()
    submitted: tuple[str, ...] = ()
    result: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaTask:
    """`path` is where a task is looked up; "{task_id}" in it is replaced."""

    path: str = "/videos/{task_id}"
    fields: TaskFields = field(default_factory=TaskFields)
    name: str = "media_task"

    def request_for(
        self, step: str, *, model: str, prompt: str, max_tokens: int, task_id: str = "", path: str = ""
    ) -> WireRequest:
        if step != STATUS or not task_id:
            raise StepNotOffered(step)
        place = (path or self.path).replace("{task_id}", quote(task_id, safe=""))
        return WireRequest("GET", place, reading_headers(stream=False), b"")

    def auth_headers(self, key: str) -> dict[str, str]:
        return {"authorization": f"Bearer {key}"}

    def read_event(self, event: str, document: object) -> Observed:
        return self.read_body(document)

    def read_body(self, document: object) -> Observed:
        task = self._task(document)
        body = mapping_of(document)
        return Observed(
            task=task,
            error=None if task else find_error(document),
            answer_id=text_of(first_of(body, "id", "task_id")),
            model=text_of(body.get("model")),
            known=bool(task or find_error(document)),
        )

    def _task(self, document: object) -> TaskSeen | None:
        levels = list(_levels(document))
        words = _words(levels)
        if named := text_of(_at(document, self.fields.status)):
            words = [named, *(word for word in words if word != named)]
        if not words:
            return None
        inner = words[1] if len(words) > 1 else ""
        return TaskSeen(
            status=neutral_status(words[0]),
            status_raw=words[0],
            inner_status=neutral_status(inner) if inner else "",
            inner_status_raw=inner,
            error=text_of(_at(document, self.fields.error)) or _first(levels, _reason),
            submitted_at=iso_time(_at(document, self.fields.submitted)) or _first(levels, _submitted),
            expires_at=_first(levels, _expiry),
            result_url_seen=bool(_at(document, self.fields.result)) or any(map(_has_result, levels)),
        )


def neutral_status(word: str) -> str:
    """queued, running, succeeded, failed or unknown, for any vendor's word."""
    plain = word.strip().lower().replace("-", "_").replace(" ", "_").removeprefix("task_status_")
    return STATUS_WORDS.get(plain, UNKNOWN)


def _levels(value: object, depth: int = _DEEPEST) -> Iterator[Document]:
    """The document and the objects wrapped in it, outermost first."""
    if isinstance(value, list):
        value = value[0] if value else None
    level = mapping_of(value)
    if not level or not depth:
        return
    yield level
    for name in _ENVELOPES:
        yield from _levels(level.get(name), depth - 1)


def _words(levels: list[Document]) -> list[str]:
    """The status words, outermost first. A lone "success" around another status is the envelope's own."""
    words = [word for level in levels if (word := _word(level))]
    outermost = levels[0] if levels else {}
    is_envelope = not first_of(outermost, "id", "task_id", "progress", *_TIME_NAMES)
    if len(words) > 1 and is_envelope and _word(outermost).lower() in _ENVELOPE_WORDS:
        return words[1:]
    return words


def _word(level: Document) -> str:
    """A status in words; numbers in its place are HTTP's or the envelope's."""
    word = string_of(first_of(level, *_STATUS_NAMES))
    return "" if word.isdigit() else word


def _reason(level: Document) -> str:
    """Why it failed. A link stands there when it did not: one gateway keeps the result in fail_reason."""
    seen = find_error({name: level.get(name) for name in ("error", "base_resp")})
    reason = text_of(first_of(level, *_REASON_NAMES)) or (seen.message or seen.code if seen else "")
    return "" if _is_link(reason) else reason


def _has_result(level: Document) -> bool:
    return any(_is_link(value) for name in _RESULT_NAMES for value in _strings(level.get(name)))


def _strings(value: object) -> Iterator[str]:
    """The strings of a value, and those directly inside its list or object."""
    if isinstance(value, str):
        yield value
    for item in list_of(value) or [value]:
        yield from (text for text in (item, *mapping_of(item).values()) if isinstance(text, str))


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _submitted(level: Document) -> str:
    return iso_time(first_of(level, *_TIME_NAMES))


def _expiry(level: Document) -> str:
    return iso_time(first_of(level, *_EXPIRY_NAMES))


def _first(levels: list[Document], read: Callable[[Document], str]) -> str:
    return next((value for level in levels if (value := read(level))), "")


def _at(document: object, paths: tuple[str, ...]) -> object:
    """The first value at one of these dotted paths; a number picks from a list."""
    for path in paths:
        value = document
        for step in path.split("."):
            value = (
                dict(enumerate(value)).get(int(step))
                if isinstance(value, list) and step.isdigit()
                else (mapping_of(value).get(step))
            )
        if value not in (None, "", {}, []):
            return value
    return None
