"""A probe through the product: an endpoint's row, a run, its stored facts, and the verdict of these alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from probes.endpoints.actions import seal_probe_key
from probes.endpoints.models import Endpoint
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.actions.perform_run import perform_run
from probes.runs.kinds import Wish
from probes.runs.models import Run
from probes.runs.plan import plan_steps
from probes.wire.facts import Facts
from tests.probes.lab.asking import KEY
from triage.verdicts.case import Case, Intake, Verdict
from triage.verdicts.classify import classify


@dataclass(frozen=True, slots=True)
class Probed:
    """Facts by kind of step, and what they prove."""

    facts: dict[str, Facts]
    verdict: Verdict


def probe(
    base_url: str, *, model: str, steps: Iterable[str] = ("control", "stream"), **columns: object
) -> Probed:
    """Register, run and judge once; `columns` are the endpoint's own, such as `idle_s`."""
    address = base_url.split("/")[2]
    endpoint = Endpoint.objects.create(
        slug="gateway",
        base_url=base_url,
        protocol="openai_chat",
        probe_model=model,
        allow_addresses=[address],
        **columns,
    )
    seal_probe_key(endpoint, KEY)
    plan = plan_steps(terms_of(endpoint), [Wish(kind=kind) for kind in steps])
    run = create_run(endpoint=endpoint, plan=plan, requested_by=None, now=timezone.now())
    perform_run(run.pk, clock=timezone.now)
    run = Run.objects.get(pk=run.pk)
    attempts = tuple(attempt.read_facts() for attempt in run.attempts.all())
    assert run.state == Run.State.FINISHED, run.refusal
    verdict = classify(Case(intake=Intake(model=model), attempts=attempts, now=timezone.now()))
    return Probed({facts.step: facts for facts in attempts}, verdict)
