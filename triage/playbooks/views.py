"""Pages for the people who write the words: all playbooks, one class, its revisions, a draft's preview."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from probes.redaction.normalise import storable
from triage.people.access import requires
from triage.people.roles import WHO_MAY
from triage.playbooks.actions import refusals
from triage.playbooks.actions.decide import (
    approve_draft,
    confirm_words,
    give_up_draft,
    withdraw_revision,
)
from triage.playbooks.actions.refusals import RevisionRefused
from triage.playbooks.differences import differences
from triage.playbooks.forms import USUAL_RECHECK
from triage.playbooks.heads import head_of, number_asked, person, reader_language, standing_or_404
from triage.playbooks.history import History, history_of
from triage.playbooks.listing import SHOWN, by_family, entries, holding, issue_of, of_kind
from triage.playbooks.preview import LAST, preview
from triage.playbooks.showing import groups_of, parameters_in
from triage.playbooks.standing import Standing
from triage.playbooks.wording import REFUSALS, TABS
from triage.tickets.redactors import field_redactors
from triage.tickets.wording.verdicts import OWNERS, RESENDS, SUPPLIERS
from triage.verdicts.codes import FACT_SUPPLIERS, ISSUES
from triage.verdicts.models import PlaybookRevision
from triage.verdicts.playbooks import (
    shipped_origins,
)

READ, WRITE, APPROVE = (WHO_MAY[f"{verb}_playbooks"] for verb in ("read", "write", "approve"))
_LONGEST_SEARCH = 100  # characters
_LONGEST_REASON = 1000  # characters


# --- reading


@requires(READ)
@require_safe
def playbook_list(request: HttpRequest) -> HttpResponse:
    search = storable(request.GET.get("q", ""))[:_LONGEST_SEARCH].strip()
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "all"
    found = entries(reader_language(), today=timezone.localdate())
    context = {
        "section": "playbooks",
        "families": by_family(holding(of_kind(found, shown), search)),
        "search": search,
        "shown": shown,
        "tabs": [(kind, TABS[kind], len(of_kind(found, kind))) for kind in SHOWN],
    }
    return render(request, "playbooks/playbook_list.html", context)


@requires(READ)
@never_cache
@require_safe
def playbook_detail(request: HttpRequest, code: str) -> HttpResponse:
    return _playbook_page(request, code)


def _playbook_page(request: HttpRequest, code: str, *, refusal: str = "") -> HttpResponse:
    standing = standing_or_404(code)
    issue = issue_of(code)
    history = history_of(code)
    context = head_of(standing) | {
        "issue": issue,
        "owner": OWNERS[issue.owner],
        "resend": RESENDS[issue.resend],
        "supplier": SUPPLIERS[FACT_SUPPLIERS[issue.overturned_by]],
        "groups": list(groups_of(standing.words)),
        "parameters": parameters_in(standing.words),
        "history": history,
        "origin": shipped_origins()[code],
        "is_own": _is_own(request, standing),
        "has_help": code in ISSUES,
        "usual": (timezone.localdate() + USUAL_RECHECK).isoformat(),
        "typed": _typed(request),
        "refusal": REFUSALS[refusal] if refusal else "",
    }
    return render(request, "playbooks/playbook_detail.html", context, status=409 if refusal else 200)


@requires(READ)
@never_cache
@require_safe
def revision_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Number 0 is what is shipped; ?with= names another revision to compare with than the one before."""
    return _revision_page(request, code, number)


def _revision_page(request: HttpRequest, code: str, number: int, *, refusal: str = "") -> HttpResponse:
    standing = standing_or_404(code)
    history = history_of(code)
    if number not in history.words:
        raise Http404
    other = _other(request, standing, history, number)
    row = history.row(number)
    context = head_of(standing) | {
        "number": number,
        "row": row,
        "other": other,
        "numbers": [known for known in sorted(history.words) if known != number],
        "changes": differences(history.words[other], history.words[number]),
        "was_name": _name_of(standing, other),
        "becomes_name": _name_of(standing, number),
        "groups": list(groups_of(history.words[number])),
        "typed": _typed(request),
        "refusal": REFUSALS[refusal] if refusal else "",
    }
    if row is not None and row.state == PlaybookRevision.State.DRAFT:
        context |= {
            "preview": preview(code, standing.words, history.words[number]),
            "last": LAST,
            "is_own": row.written_by_id == request.user.pk,
            "recheck": row.recheck_on.isoformat(),
        }
    return render(request, "playbooks/revision_detail.html", context, status=409 if refusal else 200)


def _name_of(standing: Standing, number: int) -> str:
    """A revision in a few words, for the head of a column."""
    name = _("revision %(n)d") % {"n": number} if number else _("shipped")
    return _("%(name)s, in force") % {"name": name} if number == standing.number else name


def _other(request: HttpRequest, standing: Standing, history: History, number: int) -> int:
    """What a revision is compared with: a draft with what is in force, any other with the one before it."""
    asked = number_asked(request, "with", history)
    if asked is not None:
        return asked
    if standing.draft is not None and standing.draft.number == number:
        return standing.number
    return history.before(number)


# --- deciding

_View = Callable[[HttpRequest, str], HttpResponse]


def _decision(view: _View) -> _View:
    """POST decides; an address that a refusal left in the browser's bar leads back to the playbook."""

    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def decision(request: HttpRequest, code: str) -> HttpResponse:
        return view(request, code) if request.method == "POST" else redirect("playbooks:playbook", code)

    return decision


@requires(APPROVE)
@_decision
def draft_approve(request: HttpRequest, code: str) -> HttpResponse:
    def approve() -> None:
        approve_draft(
            code,
            by=person(request),
            seen=request.POST.get("seen", ""),
            recheck_on=_date(request),
            now=timezone.now(),
        )

    return _decided(request, code, approve)


@requires(WRITE)
@_decision
def draft_give_up(request: HttpRequest, code: str) -> HttpResponse:
    def give_up() -> None:
        give_up_draft(
            code,
            by=person(request),
            seen=request.POST.get("seen", ""),
            reason=_reason(request),
            now=timezone.now(),
        )

    return _decided(request, code, give_up)


@requires(APPROVE)
@_decision
def playbook_confirm(request: HttpRequest, code: str) -> HttpResponse:
    def confirm() -> None:
        confirm_words(
            code,
            by=person(request),
            seen=request.POST.get("seen", ""),
            reason=_reason(request),
            recheck_on=_date(request),
            now=timezone.now(),
        )

    return _decided(request, code, confirm)


@requires(APPROVE)
@_decision
def playbook_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    def withdraw() -> None:
        withdraw_revision(
            code,
            by=person(request),
            seen=request.POST.get("seen", ""),
            reason=_reason(request),
            now=timezone.now(),
        )

    return _decided(request, code, withdraw)


def _decided(request: HttpRequest, code: str, decide: Callable[[], object]) -> HttpResponse:
    """The class's page; a refusal is told on the page that asked, with what was typed."""
    draft = standing_or_404(code).draft
    try:
        decide()
    except RevisionRefused as refused:
        about_draft = "draft" in request.path.split("/")
        if draft is not None and about_draft:
            return _revision_page(request, code, draft.number, refusal=refused.code)
        return _playbook_page(request, code, refusal=refused.code)
    return redirect("playbooks:playbook", code)


# --- what pages share


def _is_own(request: HttpRequest, standing: Standing) -> bool:
    return standing.published is not None and standing.published.written_by_id == request.user.pk


def _reason(request: HttpRequest) -> str:
    """Masked before it is cut: the first half of a key would no longer be known for one."""
    return field_redactors().redactor.redact(storable(request.POST.get("reason", ""))).text[:_LONGEST_REASON]


def _typed(request: HttpRequest) -> dict[str, str]:
    """What a refused form shows again, masked."""
    if request.method != "POST":
        return {}
    redact = field_redactors().redactor.redact
    return {"reason": _reason(request), "recheck_on": redact(request.POST.get("recheck_on", "")).text}


def _date(request: HttpRequest) -> date:
    """Raises RevisionRefused for what is no date."""
    try:
        chosen = parse_date(request.POST.get("recheck_on", ""))
    except ValueError:
        chosen = None
    if chosen is None:
        raise RevisionRefused(refusals.BAD_DATE)
    return chosen
