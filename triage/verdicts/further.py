"""Which further steps a verdict calls for, and why: suggestions to an engineer, never sent by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A step kind of probes/runs/plan.py, how often, and why, as a code that pages put into words."""

    kind: str
    reason: str
    times: int = 1


_REPEAT: Final = Suggestion("repeat", "comes_and_goes", 3)
_OFTEN: Final = Suggestion("repeat", "comes_and_goes", 5)
_AGAIN: Final = Suggestion("repeat", "breaks_again", 3)
_GZIP: Final = Suggestion("gzip", "compression_holds_back")
_LONG: Final = Suggestion("long", "too_short_to_tell")
_ROOM: Final = Suggestion("long", "room_to_answer")
_LASTS: Final = Suggestion("long", "how_long_it_lasts")
_HTTP2: Final = Suggestion("http2", "other_http_version")
_ROUTE: Final = Suggestion("route", "which_hop")
_TOOL: Final = Suggestion("tool", "tool_fragments")
_MODEL: Final = Suggestion("model", "this_model_only")
_MODELS: Final = Suggestion("models", "which_models")
_BALANCE: Final = Suggestion("balance", "what_is_left")
_STATUS: Final = Suggestion("status", "task_now")

# A refusal that counts requests (limit.*) or a key (auth.key_*) gets no suggestion: asking again makes it
# worse or changes nothing. Of charges, which the ledger decides, only those ask that hang on what became of
# the task.
_BY_CODE: Final[Mapping[str, tuple[Suggestion, ...]]] = {
    "auth.upstream_credential": (_MODELS, _MODEL),
    "body.empty": (_REPEAT, _MODEL),
    "body.error_in_200": (_REPEAT, _MODEL),
    "body.malformed": (_REPEAT, _ROUTE),
    "body.output_limited": (_ROOM,),
    "body.reasoning_only": (_ROOM,),
    "charge.double_submit": (_STATUS,),
    "charge.failed_unrefunded": (_STATUS,),
    "charge.undelivered": (_STATUS,),
    "client.wrong_base_url": (_MODELS,),
    "gateway.misconfigured": (_MODELS, _MODEL),
    "gateway.internal": (_REPEAT, _MODEL),
    "intermittent": (_OFTEN,),
    "model.no_channel": (_MODELS, _MODEL),
    "model.retired": (_MODELS, _MODEL),
    "ok.not_reproduced": (_OFTEN,),
    "ok.resolved": (_OFTEN,),
    "stream.block_buffered": (_GZIP, _LONG, _ROUTE),
    "stream.client_parser": (_GZIP, _TOOL),
    "stream.cut": (_AGAIN, _HTTP2, _ROUTE),
    "stream.error_inside": (_AGAIN, _MODEL),
    "stream.flag_ignored": (_ROUTE,),
    "stream.fully_buffered": (_GZIP, _LONG, _ROUTE),
    "stream.headers_held": (_ROUTE, _HTTP2),
    "stream.malformed": (_AGAIN, _ROUTE),
    "stream.mislabelled": (_ROUTE,),
    "stream.no_content": (_AGAIN, _ROOM, _MODEL),
    "stream.slow_first_token": (_REPEAT, _MODEL),
    "stream.stalled": (_AGAIN, _ROUTE),
    "stream.truncated": (_AGAIN, _ROUTE),
    "timeout.client": (_LASTS,),
    "timeout.customer_proxy": (_LASTS,),
    "timeout.our_proxy": (_LASTS, _ROUTE),
    "timeout.stale_keepalive": (_REPEAT,),
    "timeout.upstream": (_REPEAT, _MODEL),
}
_BY_FAMILY: Final[Mapping[str, tuple[Suggestion, ...]]] = {
    "balance": (_BALANCE,),
    "edge": (_ROUTE,),
    "model": (_MODELS,),
    "quota": (_BALANCE,),
    "reach": (_REPEAT, _ROUTE),
    "task": (_STATUS,),
    "upstream": (_REPEAT, _MODEL),
}


# What would overturn the verdict, where it is a step of the desk that supplies it.
_BY_FACT: Final[Mapping[str, Suggestion]] = {"long_probe": _LONG, "second_probe": _REPEAT}


def suggestions_for(
    code: str, *, overturned_by: str = "", findings: Sequence[str] = ()
) -> tuple[Suggestion, ...]:
    """What would tell more after this verdict; a class without an entry of its own has its family's.

    `overturned_by` is the fact that the verdict itself names, one of codes.FACT_SUPPLIERS. `findings` stand
    beside it: where they leave open what became of a task, looking it up comes first.
    """
    of_class = _BY_CODE.get(code) or _BY_FAMILY.get(code.partition(".")[0], ())
    of_findings = [_STATUS] if any(_STATUS in _BY_CODE.get(finding, ()) for finding in findings) else []
    missing = [_BY_FACT[overturned_by]] if overturned_by in _BY_FACT else []
    offered = {step.kind for step in of_class}
    return (*(step for step in of_findings + missing if step.kind not in offered), *of_class)
