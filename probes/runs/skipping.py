"""Which steps an earlier result of the same run has made pointless."""

import re
from collections.abc import Callable, Mapping, Sequence

from probes.runs.kinds import FREE
from probes.runs.plan import Step
from probes.wire.facts import NEVER_CONNECTED, BodyKind, Facts, Failure

_UNREACHABLE = NEVER_CONNECTED | {Failure.ADDRESS_REFUSED}
# The others may pass by, and to see whether they do is what a repeat is for.
_UNREACHABLE_FOR_GOOD = _UNREACHABLE - {Failure.DNS, Failure.CONNECT_REFUSED, Failure.CONNECT_TIMEOUT}
_HTTP1_MISUNDERSTOOD = frozenset({Failure.BAD_PROTOCOL, Failure.NO_RESPONSE, Failure.RESET})
_SAME_FOR_EVERY_MODEL = frozenset({401, 402})
_SAME_EACH_TIME = _SAME_FOR_EVERY_MODEL | {403, 404}
_NO_MONEY = re.compile(
    r"insufficient[ _](?:user_)?(?:quota|balance|credit|funds)|credit balance is too low|余额不足|额度不足",
    re.IGNORECASE,
)

Rule = Callable[[Sequence[Facts]], str]


def why_skip(step: Step, earlier: Sequence[Facts]) -> str:
    """A code when an earlier step already says what this one would, else empty."""
    own = [facts for facts in earlier if not facts.route]
    return next((code for rule in _RULES[step.kind] if (code := rule(own))), "")


def _control_failed(own: Sequence[Facts]) -> str:
    """A failing control is never a stream problem, with one exception: an endpoint that refuses
    stream=false as such has said nothing about its streams."""
    control = next((facts for facts in own if facts.step == "control"), None)
    if control is None or _went_well(control) or _refuses_control_alone(control):
        return ""
    return "control_failed"


def _control_failed_in_http(own: Sequence[Facts]) -> str:
    """Nor does it speak for another version of HTTP, unless HTTP/1.1 was understood."""
    control = next((facts for facts in own if facts.step == "control"), None)
    if control and control.status is None and control.failure in _HTTP1_MISUNDERSTOOD:
        return ""
    return _control_failed(own)


def _unreachable(own: Sequence[Facts]) -> str:
    failures = [facts.failure for facts in own]
    return "unreachable" if failures and all(failure in _UNREACHABLE for failure in failures) else ""


def _unreachable_for_good(own: Sequence[Facts]) -> str:
    return "unreachable" if any(facts.failure in _UNREACHABLE_FOR_GOOD for facts in own) else ""


def _refused_each_time(own: Sequence[Facts]) -> str:
    return _if_any(own, lambda facts: facts.status in _SAME_EACH_TIME or _has_no_money(facts))


def _refused_every_model(own: Sequence[Facts]) -> str:
    return _if_any(own, lambda facts: facts.status in _SAME_FOR_EVERY_MODEL or _has_no_money(facts))


def _refused_by_the_api(own: Sequence[Facts]) -> str:
    """What the API itself refuses, it refuses on every route; what an edge does in its place says nothing
    about the others, and nor does an endpoint that only this route cannot reach."""
    return _if_any(own, lambda facts: _is_api_refusal(facts) and not _refuses_control_alone(facts))


def _told_to_slow_down(own: Sequence[Facts]) -> str:
    return "rate_limited" if any(facts.status == 429 for facts in _of_model(own)) else ""


def _if_any(own: Sequence[Facts], refuses: Callable[[Facts], bool]) -> str:
    return "same_answer_certain" if any(map(refuses, _of_model(own))) else ""


def _of_model(own: Sequence[Facts]) -> list[Facts]:
    """Answers of the model that all steps share."""
    return [facts for facts in own if facts.step not in FREE and facts.step != "model"]


def _went_well(control: Facts) -> bool:
    return control.status == 200 and control.body_kind is not BodyKind.HTML


def _refuses_control_alone(facts: Facts) -> bool:
    refused = facts.status in (400, 422) and "stream" in facts.error_message.lower()
    return facts.step == "control" and refused


def _is_api_refusal(facts: Facts) -> bool:
    refused = facts.status is not None and 400 <= facts.status < 500
    return refused and facts.body_kind is BodyKind.JSON_ERROR


def _has_no_money(facts: Facts) -> bool:
    said = (facts.error_code, facts.error_type, facts.error_message)
    return facts.status in (400, 402, 403, 429) and any(map(_NO_MONEY.search, said))


_VARIANT: tuple[Rule, ...] = (_unreachable, _control_failed, _refused_each_time, _told_to_slow_down)
_RULES: Mapping[str, tuple[Rule, ...]] = {
    "control": (),
    "stream": (_control_failed,),
    "status": (_unreachable,),
    "repeat": (_unreachable_for_good, _refused_each_time, _told_to_slow_down),
    "gzip": _VARIANT,
    "long": _VARIANT,
    "http2": (_unreachable, _control_failed_in_http, _refused_each_time, _told_to_slow_down),
    "route": (_refused_by_the_api,),
    "tool": _VARIANT,
    "model": (_unreachable, _refused_every_model),
    "models": (_unreachable,),
    "balance": (_unreachable,),
    "websocket": (),  # it is a door of its own, and knocking costs nothing
}
