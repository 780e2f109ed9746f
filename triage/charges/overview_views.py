"""The pages that look at whole ledgers: everything that is wrong in them, and one task searched in all."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from triage.charges.actions.count_findings import Counted, counted_ledgers
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.find_charges import find_charges
from triage.charges.actions.saved_views import CannotSaveView, change_view, save_view, views_for
from triage.charges.actions.tell_charges import told_charges
from triage.charges.finding import ChargeCode, ChargeFinding
from triage.charges.models import LedgerSource
from triage.charges.overview import OPEN, Entry, groups_by, in_order, page_of, sum_amounts
from triage.charges.overview_filters import GROUPINGS, Asked, read_query
from triage.charges.spreadsheets import csv_lines, inert
from triage.charges.tasks import ring_counter
from triage.charges.telling import Asked as AskedOfTicket
from triage.people.access import requires
from triage.people.models import SavedView
from triage.people.roles import Role

PAGE = "charges:findings"
_CSV_COLUMNS = (
    *("finding", "at", "ledger", "account", "model", "amount", "currency"),
    *("task_ids", "charge_ids", "remarks"),
)


@requires(Role.SUPPORT)
@never_cache
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    return render(request, "charges/finding_list.html", _context(request, request.GET))


@requires(Role.SUPPORT)
@never_cache
@require_safe
def finding_rows(request: HttpRequest) -> HttpResponse:
    """The list alone, asked for again while a ledger is being counted; 204 while nothing has changed."""
    context = _context(request, request.GET)
    if request.GET.get("seen") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "charges/_findings.html", context)


@requires(Role.SUPPORT)
@never_cache
@require_safe
def findings_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What the filters let through, a line per finding and currency."""
    counted = counted_ledgers(now=timezone.now(), ring=ring_counter)
    entries = _chosen(counted, _asked(request.GET, counted))
    body = csv_lines(_csv_rows(entries))
    disposition = {"Content-Disposition": 'attachment; filename="findings.csv"'}
    return StreamingHttpResponse(body, content_type="text/csv; charset=utf-8", headers=disposition)


def _context(request: HttpRequest, query: QueryDict) -> dict[str, Any]:
    counted = counted_ledgers(now=timezone.now(), ring=ring_counter)
    asked = _asked(query, counted)
    entries = _chosen(counted, asked)
    page = page_of(entries, before=query.get("before", ""), after=query.get("after", ""))
    reader: User = request.user  # type: ignore[assignment]
    return {
        "section": "charges",
        "asked": asked,
        "query": asked.query,
        "unknown": asked.unknown,
        "filter_query": _encoded(asked.query),
        "rows": [(entry, _check_address(entry)) for entry in page.rows],
        "number": len(entries),
        "page": {"older": _onward(asked, before=page.older), "newer": _onward(asked, after=page.newer)},
        "sums": list(_sums(entries)),
        "groups": [
            (group, _encoded({**asked.query, asked.by: group.value}))
            for group in groups_by(entries, asked.by)
        ],
        "groupings": [(name, _encoded({**asked.query, "by": name})) for name in GROUPINGS],
        "codes": OPEN,
        "counted": counted,
        "waiting": [each for each in counted if not each.is_current],
        "probes": [each for each in counted if each.probes],
        "version": "-".join(
            f"{each.source.pk}.{each.at.timestamp():.0f}" if each.at else "0" for each in counted
        ),
        "views": views_for(reader, PAGE),
        "saving": {"save": "charges:view_save", "change": "charges:view_change"},
    }


def _asked(query: QueryDict, counted: Iterable[Counted]) -> Asked:
    return read_query(query, sources={each.source.slug for each in counted})


def _chosen(counted: Iterable[Counted], asked: Asked) -> list[Entry]:
    """The entries of all ledgers that the filters let through, newest first."""
    lists = [[entry for entry in each.entries if asked.filters.let(entry)] for each in counted]
    filled = [entries for entries in lists if entries]
    if len(filled) == 1:  # the ledger's own order holds
        return filled[0]
    return in_order(entry for entries in filled for entry in entries)


def _sums(entries: list[Entry]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Per kind of finding, in the order of gravity."""
    for code in OPEN:
        alike = [entry for entry in entries if entry.code == code]
        if alike:
            yield code, len(alike), sum_amounts(entry.amounts for entry in alike)


def _encoded(query: dict[str, str]) -> str:
    kept = QueryDict(mutable=True)
    kept.update(query)
    return kept.urlencode()


def _check_address(entry: Entry) -> str:
    name = (entry.task_ids or entry.charge_ids)[0]
    return f"{reverse('charges:check')}?{_encoded({'id': name, 'account': entry.account})}"


def _onward(asked: Asked, **place: str) -> str:
    return _encoded({**asked.query, **place}) if any(place.values()) else ""


def _csv_rows(entries: Iterable[Entry]) -> Iterator[list[str]]:
    yield list(_CSV_COLUMNS)
    for entry in entries:
        for currency, amount in entry.amounts.items() or [("", "")]:
            yield [
                *(entry.code, entry.at.isoformat(), *map(inert, (entry.source, entry.account, entry.model))),
                *(format(amount, "f") if currency else "", currency),
                *map(inert, map(" ".join, (entry.task_ids, entry.charge_ids, entry.remarks))),
            ]


# --- saved views


@requires(Role.SUPPORT)
@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    query = _query_sent(request)
    asked = read_query(query, sources=_sources())
    try:
        save_view(
            owner=request.user,  # type: ignore[arg-type]
            page=PAGE,
            name=request.POST.get("name", ""),
            query=asked.query,
            shared=bool(request.POST.get("shared")),
            masker=current_masker(),
        )
    except CannotSaveView as cannot:
        context = _context(request, query) | {"cannot_save": cannot.code}
        return render(request, "charges/finding_list.html", context, status=422)
    return _back(asked.query)


@requires(Role.SUPPORT)
@require_POST
def view_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Share it, keep it to oneself again, or delete it: `do` says which."""
    owner: User = request.user  # type: ignore[assignment]
    try:
        change_view(pk, owner=owner, do=request.POST.get("do", ""))
    except SavedView.DoesNotExist:
        raise Http404 from None
    return _back(read_query(_query_sent(request), sources=_sources()).query)


def _query_sent(request: HttpRequest) -> QueryDict:
    """The filters of the page, masked: the answer repeats them, in an address as well."""
    masker, query = current_masker(), QueryDict(request.POST.get("query", ""), mutable=True)
    for name in query:
        query[name] = masker.text(str(query[name]), field="saved_view")
    return query


def _sources() -> set[str]:
    return set(LedgerSource.objects.values_list("slug", flat=True))


def _back(query: dict[str, str]) -> HttpResponse:
    return redirect(f"{reverse(PAGE)}?{_encoded(query)}" if query else reverse(PAGE))


# --- one task


@requires(Role.SUPPORT)
@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """A task, request or charge ID, searched in every ledger."""
    typed = {name: request.GET.get(name, "").replace("\0", "").strip() for name in ("id", "account", "at")}
    masker = current_masker()
    shown = {name: masker.text(text, field="search") for name, text in typed.items()}
    finding = None
    if typed["id"]:
        finding = _search(masker.id(typed["id"]), masker.name(typed["account"]), typed["at"])
    context = {
        "section": "charges",
        "typed": shown,
        "finding": finding,
        "told": told_charges(finding, asked=AskedOfTicket(at=_moment(typed["at"]))) if finding else None,
    }
    return render(request, "charges/check.html", context)


def _search(name: str, account: str, at: str) -> ChargeFinding:
    """As a task ID, else as a request ID, else as a charge ID."""
    around = _moment(at)
    finding = find_charges(task_id=name, request_ids=(name,), account=account, around=around)
    if finding.code is not ChargeCode.NO_ROWS:
        return finding
    by_charge = find_charges(charge_id=name, account=account, around=around)
    return finding if by_charge.code is ChargeCode.NO_ROWS else by_charge


def _moment(text: str) -> Any:
    try:
        moment = parse_datetime(text)
        return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment
    except (ValueError, OverflowError):
        return None
