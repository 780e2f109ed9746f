"""Which runs the history shows: its address says, so that a view of it can be sent to a colleague."""

from collections.abc import Mapping

from django.db.models import Prefetch, Q, QuerySet

from probes.runs.models import Attempt, Run
from triage.tickets.models import VerdictCorrection


def runs_of(query: Mapping[str, str]) -> QuerySet[Run]:
    """Runs by `endpoint` (short name), `model`, `verdict` (code or its family) and `state`."""
    runs = Run.objects.select_related("endpoint", "investigation", "investigation__ticket")
    if endpoint := query.get("endpoint"):
        runs = runs.filter(endpoint__slug=endpoint)
    if model := query.get("model"):
        runs = runs.filter(model=model)
    if verdict := query.get("verdict"):
        runs = runs.filter(_called(verdict))
    if state := query.get("state"):
        runs = runs.filter(state=state)
    in_order = Prefetch("attempts", queryset=Attempt.objects.order_by("position"))
    return runs.prefetch_related(in_order, "investigation__corrections")


def _called(verdict: str) -> Q:
    """By the machine, or by the newest word of an engineer."""
    corrected = VerdictCorrection.objects.newest().filter(code__startswith=verdict)
    return Q(investigation__verdict_code__startswith=verdict) | Q(
        investigation__in=corrected.values("investigation")
    )
