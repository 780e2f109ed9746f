"""A fourth protocol, copied from a sibling as docs/new-dialect.md says: an answer of typed events."""

from collections.abc import Callable

from probes.wire.dialects import tool
from probes.wire.dialects.base import TOOL, Observed, Usage, WireRequest, ask_model
from probes.wire.dialects.look_up import LOOK_UPS, look_up
from probes.wire.documents import Document, count_of, mapping_of, string_of, text_of
from probes.wire.error_shapes import find_error
from tests.probes.wire.streams import typed


class Acme:
    name = "acme"

    def request_for(
        self, step: str, *, model: str, prompt: str, max_tokens: int, task_id: str = "", path: str = ""
    ) -> WireRequest:
        if step in LOOK_UPS:
            return look_up(step, path=path, models_path="/engines")
        body = {"engine": model, "say": prompt, "limit": max_tokens}
        return ask_model(step, "/talk", body | ({"tools": [tool.AS_FUNCTION]} if step == TOOL else {}))

    def auth_headers(self, key: str) -> dict[str, str]:
        return {"x-acme-key": key}

    def read_event(self, event: str, document: object) -> Observed:
        body = mapping_of(document)
        if read := _EVENTS.get(string_of(body.get("type")) or event):
            return read(body)
        return Observed(error=find_error(document), known=bool(find_error(document)))

    def read_body(self, document: object) -> Observed:
        body, error = mapping_of(document), find_error(document)
        return Observed(
            text=string_of(body.get("said")),
            finish_reason=text_of(body.get("because")),
            usage=_usage(body),
            error=error,
            begins="said" in body,
            known=bool(error) or "said" in body,
        )


def _usage(body: Document) -> Usage | None:
    counts = mapping_of(body.get("counts"))
    return Usage(count_of(counts.get("in")), count_of(counts.get("out"))) if counts else None


_EVENTS: dict[str, Callable[[Document], Observed]] = {
    "begin": lambda body: Observed(begins=True, answer_id=text_of(body.get("id"))),
    "thought": lambda body: Observed(reasoning=string_of(body.get("text"))),
    "piece": lambda body: Observed(text=string_of(body.get("text"))),
    "call": lambda body: Observed(tool_calls=1),
    "argument": lambda body: Observed(tool_fragment=True),
    "end": lambda body: Observed(finish_reason=text_of(body.get("because")), usage=_usage(body), done=True),
}

STREAM = b"".join(
    (
        typed("begin", id="a1"),
        typed("thought", text="hmm"),
        typed("piece", text="Hello, "),
        typed("piece", text="world"),
        typed("call", name="f"),
        typed("argument", text="{}"),
        typed("end", because="tool", counts={"in": 9, "out": 7}),
    )
)
