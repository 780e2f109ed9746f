"""The openai_responses dialect."""

from probes.wire.dialects.base import Observed, WireRequest


class OpenAIResponses:
    name = "openai_responses"

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
