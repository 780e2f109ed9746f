"""Pages of baselines: what is measured by itself, what that costs, and what is usual at an endpoint."""

from decimal import Decimal
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from probes.endpoints.models import Endpoint
from probes.runs.models import Baseline
from probes.runs.plan import NothingToProbe
from triage.history.actions.switch_baseline import BaselineRefused, switch_off, switch_on
from triage.history.baseline_form import AgreedForm, BaselineForm
from triage.history.baselines import active_probes, measured, price_of, usual_at
from triage.people.access import requires
from triage.people.roles import WHO_MAY
from triage.tickets.further_form import with_masked_model


@requires(WHO_MAY["read_history"])
@never_cache
@require_safe
def baseline_list(request: HttpRequest) -> HttpResponse:
    """What is measured, and what one more would cost a day; nothing is switched on."""
    picked = with_masked_model(request.GET)
    if picked != request.GET:  # a secret must not stay in the address either
        return redirect(f"{request.path}?{picked.urlencode()}")
    return _page(request, _form(picked if "endpoint" in picked else None))


@requires(WHO_MAY["manage_baselines"])
@require_POST
def baseline_on(request: HttpRequest) -> HttpResponse:
    """Switch on what was shown; what has become dearer meanwhile is shown again instead."""
    form, agreed = _form(with_masked_model(request.POST)), AgreedForm(request.POST)
    if not form.is_valid() or not agreed.is_valid():
        return _page(request, form, refusal="not_shown", status=422)
    try:
        switch_on(
            endpoint=form.cleaned_data["endpoint"],
            model=form.model_named(),
            every_minutes=form.interval(),
            at_most=cast(Decimal, agreed.cleaned_data["at_most"]),
            by=cast(User, request.user),
            now=timezone.now(),
        )
    except BaselineRefused as refused:
        return _page(request, form, refusal=refused.code, status=409)
    except NothingToProbe:
        return _page(request, form, status=422)
    return redirect("history:baselines")


@requires(WHO_MAY["manage_baselines"])
@require_POST
def baseline_off(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        switch_off(pk, by=cast(User, request.user), now=timezone.now())
    except Baseline.DoesNotExist:
        raise Http404 from None
    return redirect("history:baselines")


@requires(WHO_MAY["read_history"])
@never_cache
@require_safe
def usual_values(request: HttpRequest, slug: str) -> HttpResponse:
    """What is usual at one endpoint, for each of its models that is measured."""
    endpoint, now = get_object_or_404(Endpoint, slug=slug), timezone.now()
    context = {
        "section": "history",
        "endpoint": endpoint,
        "usual": usual_at(endpoint, now=now),
        "active": active_probes(endpoint),
    }
    return render(request, "history/usual.html", context)


def _form(data: Any) -> BaselineForm:
    return BaselineForm(data, endpoints=Endpoint.objects.order_by("slug"))


def _page(request: HttpRequest, form: BaselineForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "section": "history",
        "form": form,
        "rows": measured(now=now),
        "refusal": refusal,
    }
    if form.is_bound and form.is_valid():
        context |= {"model": form.model_named(), "every_minutes": form.interval()}
        try:
            context["price"] = price_of(
                form.cleaned_data["endpoint"], form.model_named(), form.interval(), now=now
            )
        except NothingToProbe as nothing:
            context["problem"] = nothing.code
    return render(request, "history/baselines.html", context, status=status)
