"""What a change of rules does to one text: what is masked anew, what no longer is, what was to be kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from probes.redaction.engine import Redactor, render
from probes.redaction.keep import kept_shape
from probes.redaction.search import Hit

# Shapes of ids and figures; names, paths and words look like so much that a likeness says nothing.
_KEPT = frozenset(
    {"uuid", "prefixed_id", "gateway_request_id", "hash", "digest", "traceparent", "cf_ray", "aws_trace"}
)
_AROUND = 60  # characters shown on either side of a place


@dataclass(frozen=True, slots=True)
class Change:
    """Places in one text, each shown masked with what stands around it."""

    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # of the gained ones, those that look like what is to be kept


def compare(text: str, before: Redactor, after: Redactor) -> Change:
    """Raises CheckFailed for a text that one of them would withhold."""
    old, new = before.find(text), after.find(text)
    gained = [hit for hit in new if not _covered(hit, old)]
    lost = [hit for hit in old if not _covered(hit, new) or _shows_more(hit, new)]
    both = _union([*old, *new])
    return Change(
        gained=tuple(_excerpt(text, hit, both) for hit in gained),
        lost=tuple(_excerpt(text, hit, both) for hit in lost),
        kept=tuple(_excerpt(text, h, both) for h in gained if kept_shape(text[h.start : h.end]) in _KEPT),
    )


def _covered(hit: Hit, by: Iterable[Hit]) -> bool:
    """Whether every character of a hit is masked by others, which are in order and do not overlap."""
    position = hit.start
    for other in by:
        if other.start <= position < other.end:
            position = other.end
    return position >= hit.end


def _shows_more(hit: Hit, by: Iterable[Hit]) -> bool:
    """Whether what now stands in a hit's place tells more of it: a beginning, or the last characters."""
    return any(_told(other) > _told(hit) for other in by if other.start < hit.end and hit.start < other.end)


def _told(hit: Hit) -> int:
    return 0 if hit.shown.startswith("[") else len(hit.shown) - 1


def _excerpt(text: str, at: Hit, hits: list[Hit]) -> str:
    """A place and its surroundings, with everything masked that either side masks."""
    index = next(i for i, hit in enumerate(hits) if hit.start <= at.start < hit.end)
    middle, later = hits[index], hits[index + 1 :]
    before = render(text[: middle.start], hits[:index]).text
    shifted = [hit._replace(start=hit.start - middle.end, end=hit.end - middle.end) for hit in later]
    after = render(text[middle.end :], shifted).text
    return f"{_tail(before)}{middle.shown}{_head(after)}"


def _union(hits: Iterable[Hit]) -> list[Hit]:
    """All spans in order, those that touch one another as one, shown as whichever tells less."""
    united: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: hit.start):
        if not united or hit.start >= united[-1].end:
            united.append(hit)
            continue
        last = united[-1]
        quiet = min(last, hit, key=_told)
        united[-1] = quiet._replace(start=last.start, end=max(last.end, hit.end))
    return united


def _tail(text: str) -> str:
    return text if len(text) <= _AROUND else f"… {text[-_AROUND:]}"


def _head(text: str) -> str:
    return text if len(text) <= _AROUND else f"{text[:_AROUND]} …"
