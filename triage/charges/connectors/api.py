"""POST /api/v1/charges: a billing system pushes rows, known by its token alone, without session or cookie."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.ledgers import LedgerBusy
from triage.charges.connectors.actions.take_push import OK, Taken, take_push
from triage.charges.connectors.actions.tokens import source_of_token
from triage.charges.connectors.models import LedgerToken
from triage.charges.connectors.problems import problem, problem_of
from triage.charges.connectors.push_body import MOST_BYTES, PushRefused, body_hash, read_push
from triage.people.throttle import count_hit

PUSHES, STRANGERS, WINDOW_S = 120, 30, 60  # a token's pushes, an address' wrong tokens, seconds
_BUSY_S = 10
_KEY = re.compile(r"[\x21-\x7e]{1,100}")

View = Callable[[HttpRequest], JsonResponse]


class _TooOften(Exception):
    """Refused until the window is over."""


def _in_problems(view: View) -> View:
    """Every refusal becomes a problem document."""

    @wraps(view)
    def answering(request: HttpRequest) -> JsonResponse:
        try:
            with translation.override("en"):  # programs read it, and the same push gets the same words
                return view(request)
        except PushRefused as refused:
            return _problem(problem_of(refused))
        except LedgerBusy:
            return _problem(problem("push.busy"), retry_after=_BUSY_S)
        except _TooOften:
            return _problem(problem("push.too_often"), retry_after=WINDOW_S)

    return answering


@csrf_exempt
@never_cache
@_in_problems
def take_charges(request: HttpRequest) -> JsonResponse:
    """Refused before a byte of the body is read: wrong methods, strangers, and who comes too often."""
    if request.method != "POST":
        raise PushRefused("push.method")
    now = timezone.now()
    token = _token_of(request, now)
    if count_hit(f"push:{token.pk}", window_s=WINDOW_S) > PUSHES:
        raise _TooOften
    body = _body_of(request)
    digest = body_hash(body)
    key = request.headers.get("Idempotency-Key", f"body:{digest}").strip()
    if not _KEY.fullmatch(key):
        raise PushRefused("push.bad_key")
    push = read_push(body, request.headers.get("Content-Type", ""))
    known_by = body_hash(key.encode())  # somebody may send a key of another kind, and the receipt is kept
    return _answered(
        take_push(push, token=token, key=known_by, digest=digest, masker=current_masker(), now=now)
    )


def _token_of(request: HttpRequest, now: datetime) -> LedgerToken:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise PushRefused("push.no_token")
    if token := source_of_token(secret.strip(), now=now):
        return token
    address = request.META.get("REMOTE_ADDR", "")
    if count_hit(f"push-stranger:{address}", window_s=WINDOW_S) > STRANGERS:
        raise _TooOften
    raise PushRefused("push.bad_token")


def _body_of(request: HttpRequest) -> bytes:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise PushRefused("push.encoding")
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length[:18]) > MOST_BYTES:
        raise PushRefused("push.too_large")
    try:
        return request.body
    except RequestDataTooBig:
        raise PushRefused("push.too_large") from None
    except UnreadablePostError:
        raise PushRefused("push.broken") from None


def _answered(taken: Taken) -> JsonResponse:
    response = JsonResponse(taken.answer, status=OK)
    if taken.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def _problem(document: dict[str, Any], *, retry_after: int = 0) -> JsonResponse:
    response = JsonResponse(document, status=document["status"], content_type="application/problem+json")
    if retry_after:
        response["Retry-After"] = str(retry_after)
    if document["status"] == 401:
        response["WWW-Authenticate"] = 'Bearer realm="ledger"'
    if document["status"] == 405:
        response["Allow"] = "POST"
    return response
