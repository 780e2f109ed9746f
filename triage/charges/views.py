"""The ledger's own pages: how files come in, what became of them, and where charges come from."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from triage.charges import showing
from triage.charges.actions.begin_upload import begin_upload
from triage.charges.actions.commit_import import commit_import
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.discard_import import discard_import
from triage.charges.actions.edit_source import edit_source
from triage.charges.actions.import_states import WrongState
from triage.charges.actions.ledgers import LedgerBusy
from triage.charges.actions.read_again import read_again
from triage.charges.actions.read_coverage import read_coverages
from triage.charges.actions.undo_import import CannotUndo, later_overlaps, undo_import
from triage.charges.forms import ZONES, MappingForm, SourceForm, UploadForm
from triage.charges.labels import FIELD_LABELS, WRONG_STATE, file_refused
from triage.charges.mapping import guess
from triage.charges.models import Channel, ChargeImport, ImportState, LedgerSource
from triage.charges.preview import preview_of
from triage.charges.refusals import FileRefused
from triage.charges.spreadsheets import csv_lines, inert
from triage.charges.tasks import ring_committer, ring_reader, ring_remarker
from triage.charges.uploads import SealedUpload, SealingHandler
from triage.people.access import requires
from triage.people.roles import Role

_PER_PAGE = 50
_STRETCHES = 200
_NEWEST = 10
_MEGABYTE = 1024 * 1024
_REJECTED_COLUMNS = ("row", "line", "column", "code", "reason", "text")


# --- imports


@requires(Role.ENGINEER)
@never_cache
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    return render(request, "charges/import_list.html", _imports(request))


@requires(Role.ENGINEER)
@never_cache
@require_safe
def import_rows(request: HttpRequest) -> HttpResponse:
    """The list alone, for as long as something in it runs; 204 while nothing has changed."""
    context = _imports(request)
    if request.GET.get("seen") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "charges/_import_rows.html", context)


def _imports(request: HttpRequest) -> dict[str, Any]:
    filters = {
        "source__slug": request.GET.get("source", ""),
        "state": request.GET.get("state", ""),
        "channel": request.GET.get("channel", ""),
    }
    asked = {name: value.replace("\0", "")[:60] for name, value in filters.items() if value}
    records = ChargeImport.objects.filter(**asked).select_related("source", "by").order_by("-pk")
    page: Page[ChargeImport] = Paginator(records, _PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    for name in ("page", "seen"):
        query.pop(name, None)
    return {
        "section": "charges",
        "page": page,
        "rows": showing.shown(page),
        "version": showing.version_of(page),
        "is_running": any(record.state in showing.RUNNING for record in page),
        "query": query.urlencode(),
        "chosen": asked,
        "sources": LedgerSource.objects.order_by("slug"),
        "states": ImportState.choices,
        "channels": Channel.choices,
    }


@requires(Role.ENGINEER)
@csrf_exempt  # checked below: reading the token reads the file too, which must be sealed by then
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponseBase:
    limit = settings.LEDGER_UPLOAD_MB * _MEGABYTE
    request.upload_handlers = [SealingHandler(limit)]
    return _upload(request, limit)


@csrf_protect
def _upload(request: HttpRequest, limit: int) -> HttpResponse:
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        initial={"source": request.GET.get("source", "")},
        limit=limit,
        now=timezone.now(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("charges:import", _begun(request, form).pk)
        except FileRefused as refused:
            form.add_error("file", file_refused(refused.refusal, refused.detail))
    if form.is_bound:
        form.hide_secrets()
    context = {"section": "charges", "form": form, "limit": limit, "zones": ZONES}
    return render(request, "charges/import_new.html", context, status=422 if form.is_bound else 200)


def _begun(request: HttpRequest, form: UploadForm) -> ChargeImport:
    upload = cast(SealedUpload, form.cleaned_data["file"])
    return begin_upload(
        source=form.slug(),
        file_name=upload.name or "",
        pieces=upload.pieces(),
        declared=form.declared(),
        by=_person(request),
        now=timezone.now(),
        enqueue=ring_reader,
    )


@requires(Role.ENGINEER)
@never_cache
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _import_page(request, pk)


@requires(Role.ENGINEER)
@never_cache
@require_safe
def import_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The import alone, for as long as it is read or taken in; 204 while nothing has changed."""
    record = _import(pk)
    if request.GET.get("seen") == showing.version_of([record]):
        return HttpResponse(status=204)
    context = _import_context(record) | {"is_fragment": True}
    return render(request, "charges/_import_live.html", context)


@requires(Role.ENGINEER)
@sensitive_post_parameters()
@never_cache
@require_POST
def import_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Other columns: the file is read once more."""
    record = _import(pk)
    form = _mapping_form(record, request)
    if not form.is_valid():
        form.hide_secrets()
        return _import_page(request, pk, mapping_form=form, status=422)
    mapping, zone = form.mapping(), form.cleaned_data["zone"]
    return _step(
        request,
        pk,
        lambda: read_again(
            pk, mapping=mapping, zone=zone, by=_person(request), now=timezone.now(), enqueue=ring_reader
        ),
        leads_to=(ImportState.READING,),
    )


@requires(Role.ENGINEER)
@require_POST
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(
        request,
        pk,
        lambda: commit_import(pk, by=_person(request), now=timezone.now(), enqueue=ring_committer),
        leads_to=(ImportState.COMMITTING, ImportState.DONE),
    )


@requires(Role.ENGINEER)
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(
        request,
        pk,
        lambda: discard_import(pk, by=_person(request), now=timezone.now()),
        leads_to=(ImportState.DISCARDED,),
    )


@requires(Role.ENGINEER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What undoing would do, or why it cannot be; a POST does it."""
    record = _import(pk)
    if request.method != "POST":
        return _undo_page(request, record, later=later_overlaps(record))
    try:
        return _step(
            request,
            pk,
            lambda: undo_import(pk, by=_person(request), now=timezone.now()),
            leads_to=(ImportState.UNDONE,),
        )
    except CannotUndo as refused:
        return _undo_page(request, record, later=refused.later, status=409)
    except LedgerBusy:
        return _undo_page(request, record, is_busy=True, status=409)


def _undo_page(
    request: HttpRequest, record: ChargeImport, *, later: Any = (), is_busy: bool = False, status: int = 200
) -> HttpResponse:
    context = {"section": "charges", "record": record, "later": later, "is_busy": is_busy}
    return render(request, "charges/import_undo.html", context, status=status)


@requires(Role.ENGINEER)
@never_cache
@require_safe
def import_rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every rejected row as a table that a spreadsheet opens and does not run."""
    record = _import(pk)
    name = f"rejected-rows-{record.pk}.csv"
    return StreamingHttpResponse(
        csv_lines(_rejected_cells(record, showing.all_reasons())),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rejected_cells(record: ChargeImport, words: dict[str, str]) -> Iterator[Sequence[object]]:
    yield _REJECTED_COLUMNS
    for row in record.rejections.order_by("line", "pk").iterator():
        cells = (row.column, row.refusal, words.get(row.refusal, row.refusal), row.text)
        yield [row.row, row.line, *map(inert, cells)]


def _step(
    request: HttpRequest, pk: int, take: Callable[[], object], *, leads_to: tuple[ImportState, ...]
) -> HttpResponse:
    """Take a step; one that was taken already, by a second click, shows the same page."""
    _import(pk)
    try:
        take()
    except WrongState as refused:
        if refused.record.state not in leads_to:
            return _import_page(request, pk, refusal=WRONG_STATE[refused.code], status=409)
    return redirect("charges:import", pk)


def _import(pk: int) -> ChargeImport:
    return get_object_or_404(ChargeImport.objects.select_related("source", "by", "undone_by"), pk=pk)


def _import_page(
    request: HttpRequest,
    pk: int,
    *,
    mapping_form: MappingForm | None = None,
    refusal: Any = "",
    status: int = 200,
) -> HttpResponse:
    context = _import_context(_import(pk), mapping_form) | {"refusal": refusal}
    return render(request, "charges/import_detail.html", context, status=status)


def _import_context(record: ChargeImport, mapping_form: MappingForm | None = None) -> dict[str, Any]:
    preview = preview_of(record.preview)
    can_map = record.state in (ImportState.PREVIEW, ImportState.REFUSED) and bool(preview["headers"])
    is_refused = record.state == ImportState.REFUSED
    return {
        "section": "charges",
        "record": record,
        "shown": showing.shown([record])[0],
        "version": showing.version_of([record]),
        "announcement": showing.announcement(record),
        "is_running": record.state in showing.RUNNING,
        "tallies": showing.tallies(record),
        "reasons": showing.reasons(record),
        "rejected": showing.first_rejected(record),
        "samples": showing.samples_of(record) if record.state == ImportState.PREVIEW else [],
        "columns": showing.columns_of(preview["headers"], record.mapping),
        "first_rows": preview["rows"],
        "same_file": ChargeImport.objects.filter(pk=preview["same_file_id"]).first(),
        "mapping_form": mapping_form or (_mapping_form(record) if can_map else None),
        "why_refused": file_refused(record.refusal, record.refusal_detail) if is_refused else "",
        "zones": ZONES,
    }


def _mapping_form(record: ChargeImport, request: HttpRequest | None = None) -> MappingForm:
    headers = preview_of(record.preview)["headers"]
    return MappingForm(
        request.POST if request else None,
        headers=headers,
        mapping=record.mapping or guess(headers) | record.declared.get("mapping", {}),
        zone=record.declared.get("zone") or record.source.zone,
    )


# --- ledgers


@requires(Role.SUPPORT)
@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    sources = LedgerSource.objects.select_related("connector").order_by("slug")
    context = {"section": "charges", "sources": [(source, _newest(source)) for source in sources]}
    return render(request, "charges/source_list.html", context)


def _newest(source: LedgerSource) -> ChargeImport | None:
    return source.imports.filter(state=ImportState.DONE).order_by("-pk").first()


@requires(Role.SUPPORT)
@require_safe
def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(LedgerSource, slug=slug)
    imports = source.imports.select_related("by").order_by("-pk")[:_NEWEST]
    context = {
        "section": "charges",
        "source": source,
        "columns": [(FIELD_LABELS.get(field, field), at) for field, at in source.mapping.items()],
        "rows": showing.shown(imports),
        "stretches": showing.stretches(read_coverages([source])[source.pk])[-_STRETCHES:],
        "bar": showing.BAR,
        "tokens": source.tokens.order_by("-pk"),
        "connector": getattr(source, "connector", None),
    }
    return render(request, "charges/source_detail.html", context)


@requires(Role.ADMIN)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def source_edit(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(LedgerSource, slug=slug)
    form = SourceForm(request.POST or None, initial=_settings_of(source))
    if form.is_valid():
        try:
            edit_source(
                slug,
                form.cleaned_data,
                forget_mapping=form.cleaned_data["forget_mapping"],
                masker=current_masker(),
                by=_person(request),
                now=timezone.now(),
                enqueue=ring_remarker,
            )
            return redirect("charges:source", slug)
        except LedgerBusy:
            form.add_error(None, _("An import into this ledger is under way. Save again when it has ended."))
    if form.is_bound:
        form.hide_secrets()
    context = {"section": "charges", "source": source, "form": form, "zones": ZONES}
    return render(request, "charges/source_edit.html", context, status=422 if form.is_bound else 200)


def _settings_of(source: LedgerSource) -> dict[str, Any]:
    return {
        "name": source.name,
        "zone": source.zone,
        "quota_per_unit": source.quota_per_unit,
        "probe_payers": "\n".join(source.probe_payers),
    }


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
