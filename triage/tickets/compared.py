"""What two answers to the same question say of each other in sentences: control and stream, or two routes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from probes.wire.comparison import Comparison, Difference, compare
from triage.tickets.steps import Request
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.outcomes import COMPARED, SHORTFALLS
from triage.tickets.wording.values import seconds_text


@dataclass(frozen=True, slots=True)
class Compared:
    """`lines` are empty only when one of the two was not answered, and then there is no such value."""

    title: str
    lines: list[str]
    agrees: bool


def comparisons(requests: Sequence[Request]) -> list[Compared]:
    """The first control with the first stream, and that stream with the same on every other route.

    What a lost worker or a stopping desk broke off says nothing of the endpoint.
    """
    seen_through = (request for request in requests if not request.facts.skipped)
    answered = [request for request in seen_through if request.facts.status is not None]
    return [_told(one, other) for one, other in _pairs(answered)]


def _pairs(requests: Sequence[Request]) -> Iterator[tuple[Request, Request]]:
    control = next((request for request in requests if request.step.kind == "control"), None)
    stream = next((request for request in requests if request.step.kind == "stream"), None)
    if stream is None:
        return
    if control is not None:
        yield control, stream
    for request in requests:
        if request.step.kind == "route":
            yield stream, request


def _told(one: Request, other: Request) -> Compared:
    found = compare(one.facts, other.facts)
    names = {"one": one.name.title, "other": _with_route(other)}
    lines = [line for code in found.differences for line in _lines(code, found, names)]
    if found.same_length:
        lines.append(
            _("The text is about equally long: %(one_chars)d and %(other_chars)d characters.")
            % {"one_chars": found.control_chars, "other_chars": found.stream_chars}
        )
    return Compared(
        title=_("%(one)s and %(other)s") % names,
        lines=lines or [_("Nothing that one of them shows is missing in the other.")],
        agrees=not found.differences,
    )


def _with_route(request: Request) -> str:
    return f"{request.name.title} ({request.step.route})" if request.step.route else request.name.title


def _lines(code: Difference, found: Comparison, names: dict[str, str]) -> Iterator[str]:
    """One sentence a difference; one a header where hops differ."""
    for values in _values(code, found):
        yield in_words(COMPARED, code) % (names | values)
    if code is Difference.STREAM_SHORTER and found.shortfall:
        yield in_words(SHORTFALLS, found.shortfall) % names


def _values(code: Difference, found: Comparison) -> list[dict[str, object]]:
    if code is Difference.HOPS:
        return [
            {"header": header, "was": one or _("missing"), "now": other or _("missing")}
            for header, one, other in found.hops
        ]
    pairs = {
        Difference.FINISH_REASON: found.finish_reasons,
        Difference.TOKENS: found.tokens,
        Difference.MODEL: found.models,
        Difference.ADDRESS: found.addresses,
    }
    was, now = pairs.get(code) or ("", "")
    return [
        {
            "was": was,
            "now": now,
            "one_chars": found.control_chars,
            "other_chars": found.stream_chars,
            "whole": seconds_text(found.control_total_ms),
            "first": seconds_text(found.stream_first_content_ms),
        }
    ]
