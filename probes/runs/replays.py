"""The chains in which runs follow one another: an engineer sent one again, and perhaps that one too."""

from collections.abc import Iterable

from probes.runs.models import Run

_LONGEST_CHAIN = 20
_MOST_SHOWN = 50


def origin_of(run: Run) -> Run:
    """The run that its chain began with: itself, if it is no replay."""
    for _link in range(_LONGEST_CHAIN):
        if run.replay_of is None:
            break
        run = run.replay_of
    return run


def replays_of(runs: Iterable[int], *, deep: bool = True) -> list[Run]:
    """The replays of these runs, oldest first; `deep` also theirs. One query for each link of the chain."""
    found: list[Run] = []
    heads = list(runs)
    for _link in range(_LONGEST_CHAIN if deep else 1):
        left = _MOST_SHOWN - len(found)
        links = Run.objects.filter(replay_of__in=heads).select_related("requested_by").order_by("pk")[:left]
        heads = [link.pk for link in links]
        found += links
        if not heads:
            break
    return sorted(found, key=lambda link: link.pk)
