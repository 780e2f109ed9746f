"""The list of all attempts: filtered, searched, paged, its columns chosen, its filters kept under a name."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from probes.endpoints.models import Endpoint
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.saved_views import CannotSaveView, change_view, save_view, views_for
from triage.history.columns import COLUMNS, chosen, rows_of
from triage.history.entries import MOST_COUNTED, SIZE, Page, Place, page_of
from triage.history.forms import FilterForm
from triage.people.access import requires
from triage.people.models import SavedView
from triage.people.roles import Role
from triage.tickets.asked import read_query

PAGE = "history:list"
_COLUMNS_KEPT = "history_columns"  # in the session
_LONGEST_ID = 18


@requires(Role.ENGINEER)
@never_cache
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    return render(request, "history/run_list.html", _context(request, _typed(request.GET)))


def _context(request: HttpRequest, typed: Mapping[str, str]) -> dict[str, Any]:
    form = FilterForm(typed, endpoints=list(Endpoint.objects.only("slug", "name")))
    asked = form.asked()
    page = page_of(asked, _place(typed), thorough="far" in typed)
    columns = chosen(_columns_named(request, typed))
    kept = {name: typed[name] for name in typed if name in asked or name == "cols"}
    filters = {name: value for name, value in kept.items() if name != "cols"}
    reader: User = request.user  # type: ignore[assignment]
    return {
        "section": "history",
        "form": form,
        "left_out": form.left_out(),
        "further_open": any(name not in FilterForm.USUAL for name in [*filters, *form.errors]),
        "query": filters,
        "filter_query": _encoded(kept),
        "columns": columns,
        "all_columns": [(column, column in columns) for column in COLUMNS],
        "rows": rows_of(page.rows, columns),
        "page": {"older": _onward(page, kept, "before"), "newer": _onward(page, kept, "after")},
        "number": page.number,
        "most_counted": MOST_COUNTED,
        "at_least": min(SIZE, len(page.rows)),
        "at_end": bool(_place(typed) != Place()),
        "looked_back_to": page.looked_back_to,
        "look_further": _encoded({**typed, "far": "1"}),
        "views": views_for(reader, PAGE),
        "saving": {"save": "history:view_save", "change": "history:view_change"},
    }


def _typed(query: QueryDict) -> dict[str, str]:
    """The address as it is read: several boxes of one name are one list, and nothing is left of NUL."""
    return read_query({name: ",".join(query.getlist(name)) for name in query}, choices={}).filters


def _place(typed: Mapping[str, str]) -> Place:
    return Place(before=_id(typed.get("before")), after=_id(typed.get("after")))


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _LONGEST_ID else None


def _columns_named(request: HttpRequest, typed: Mapping[str, str]) -> str:
    """As the address says; without a word there, as it said last in this session."""
    named = typed.get("cols")
    if named is None:
        return str(request.session.get(_COLUMNS_KEPT, ""))
    kept = ",".join(column.name for column in chosen(named))
    if request.session.get(_COLUMNS_KEPT) != kept:
        request.session[_COLUMNS_KEPT] = kept
    return named


def _onward(page: Page, kept: Mapping[str, str], towards: str) -> str:
    """The address of the neighbouring page; empty at the ends."""
    if not page.rows or not (page.older if towards == "before" else page.newer):
        return ""
    return _encoded({**kept, towards: str(page.rows[-1 if towards == "before" else 0].pk)})


def _encoded(query: Mapping[str, str]) -> str:
    kept = QueryDict(mutable=True)
    kept.update(query)
    return kept.urlencode()


# --- saved views


@requires(Role.ENGINEER)
@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    query = _query_sent(request)
    try:
        save_view(
            owner=request.user,  # type: ignore[arg-type]
            page=PAGE,
            name=request.POST.get("name", ""),
            query=query,
            shared=bool(request.POST.get("shared")),
            masker=current_masker(),
        )
    except CannotSaveView as cannot:
        context = _context(request, query) | {"cannot_save": cannot.code}
        return render(request, "history/run_list.html", context, status=422)
    return _back(query)


@requires(Role.ENGINEER)
@require_POST
def view_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Share it, keep it to oneself again, or delete it: `do` says which."""
    owner: User = request.user  # type: ignore[assignment]
    try:
        change_view(pk, owner=owner, do=request.POST.get("do", ""))
    except SavedView.DoesNotExist:
        raise Http404 from None
    return _back(_query_sent(request))


def _query_sent(request: HttpRequest) -> dict[str, str]:
    """The filters of the page, masked: the answer repeats them, in an address as well."""
    masker = current_masker()
    typed = _typed(QueryDict(request.POST.get("query", "")))
    known = {*FilterForm.base_fields, "cols"}
    return {name: masker.text(text, field="saved_view") for name, text in typed.items() if name in known}


def _back(query: Mapping[str, str]) -> HttpResponse:
    return redirect(f"{reverse(PAGE)}?{_encoded(query)}" if query else reverse(PAGE))
