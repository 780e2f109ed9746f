"""The ledger's pages in words: fields, kinds of foreign files, and what an import cannot do now."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from triage.charges.mapping import REQUIRED
from triage.charges.models import ImportState
from triage.charges.refusals import FileRefusal, FileRefused
from triage.charges.wording import why_file_refused

FIELD_LABELS: Mapping[str, Any] = {
    "charge_id": _("Charge ID"),
    "account": _("Account"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "occurred_at": _("Time"),
    "kind": _("Kind of charge"),
    "task_id": _("Task ID"),
    "request_id": _("Request ID"),
    "model": _("Model"),
    "key_hint": _("Masked key or name of the token"),
    "fingerprint": _("Fingerprint of the request"),
    "ref_charge_id": _("Charge that it refers to"),
    "component": _("Component"),
    "outcome": _("Outcome of the task"),
    "log_type": _("Type of the log entry"),
    "settles": _("Units held before (pre-consumed)"),
}
"""Our fields in the order of the page: the needed ones first."""

MOODS: Mapping[str, str] = {
    ImportState.READING: "busy",
    ImportState.PREVIEW: "warn",
    ImportState.COMMITTING: "busy",
    ImportState.DONE: "good",
    ImportState.REFUSED: "bad",
}
FOREIGN_FILES: Mapping[bytes, Any] = {
    b"%PDF": _("This is a PDF. Export the ledger as CSV, TSV, JSON lines or XLSX instead."),
    b"\xd0\xcf\x11\xe0": _("This is an Excel file of the old kind (.xls). Save it as .xlsx or CSV."),
    b"\x1f\x8b": _("This file is packed (gzip). Unpack it first."),
    b"Rar!": _("This file is packed (RAR). Unpack it first."),
    b"7z\xbc\xaf": _("This file is packed (7-Zip). Unpack it first."),
    b"\x89PNG": _("This is a picture. Export the ledger as CSV, TSV, JSON lines or XLSX instead."),
    b"\xff\xd8\xff": _("This is a picture. Export the ledger as CSV, TSV, JSON lines or XLSX instead."),
}
"""Beginnings of files that people take for a ledger, and what to do instead."""

WRONG_STATE: Mapping[str, Any] = {
    "import.reading": _("The file is still being read. Wait for its preview."),
    "import.preview": _("The file waits for confirmation: nothing of it is in the ledger yet."),
    "import.committing": _("The file is being taken in at this moment. Wait until that has ended."),
    "import.done": _("The file is in the ledger already."),
    "import.discarded": _("The file was discarded. Upload it again."),
    "import.undone": _("The import was undone already. Upload the file again to take it in once more."),
    "import.refused": _("The desk no longer has the file. Upload it again."),
}


def file_refused(refusal: str, detail: str) -> str:
    """A file's refusal for its page, where columns are chosen and not typed."""
    if refusal == FileRefusal.MISSING_COLUMN:
        missing = [str(FIELD_LABELS[field]) for field in REQUIRED if field in detail.split(", ")]
        told = _now("The desk found no column for: %(fields)s. Choose it below and read the file again.")
        return told % {"fields": ", ".join(missing) or detail}
    if refusal not in list(FileRefusal):
        return _now("The file could not be read. Upload it again; if that fails too, tell an admin.")
    return why_file_refused(FileRefused(FileRefusal(refusal), detail))
