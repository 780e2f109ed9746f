"""The public help pages: open to everybody, without cookies, alike for all who read the same language."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from probes.redaction.normalise import storable
from triage.playbooks.help import FIELD_TEMPLATES, families_of, page_of, pages
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force

_FRESH_S = 300  # a caching proxy may give a page out for so long after its words were changed
_LONGEST_SEARCH = 100  # characters
View = Callable[..., HttpResponse]


def _for_everybody(view: View) -> View:
    """In the language of ?lang=, else the browser's; of the reader nothing else makes a difference."""

    @wraps(view)
    def public(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = _asked_for(request.GET.get("lang", ""))
        language = asked or translation.get_language()
        with translation.override(language):
            response = view(request, *args, **kwargs)
            response["Content-Language"] = translation.get_language() or "en"
        response["Cache-Control"] = f"public, max-age={_FRESH_S}"
        if language != asked:
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return conditional_page(require_safe(public))


@_for_everybody
def help_list(request: HttpRequest) -> HttpResponse:
    search = storable(request.GET.get("q", ""))[:_LONGEST_SEARCH].strip()
    found = pages(playbooks_in_force(), _language(), search=search)
    return _page(request, "help_list.html", families=families_of(found), search=search, found=len(found))


@_for_everybody
def help_page(request: HttpRequest, code: str) -> HttpResponse:
    playbooks = playbooks_in_force()
    page = page_of(code, playbooks, _language())
    if page is None:
        return _page(request, "help_none.html", status=404)
    beside = pages(playbooks, _language(), family=page.family)
    return _page(request, "help_page.html", page=page, beside=[other for other in beside if other != page])


@_for_everybody
def help_template(request: HttpRequest) -> HttpResponse:
    return _page(request, "help_template.html", templates=FIELD_TEMPLATES)


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Drawn without the request, so that no session, no person and no form token can get in."""
    shared = {"language": _language(), "switches": _switches(request), "home": reverse("help:list")}
    html = render_to_string(f"playbooks/{template}", shared | context)
    return HttpResponse(html, status=status)


def _switches(request: HttpRequest) -> list[tuple[str, str, str]]:
    """This page in each language: (tag, name in its own script, address)."""
    query = request.GET.copy()
    links = []
    for code, name in settings.LANGUAGES:
        query["lang"] = code
        links.append((code, {"zh-hans": "中文"}.get(code, name), f"{request.path}?{query.urlencode()}"))
    return links


def _asked_for(lang: str) -> str:
    """The language of the desk that ?lang= means; empty for none."""
    lang = lang.lower()
    return lang if lang in dict(settings.LANGUAGES) else "zh-hans" if lang.startswith("zh") else ""


def _language() -> str:
    return translation.get_language() or "en"
