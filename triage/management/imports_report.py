"""Imports of a ledger as programs read them, a line each, and the same in words."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triage.charges.actions.import_ledger import ImportSummary
from triage.charges.models import COUNTS, ChargeImport
from triage.charges.refusals import Rejection
from triage.charges.wording import why_refused

_TOLD = ("read", "new", "unchanged", "changed", "conflicting", "rejected", "skipped")
_IMPORT = "{import}  {at:%Y-%m-%d %H:%M}  {source}  {state}  {file}"
_SAME_FILE = "this very file was taken in on {at:%Y-%m-%d %H:%M} UTC as import {import}"


def summary_as_line(summary: ImportSummary, *, kept: bool, rejected_to: Path) -> dict[str, Any]:
    """`import` is null for a preview; `same_file` names the import that had the very same bytes.

    A workbook has `sheet`, the one that was read, and `other_sheets`.
    """
    record = summary.record
    sheets = {name: record.preview[name] for name in ("sheet", "other_sheets") if name in record.preview}
    return {
        "import": record.pk if kept else None,
        "source": record.source.slug,
        "file": record.file_name,
        **{count: getattr(record, count) for count in COUNTS},
        "encoding": record.encoding,
        "separator": record.separator,
        **sheets,
        "mapping": record.mapping,
        "covered_from": record.source.covered_from,
        "covered_until": record.source.covered_until,
        "same_file": _same_file(summary.same_file),
        "rejected_file": str(rejected_to) if record.rejected else None,
        "rejected_rows": [_rejection(rejection) for rejection in summary.rejections],
    }


def summary_in_words(line: Mapping[str, Any]) -> str:
    said = [_counts(line)]
    if line["same_file"]:
        said.append(_SAME_FILE.format_map(line["same_file"]))
    said += map(_rejection_in_words, line["rejected_rows"])
    if line.get("other_sheets"):
        said.append(f"sheet read: {line['sheet']}; not read: {', '.join(line['other_sheets'])}")
    if line["rejected_file"]:
        said.append(f"rejected rows: {line['rejected_file']}")
    said.append(f"import {line['import']}" if line["import"] else "a preview: nothing was kept")
    return "\n".join(said)


def import_as_line(record: ChargeImport) -> dict[str, Any]:
    """One import of the list."""
    return {
        "import": record.pk,
        "source": record.source.slug,
        "state": record.state,
        "channel": record.channel,
        "at": record.at,
        "by": record.by.get_username() if record.by else None,
        "file": record.file_name,
        **{count: getattr(record, count) for count in COUNTS},
        "covered_from": record.covered_from,
        "covered_until": record.covered_until,
        "undone_at": record.undone_at,
    }


def import_in_words(line: Mapping[str, Any]) -> str:
    named = (
        f"{line['import']}  {line['at']:%Y-%m-%d %H:%M}  {line['source']}  {line['state']}  {line['file']}"
    )
    return f"{named}: {_counts(line)}"


def _counts(line: Mapping[str, Any]) -> str:
    return ", ".join(f"{line[count]} {count}" for count in _TOLD)


def _same_file(record: ChargeImport | None) -> dict[str, Any] | None:
    return {"import": record.pk, "at": record.at} if record else None


def _rejection(rejection: Rejection) -> dict[str, Any]:
    return {
        "row": rejection.row,
        "line": rejection.line,
        "column": rejection.column,
        "code": rejection.refusal,
        "reason": why_refused(rejection.refusal),
    }


def _rejection_in_words(row: Mapping[str, Any]) -> str:
    column = f", {row['column']}" if row["column"] else ""
    return f"row {row['row']}, line {row['line']}{column}: {row['reason']}"
