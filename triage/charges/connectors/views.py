"""An admin's pages of one ledger's connector and of its push tokens."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from triage.charges.connectors.actions.save_connector import (
    remove_connector,
    restart_connector,
    save_connector,
)
from triage.charges.connectors.actions.tokens import make_token, revoke_token
from triage.charges.connectors.actions.try_connector import Tried, try_connector
from triage.charges.connectors.forms import FORMS, ConnectorForm, TokenForm
from triage.charges.connectors.models import LedgerConnector
from triage.charges.connectors.push_body import MOST_ROWS
from triage.charges.connectors.tasks import ring
from triage.charges.connectors.wording import fetch_in_words
from triage.charges.labels import FIELD_LABELS
from triage.charges.models import LedgerSource
from triage.people.access import requires
from triage.people.roles import Role

_ASKED_FOR = timedelta(seconds=60)  # so long a page waits for a worker that was rung for


@requires(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def connector(request: HttpRequest, slug: str) -> HttpResponse:
    """How it stands, and its form; without a connector, the choice of a kind."""
    source = get_object_or_404(LedgerSource, slug=slug)
    stored = LedgerConnector.objects.filter(source=source).first()
    form = _form(request, stored)
    if form is None:
        return _page(request, source, stored, None)
    if form.is_bound and form.is_valid():
        saved = save_connector(source, form.setup(), by=_admin(request), now=timezone.now())
        said = "token" if saved.token_dropped else "saved"
        return redirect(f"{_address(source)}?said={said}")
    if form.is_bound:
        form.hide_secrets()
    return _page(request, source, stored, form, status=422 if form.is_bound else 200)


@requires(Role.ADMIN)
@never_cache
@require_safe
def connector_state(request: HttpRequest, slug: str) -> HttpResponse:
    """How it stands, alone: for a page that waits for a fetch."""
    stored = _stored(slug)
    return render(request, "charges/connectors/_state.html", _state(request, stored))


@requires(Role.ADMIN)
@never_cache
@require_POST
def connector_try(request: HttpRequest, slug: str) -> HttpResponse:
    stored = _stored(slug)
    tried = try_connector(stored, now=timezone.now())
    form = FORMS[stored.kind](connector=stored)
    return _page(request, stored.source, stored, form, tried=tried)


@requires(Role.ADMIN)
@require_POST
def connector_fetch(request: HttpRequest, slug: str) -> HttpResponse:
    stored = _stored(slug)
    ring(stored.pk)
    return redirect(f"{_address(stored.source)}?asked={int(timezone.now().timestamp())}")


@requires(Role.ADMIN)
@require_POST
def connector_restart(request: HttpRequest, slug: str) -> HttpResponse:
    stored = _stored(slug)
    restart_connector(stored, by=_admin(request), now=timezone.now())
    return redirect(_address(stored.source))


@requires(Role.ADMIN)
@require_POST
def connector_remove(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(LedgerSource, slug=slug)
    remove_connector(source, by=_admin(request), now=timezone.now())
    return redirect("charges:source", slug)


def _form(request: HttpRequest, stored: LedgerConnector | None) -> ConnectorForm | None:
    kind = request.POST.get("kind") or request.GET.get("kind") or (stored.kind if stored else "")
    if not kind:
        return None
    if kind not in FORMS:
        raise Http404
    return FORMS[kind](request.POST or None, connector=stored)


def _page(
    request: HttpRequest,
    source: LedgerSource,
    stored: LedgerConnector | None,
    form: ConnectorForm | None,
    *,
    tried: Tried | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "charges",
        "source": source,
        "form": form,
        "forms": FORMS.values(),
        "said": request.GET.get("said", ""),
        **(_state(request, stored) if stored else {}),
        **(_tried(tried) if tried else {}),
    }
    return render(request, "charges/connectors/connector_detail.html", context, status=status)


def _state(request: HttpRequest, stored: LedgerConnector) -> dict[str, Any]:
    asked = request.GET.get("asked", "")
    answers = stored.cursor.get("last", [])
    return {
        "connector": stored,
        "source": stored.source,
        "last_words": fetch_in_words(stored.last_code),
        "answers": [
            {**answer, "at": datetime.fromisoformat(answer["at"]), "words": fetch_in_words(answer["code"])}
            for answer in answers
        ],
        "skew": stored.cursor.get("skew_s") or 0,
        "asked": asked,
        "is_fetching": _is_fetching(stored, asked),
    }


def _is_fetching(stored: LedgerConnector, asked: str) -> bool:
    """A worker has it, or was rung for a moment ago and has not answered."""
    now = timezone.now()
    if stored.claimed_until and stored.claimed_until > now:
        return True
    if not asked.isascii() or not asked.isdigit() or len(asked) > 11:
        return False
    since = datetime.fromtimestamp(int(asked), tz=now.tzinfo)
    return now - since < _ASKED_FOR and (stored.last_at is None or stored.last_at < since)


def _tried(tried: Tried) -> dict[str, Any]:
    filled = [(FIELD_LABELS.get(field, field), count) for field, count in tried.filled]
    return {"tried": tried, "tried_words": fetch_in_words(tried.code), "filled": filled}


# --- push tokens


@requires(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; a POST makes one and shows it, this once."""
    source = get_object_or_404(LedgerSource, slug=slug)
    form, token = TokenForm(request.POST or None), ""
    if form.is_valid():
        token = make_token(source, name=form.cleaned_data["name"], by=_admin(request), now=timezone.now())
        form = TokenForm()
    elif form.is_bound:
        form.hide_secrets()
    context = {
        "section": "charges",
        "source": source,
        "form": form,
        "token": token,
        "tokens": source.tokens.select_related("created_by").order_by("-pk"),
        "push_address": request.build_absolute_uri(reverse("ledger_api:charges")),
        "most_rows": MOST_ROWS,
    }
    return render(
        request, "charges/connectors/token_list.html", context, status=422 if form.is_bound else 200
    )


@requires(Role.ADMIN)
@require_POST
def token_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    source = get_object_or_404(LedgerSource, slug=slug)
    revoke_token(pk, source=source, by=_admin(request), now=timezone.now())
    return redirect("charges:tokens", slug)


def _stored(slug: str) -> LedgerConnector:
    return get_object_or_404(LedgerConnector.objects.select_related("source"), source__slug=slug)


def _address(source: LedgerSource) -> str:
    return reverse("charges:connector", args=[source.slug])


def _admin(request: HttpRequest) -> User:
    return cast(User, request.user)
