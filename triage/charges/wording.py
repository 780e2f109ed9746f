"""What refusals are called: one sentence a code, for people."""

from django.utils.translation import gettext as _

from triage.charges.refusals import FileRefusal, FileRefused, Refusal


def why_refused(refusal: Refusal) -> str:
    """What is wrong with a row or a cell, and where it helps, what to do."""
    return {
        Refusal.TOO_MANY_CELLS: _("more cells than the header"),
        Refusal.TOO_FEW_CELLS: _("fewer cells than the header"),
        Refusal.NOT_JSON: _("not valid JSON"),
        Refusal.NOT_AN_OBJECT: _("not a JSON object"),
        Refusal.TOO_LONG: _("the row is too long"),
        Refusal.UNCLOSED_QUOTE: _("a quotation mark is opened and never closed"),
        Refusal.EMPTY: _("empty, but needed"),
        Refusal.CONTROL_CHARACTER: _("holds a NUL character"),
        Refusal.UNDECODABLE: _("not in the file's encoding"),
        Refusal.CELL_TOO_LONG: _("longer than 200 characters"),
        Refusal.MANGLED_ID: _("a spreadsheet has turned this id into a rounded number; export it as text"),
        Refusal.NO_AMOUNT: _("not an amount"),
        Refusal.AMBIGUOUS_AMOUNT: _("the comma may separate thousands or decimals; write it with a point"),
        Refusal.AMOUNT_TOO_PRECISE: _("more than 10 decimals"),
        Refusal.AMOUNT_TOO_LARGE: _("more than 14 digits before the point"),
        Refusal.UNKNOWN_CURRENCY: _("not a currency"),
        Refusal.NO_TIME: _("not a time"),
        Refusal.AMBIGUOUS_TIME: _("day and month may be swapped; write the year first"),
        Refusal.NO_TIME_OF_DAY: _("a date without a time of day"),
        Refusal.TIME_OUT_OF_RANGE: _("a year that cannot be meant"),
        Refusal.UNKNOWN_KIND: _("not a kind of charge"),
    }[refusal]


def why_file_refused(refused: FileRefused) -> str:
    """One clear line for a file that was not taken in."""
    sentence = {
        FileRefusal.NOT_FOUND: _("There is no file %(detail)s."),
        FileRefusal.UNREADABLE: _("The file %(detail)s cannot be read."),
        FileRefusal.EMPTY: _("The file %(detail)s is empty."),
        FileRefusal.NO_HEADER: _("%(detail)s begins with no line that could name its columns."),
        FileRefusal.BINARY: _("%(detail)s is no ledger; export it as CSV, JSON lines or XLSX."),
        FileRefusal.OLD_WORKBOOK: _(
            "%(detail)s is a workbook of an old format or with a password; save it as XLSX without one."
        ),
        FileRefusal.BOMB: _("%(detail)s unpacks to far more than a ledger needs; save its sheet as CSV."),
        FileRefusal.DAMAGED: _("%(detail)s is a damaged workbook; save it again as XLSX or CSV."),
        FileRefusal.CHANGED: _("%(detail)s was changed while it was read; nothing was taken in."),
        FileRefusal.REPEATED_COLUMN: _(
            "Several columns are called %(detail)s. Name the one that is meant in the mapping: "
            'the first by its name, the second with " #2" behind it.'
        ),
        FileRefusal.MISSING_COLUMN: _(
            "No column found for: %(detail)s. Name it with --mapping, "
            'such as {"amount": "your header"} or {"currency": "=USD"} for a value that all rows share.'
        ),
        FileRefusal.UNKNOWN_HEADER: _(
            "The mapping names the column %(detail)s, which the file does not have."
        ),
        FileRefusal.UNKNOWN_FIELD: _("The mapping sets %(detail)s, which is no field of a charge."),
        FileRefusal.BAD_CONSTANT: _("The mapping sets the currency to %(detail)s, which is none."),
        FileRefusal.UNKNOWN_ZONE: _("%(detail)s is not a time zone."),
    }[refused.refusal]
    return sentence % {"detail": refused.detail}
