"""The addresses that monitors ask: is it up, does it consume, and the figures for Prometheus."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from triage.insights import health
from triage.insights.metrics.exposition import exposition


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return _told(health.up())


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    return _told(health.consuming())


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever sends METRICS_TOKEN as a bearer token; without such a setting there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not _has_token(request):
        challenge = {"WWW-Authenticate": 'Bearer realm="metrics"'}
        return HttpResponse("A token is needed.\n", status=401, content_type="text/plain", headers=challenge)
    return HttpResponse(exposition(now=timezone.now()), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    return same and scheme.lower() == "bearer"


def _told(found: health.Health) -> JsonResponse:
    queues = {beat.queue: _rounded(beat.age_s) for beat in found.beats}
    body = {"status": found.status, "says": found.says} | ({"consumed_s_ago": queues} if queues else {})
    return JsonResponse(body, status=200 if found.is_well else 503)


def _rounded(age_s: float | None) -> float | None:
    return None if age_s is None else round(age_s, 1)
