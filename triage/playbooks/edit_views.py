"""The page on which a draft is written, and what it says when somebody else was faster."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from triage.people.access import requires
from triage.people.choices import keep_language, keep_theme
from triage.people.models import Theme
from triage.people.roles import WHO_MAY
from triage.playbooks.actions.refusals import RevisionRefused
from triage.playbooks.actions.write_draft import write_draft
from triage.playbooks.checks import MOST_WORDS
from triage.playbooks.differences import Difference, differences
from triage.playbooks.forms import DraftForm
from triage.playbooks.heads import head_of, number_asked, person, reader_language, standing_or_404
from triage.playbooks.history import history_of
from triage.playbooks.standing import Playbook, Standing
from triage.playbooks.wording import PARAMETER_NOTES, REFUSALS
from triage.tickets.redactors import field_redactors
from triage.verdicts.actions.playbooks_in_force import words_of
from triage.verdicts.models import PlaybookRevision


@requires(WHO_MAY["write_playbooks"])
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def playbook_edit(request: HttpRequest, code: str) -> HttpResponse:
    standing = standing_or_404(code)
    if "redraw_in" in request.POST or "redraw_theme" in request.POST:
        return _redrawn(request, standing)
    words, initial = _beginning(request, standing)
    form = DraftForm(request.POST or None, code=code, words=words, initial=initial)
    if not form.is_valid():
        return _page(request, standing, form, status=422 if form.is_bound else 200)
    try:
        draft = _write(request, code, form)
    except RevisionRefused as refused:
        return _page(request, standing_or_404(code), form, refusal=refused.code, status=409)
    return redirect("playbooks:revision", code, draft.number)


def _beginning(request: HttpRequest, standing: Standing) -> tuple[Playbook, dict[str, Any]]:
    """The words of the revision that ?from= names, else of the draft, whoever's, else those in force."""
    history, draft = history_of(standing.code), standing.draft
    begun_with = number_asked(request, "from", history)
    if begun_with is None:
        begun_with = draft.number if draft else standing.number
    initial: dict[str, Any] = {"source": standing.source}
    if draft is not None and begun_with == draft.number:
        initial = {"reason": draft.reason, "source": draft.source, "recheck_on": draft.recheck_on}
    return history.words[begun_with], initial


def _write(request: HttpRequest, code: str, form: DraftForm) -> PlaybookRevision:
    return write_draft(
        code,
        form.words(),
        reason=form.cleaned_data["reason"],
        source=form.cleaned_data["source"],
        recheck_on=form.cleaned_data["recheck_on"],
        author=person(request),
        seen=request.POST.get("seen", ""),
        now=timezone.now(),
    )


def _redrawn(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The same form in another language or theme, with what was typed so far, masked."""
    language, theme = request.POST.get("redraw_in", ""), request.POST.get("redraw_theme", "")
    redactor = field_redactors().redactor
    typed = {name: redactor.redact(str(value)).text for name, value in request.POST.items() if name != "seen"}
    in_language = language if language in dict(settings.LANGUAGES) else reader_language()
    with translation.override(in_language):
        form = DraftForm(code=standing.code, words=standing.words, initial=typed)
        response = _page(request, standing, form, theme=theme)
    keep_language(request, response, language)
    keep_theme(request, response, theme)
    return response


def _page(
    request: HttpRequest,
    standing: Standing,
    form: DraftForm,
    *,
    refusal: str = "",
    theme: str = "",
    status: int = 200,
) -> HttpResponse:
    """After a refusal the form's token is the present one: whoever saves again has read what changed."""
    seen = "" if refusal else request.POST.get("seen", "")
    context = head_of(standing) | {
        "form": form,
        "redraws": "draft-form",
        "token": seen or standing.token,
        "theirs": _theirs(standing, form) if refusal else [],
        "parameter_notes": PARAMETER_NOTES.items(),
        "most_words": MOST_WORDS,
        "refusal": REFUSALS[refusal] if refusal else "",
    }
    chosen = {"theme": theme} if theme in Theme.values else {}
    return render(request, "playbooks/playbook_edit.html", context | chosen, status=status)


def _theirs(standing: Standing, form: DraftForm) -> list[Difference]:
    """What stands now against what was typed, text by text."""
    now = words_of(standing.draft) if standing.draft else standing.words
    return differences(now, form.typed_words())
