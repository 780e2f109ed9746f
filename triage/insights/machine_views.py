"""The addresses that monitors ask: is it up, does it consume, and the figures for Prometheus."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from triage.insights import health


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return _told(health.up())


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    return _told(health.consuming())


def _told(found: health.Health) -> JsonResponse:
    queues = {beat.queue: _rounded(beat.age_s) for beat in found.beats}
    body = {"status": found.status, "says": found.says} | ({"consumed_s_ago": queues} if queues else {})
    return JsonResponse(body, status=200 if found.is_well else 503)


def _rounded(age_s: float | None) -> float | None:
    return None if age_s is None else round(age_s, 1)
