"""The media_task dialect."""

from probes.wire.dialects.base import Observed, WireRequest


class MediaTask:
    name = "media_task"

    def request_for(
        self, step: str, *, model: str, prompt: str, max_tokens: int, task_id: str = ""
    ) -> WireRequest:
        raise NotImplementedError

    def auth_headers(self, key: str) -> dict[str, str]:
        raise NotImplementedError

    def read_event(self, event: str, document: object) -> Observed:
        raise NotImplementedError

    def read_body(self, document: object) -> Observed:
        raise NotImplementedError
