"""The page on which an engineer corrects a verdict."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from triage.people.access import requires
from triage.people.roles import WHO_MAY
from triage.tickets.actions.correct_verdict import NEWER_VERDICT, CorrectionRefused, correct_verdict
from triage.tickets.actions.submit_ticket import count_masked, redact_fields
from triage.tickets.correction_form import CorrectionForm
from triage.tickets.corrections import corrections_of
from triage.tickets.investigations import judged_or_404
from triage.tickets.models import Investigation
from triage.tickets.redactors import field_redactors
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force
from triage.verdicts.codec import verdict_from_dict
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import title_of

_TYPED = ("code", "owner", "reason")
_KNOWN = ("investigation", "seen")  # what the page had shown


@requires(WHO_MAY["correct_verdicts"])
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ticket_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said meanwhile, by steps or by somebody else, is shown before anything is stored."""
    investigation = judged_or_404(pk)
    if request.method != "POST":
        begun = _machines(investigation) if _is_right(request) else {}
        return _page(request, investigation, _form_of(investigation, begun))
    typed = _masked(request) | (_machines(investigation) if _is_right(request) else {})
    form = CorrectionForm(typed, playbooks=playbooks_in_force())
    if not form.is_valid():
        return _page(request, investigation, form, status=422)
    try:
        _correct(investigation, form.cleaned_data, by=cast(User, request.user))
    except CorrectionRefused as refused:
        return _said_meanwhile(request, pk, typed, refused)
    return redirect(f"{investigation.ticket.get_absolute_url()}#corrected")


def _is_right(request: HttpRequest) -> bool:
    """Whether somebody is about to confirm the machine: then there is nothing to choose, only a reason."""
    return "right" in request.GET


def _machines(investigation: Investigation) -> dict[str, Any]:
    return {"code": investigation.verdict_code, "owner": investigation.owner}


def _correct(investigation: Investigation, said: dict[str, Any], *, by: User) -> None:
    if said["investigation"] != investigation.pk:
        raise CorrectionRefused(NEWER_VERDICT)
    correct_verdict(
        investigation_id=investigation.pk,
        code=said["code"],
        owner=said["owner"],
        reason=said["reason"],
        seen=said["seen"],
        by=by,
        at=timezone.now(),
    )


def _said_meanwhile(
    request: HttpRequest, pk: int, typed: dict[str, Any], refused: CorrectionRefused
) -> HttpResponse:
    """The form again with all that was typed, as of now: sent once more it stands above the other's word."""
    investigation = judged_or_404(pk)
    form = _form_of(investigation, {name: typed[name] for name in _TYPED})
    return _page(request, investigation, form, refusal=refused.code, status=409)


def _form_of(investigation: Investigation, begun: dict[str, Any]) -> CorrectionForm:
    newest = investigation.newest_correction
    initial = {
        "owner": investigation.owner,
        **begun,
        "investigation": investigation.pk,
        "seen": newest.pk if newest else 0,
    }
    return CorrectionForm(initial=initial, playbooks=playbooks_in_force())


def _masked(request: HttpRequest) -> dict[str, Any]:
    """Everything that was typed, masked; nothing else is even shown again."""
    typed, found = redact_fields(
        {name: request.POST.get(name, "").replace("\0", "") for name in _TYPED}, *field_redactors()
    )
    count_masked(found, channel="form")
    return typed | {name: request.POST.get(name, "") for name in _KNOWN}


def _page(
    request: HttpRequest,
    investigation: Investigation,
    form: CorrectionForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    language, playbooks = get_language() or "en", playbooks_in_force()
    machine = verdict_from_dict(investigation.verdict or {})
    context = {
        "section": "tickets",
        "ticket": investigation.ticket,
        "machine": machine,
        "machine_title": title_of(machine.code, language, playbooks=playbooks),
        "corrections": corrections_of(investigation, language=language, playbooks=playbooks),
        "classes": [(code, title_of(code, language, playbooks=playbooks)) for code in ISSUES],
        "form": form,
        "refusal": refusal,
        "is_right": _is_right(request),
    }
    return render(request, "tickets/ticket_correct.html", context, status=status)
