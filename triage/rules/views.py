"""The admins' workshop: rules as sentences, the test bench, drafts and what a second admin does with them."""

import time
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from probes.redaction import meter
from probes.redaction.actions import current_redactor
from probes.redaction.models import RedactionRule
from triage.people.access import requires
from triage.people.actions import active_admins
from triage.people.audit import verify
from triage.people.models import AuditEntry
from triage.people.roles import Role
from triage.rules.actions import refusals
from triage.rules.actions.decide import publish_draft, reject_draft, withdraw_draft
from triage.rules.actions.refusals import DraftRefused
from triage.rules.actions.write_draft import (
    OPEN,
    begin_draft,
    edit_draft,
    in_force,
    rebase_draft,
    reopen_draft,
    submit_draft,
    try_draft,
    version_in_force,
)
from triage.rules.bench import LONGEST, pieces_of
from triage.rules.content import Content, content_of, differences, fingerprint, places
from triage.rules.dry_run import DryRun
from triage.rules.forms import DraftForm
from triage.rules.listing import builtin_rule, builtin_rules, open_drafts, own_rules, with_hits
from triage.rules.models import RuleDraft, RuleVersion
from triage.rules.patterns import problem_of
from triage.rules.trail import told_of
from triage.rules.wording import REFUSALS, WARNINGS
from triage.tickets.paging import page_of

_PER_PAGE = 50
_VERSIONS_SHOWN = 20


# --- rules in force


@requires(Role.ADMIN)
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "").replace("\0", "").strip()[:100]
    builtin = request.GET.get("show") == "builtin"
    rules: Any = builtin_rules(search) if builtin else own_rules(search)
    page: Page[Any] = Paginator(rules, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "rules",
        "builtin": builtin,
        "search": search,
        "page": page,
        "rows": with_hits(list(page)),
        "own_count": RedactionRule.objects.count(),
        "builtin_count": len(builtin_rules("")),
        "drafts": open_drafts()[:_PER_PAGE],
    }
    return render(request, "rules/rule_list.html", context)


@requires(Role.ADMIN)
@require_safe
def builtin_detail(request: HttpRequest, name: str) -> HttpResponse:
    rule = builtin_rule(name)
    if rule is None:
        raise Http404
    context = {"section": "rules", "rule": rule, "hits": with_hits([rule])[0].hits}
    return render(request, "rules/builtin_detail.html", context)


@requires(Role.ADMIN)
@require_safe
def rule_detail(request: HttpRequest, name: str) -> HttpResponse:
    rule = get_object_or_404(RedactionRule.objects.select_related("updated_by"), name=name)
    return render(request, "rules/rule_detail.html", _rule_context(rule))


def _rule_context(rule: RedactionRule) -> dict[str, Any]:
    versions = RuleVersion.objects.filter(rule_name=rule.name).select_related("author", "approved_by")
    return {
        "section": "rules",
        "rule": rule,
        "content": content_of(rule),
        "places": places(content_of(rule)),
        "hits": with_hits([rule])[0].hits,
        "drafts": open_drafts().filter(rule_name=rule.name),
        "versions": versions[:_VERSIONS_SHOWN],
    }


# --- the test bench: nothing of what is pasted is stored, logged or sent back unmasked


@requires(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def bench(request: HttpRequest) -> HttpResponse:
    name, content = _on_the_bench(request)
    context: dict[str, Any] = {"section": "rules", "name": name, "draft": request.POST.get("draft", "")}
    if request.method == "POST":
        text = request.POST.get("text", "")
        context |= {"tried": True, "too_long": len(text) > LONGEST, "longest": LONGEST}
        context["pieces"] = [] if len(text) > LONGEST else pieces_of(text, name=name, content=content)
        context["matches"] = [piece for piece in context["pieces"] if piece.rule]
        meter.count_all(
            (("text", piece.kind, piece.rule) for piece in context["matches"]), channel=meter.WORKSHOP
        )
    template = "rules/_bench_result.html" if request.headers.get("HX-Request") else "rules/bench.html"
    return render(request, template, context)


def _on_the_bench(request: HttpRequest) -> tuple[str, Content | None]:
    """The rule that is tried: of a draft, of a name, or none."""
    draft = request.POST.get("draft", "")
    if draft.isascii() and draft.isdigit() and len(draft) < 18:
        row = get_object_or_404(RuleDraft, pk=int(draft))
        return row.rule_name, row.content
    name = request.POST.get("name", "").replace("\0", "")[:60]
    return name, in_force(name) if name else None


@requires(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_POST
def check_pattern(request: HttpRequest) -> HttpResponse:
    """Where a pattern that is being typed does not compile."""
    pattern = request.POST.get("pattern", "")[:1000]
    context = {"problem": problem_of(pattern), "typed": bool(pattern)}
    return render(request, "rules/_pattern_problem.html", context)


# --- drafts


@requires(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def rule_new(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    initial = {"kind": kind} if builtin_rule(kind) else {}
    form = DraftForm(request.POST or None, initial=initial)
    return _written(request, form, lambda: _begun(request, form.cleaned_data["rule_name"], form))


@requires(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def rule_change(request: HttpRequest, name: str) -> HttpResponse:
    rule = get_object_or_404(RedactionRule, name=name)
    form = DraftForm(request.POST or None, initial=content_of(rule), name=name)
    return _written(request, form, lambda: _begun(request, name, form))


@requires(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def draft_edit(request: HttpRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(RuleDraft, pk=pk)
    if draft.content is None:
        raise Http404
    form = DraftForm(request.POST or None, initial=draft.content | {"note": draft.note}, name=draft.rule_name)

    def edited() -> int:
        note = _masked(form.cleaned_data["note"])
        edit_draft(pk, form.content(), note=note, author=_admin(request), now=timezone.now())
        return pk

    return _written(request, form, edited, draft=draft)


def _written(
    request: HttpRequest, form: DraftForm, write: Callable[[], int], *, draft: RuleDraft | None = None
) -> HttpResponse:
    """The form, or the draft that it has become; `write` returns the draft's id or raises DraftRefused."""
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("rules:draft", write())
        except DraftRefused as error:
            refusal = error.code
    if form.is_bound:
        form.hide_secrets()
    context = {
        "section": "rules",
        "form": form,
        "draft": draft,
        "refusal": REFUSALS[refusal] if refusal else "",
    }
    return render(request, "rules/draft_edit.html", context, status=422 if form.is_bound else 200)


def _begun(request: HttpRequest, name: str, form: DraftForm) -> int:
    note = _masked(form.cleaned_data["note"])
    draft = begin_draft(name, form.content(), author=_admin(request), now=timezone.now(), note=note)
    return draft.pk


@requires(Role.ADMIN)
@require_POST
def rule_switch(request: HttpRequest, name: str) -> HttpResponse:
    """A draft that switches the rule off, or on again."""
    rule = get_object_or_404(RedactionRule, name=name)
    changed = content_of(rule) | {"enabled": not rule.enabled}
    return redirect("rules:draft", _plain_draft(request, name, changed).pk)


@requires(Role.ADMIN)
@require_POST
def rule_remove(request: HttpRequest, name: str) -> HttpResponse:
    get_object_or_404(RedactionRule, name=name)
    return redirect("rules:draft", _plain_draft(request, name, None).pk)


@requires(Role.ADMIN)
@require_POST
def version_restore(request: HttpRequest, number: int) -> HttpResponse:
    """Rolling back: a new draft with what the rule said then, on the same way as any other."""
    version = get_object_or_404(RuleVersion, number=number)
    try:
        draft = _plain_draft(request, version.rule_name, version.content)
    except DraftRefused as error:
        return _version_page(request, version, refusal=error.code, status=409)
    return redirect("rules:draft", draft.pk)


def _plain_draft(request: HttpRequest, name: str, content: Content | None) -> RuleDraft:
    return begin_draft(name, content, author=_admin(request), now=timezone.now())


@requires(Role.ADMIN)
@never_cache
@require_safe
def draft_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _draft_page(request, pk)


@requires(Role.ADMIN)
@require_POST
def draft_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a draft's way. What refuses it says so on the draft's page."""
    take = _STEPS.get(step)
    if take is None or not RuleDraft.objects.filter(pk=pk).exists():
        raise Http404
    try:
        take(request, pk)
    except DraftRefused as error:
        status = 403 if error.code in (refusals.OWN_DRAFT, refusals.NOT_YOURS) else 409
        return _draft_page(request, pk, refusal=error.code, status=status)
    return redirect("rules:draft", pk)


def _try(request: HttpRequest, pk: int) -> None:
    try_draft(pk, actor=_admin(request), now=timezone.now(), clock=time.monotonic)


def _submit(request: HttpRequest, pk: int) -> None:
    confirmed = request.POST.get("confirmed") == "yes"
    submit_draft(pk, author=_admin(request), now=timezone.now(), confirmed=confirmed)


def _publish(request: HttpRequest, pk: int) -> None:
    publish_draft(pk, by=_admin(request), seen=request.POST.get("seen", ""), now=timezone.now())


def _reject(request: HttpRequest, pk: int) -> None:
    note = _masked(request.POST.get("note", "")[:300])
    reject_draft(pk, by=_admin(request), note=note, now=timezone.now())


def _withdraw(request: HttpRequest, pk: int) -> None:
    withdraw_draft(pk, by=_admin(request), now=timezone.now())


def _reopen(request: HttpRequest, pk: int) -> None:
    reopen_draft(pk, author=_admin(request), now=timezone.now())


def _rebase(request: HttpRequest, pk: int) -> None:
    rebase_draft(pk, author=_admin(request), now=timezone.now())


_STEPS: dict[str, Callable[[HttpRequest, int], None]] = {
    "dry-run": _try,
    "submit": _submit,
    "publish": _publish,
    "reject": _reject,
    "withdraw": _withdraw,
    "reopen": _reopen,
    "rebase": _rebase,
}


def _draft_page(
    request: HttpRequest, pk: int, *, refusal: str | None = None, status: int = 200
) -> HttpResponse:
    draft = get_object_or_404(RuleDraft.objects.select_related("author", "decided_by"), pk=pk)
    now_in_force = in_force(draft.rule_name)
    tried = draft.dry_run
    is_open = draft.state in OPEN
    context = {
        "section": "rules",
        "draft": draft,
        "content": draft.content,
        "places": places(draft.content) if draft.content else [],
        "mine": draft.author_id == request.user.pk,
        "is_open": is_open,
        "is_new": now_in_force is None,
        "moved_on": is_open and version_in_force(draft.rule_name) != draft.based_on,
        "differences": differences(now_in_force, draft.content) if is_open else [],
        "dry_run": DryRun.from_dict(tried) if tried else None,
        "dry_run_at": tried["at"] if tried else None,
        "warnings": [WARNINGS[code] for code in tried["warnings"]] if tried else [],
        "seen": fingerprint(draft.content),
        "rejected_because": _why_rejected(draft),
        "no_second_admin": not active_admins().exclude(pk=draft.author_id or 0).exists(),
        "refusal": REFUSALS[refusal] if refusal else "",
    }
    return render(request, "rules/draft_detail.html", context, status=status)


def _why_rejected(draft: RuleDraft) -> str:
    """The trail keeps the reason."""
    if draft.state != RuleDraft.State.REJECTED:
        return ""
    entry = AuditEntry.objects.filter(action="rule.rejected", detail__draft=draft.pk).first()
    return str(entry.detail["why"]) if entry else ""


# --- versions and the trail


@requires(Role.ADMIN)
@require_safe
def version_list(request: HttpRequest) -> HttpResponse:
    versions = RuleVersion.objects.select_related("author", "approved_by")
    page = page_of(versions, request.GET.dict(), size=_PER_PAGE)
    return render(request, "rules/version_list.html", {"section": "rules", "page": page})


@requires(Role.ADMIN)
@require_safe
def version_detail(request: HttpRequest, number: int) -> HttpResponse:
    version = get_object_or_404(RuleVersion.objects.select_related("author", "approved_by"), number=number)
    return _version_page(request, version)


def _version_page(
    request: HttpRequest, version: RuleVersion, *, refusal: str | None = None, status: int = 200
) -> HttpResponse:
    earlier = RuleVersion.objects.filter(rule_name=version.rule_name, number__lt=version.number).first()
    present = in_force(version.rule_name)
    context = {
        "section": "rules",
        "version": version,
        "content": version.content,
        "places": places(version.content) if version.content else [],
        "earlier": earlier,
        "changes": differences(earlier.content if earlier else None, version.content),
        "is_present": present == version.content,
        "since": differences(version.content, present),
        "refusal": REFUSALS[refusal] if refusal else "",
    }
    return render(request, "rules/version_detail.html", context, status=status)


@requires(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def trail(request: HttpRequest) -> HttpResponse:
    """What was done, newest first; a POST reads the whole chain again."""
    page = page_of(AuditEntry.objects.select_related("actor"), request.GET.dict(), size=_PER_PAGE)
    context = {
        "section": "rules",
        "page": page,
        "rows": told_of(page.rows),
        "checked": verify() if request.method == "POST" else None,
    }
    return render(request, "rules/trail_list.html", context)


def _admin(request: HttpRequest) -> User:
    return cast(User, request.user)


def _masked(text: str) -> str:
    return current_redactor().redact(text).text
