"""Writes down what is to be sent, before anybody sends it."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from probes.endpoints.models import Endpoint
from probes.runs.models import Attempt, Run
from probes.runs.plan import Plan, Terms


def create_run(
    *,
    endpoint: Endpoint,
    plan: Plan,
    requested_by: AbstractBaseUser | None,
    now: datetime,
    purpose: Run.Purpose = Run.Purpose.TICKET,
    replay_of: Run | None = None,
) -> Run:
    """A queued run with its planned attempts; whoever claims it sends each of them at most once."""
    with transaction.atomic():
        run = Run.objects.create(
            endpoint=endpoint,
            model=_model_of(plan),
            plan=plan.as_dict(),
            requested_by_id=requested_by.pk if requested_by else None,
            queued_at=now,
            purpose=purpose,
            replay_of=replay_of,
        )
        Attempt.objects.bulk_create(
            Attempt(run=run, position=position, step=step.kind) for position, step in enumerate(plan.steps)
        )
    return run


def _model_of(plan: Plan) -> str:
    """The model that the steps share; one that is asked beside it is only there to compare."""
    shared = (step.model for step in plan.steps if step.kind != "model")
    return next(shared, plan.steps[0].model)


def terms_of(endpoint: Endpoint, *, protocol: str = "") -> Terms:
    """The endpoint's terms for one of its protocols; another protocol falls back to its first."""
    return Terms(
        protocol=protocol if protocol in endpoint.protocols else endpoint.protocol,
        probe_model=endpoint.probe_model,
        prompt=endpoint.prompt,
        output_tokens=endpoint.output_tokens,
        price_in_per_1k=endpoint.price_in_per_1k,
        price_out_per_1k=endpoint.price_out_per_1k,
        currency=endpoint.currency,
        routes=tuple(route.slug for route in endpoint.routes.all()),
        task_path=endpoint.task_path,
        balance_path=endpoint.balance_path,
        websocket_path=endpoint.websocket_path,
    )
