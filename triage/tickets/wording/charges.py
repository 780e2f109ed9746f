"""What the ledger says of a ticket, and how that agrees with the ticket."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from triage.charges.finding import ChargeCode, Remark
from triage.verdicts.agreement import Agreement

CHARGES: Mapping[str, Any] = {
    ChargeCode.NO_ROWS: _("Cannot tell: the ledger has no rows for it"),
    ChargeCode.SINGLE: _("Charged once"),
    ChargeCode.DUPLICATE: _("Charged twice for one task"),
    ChargeCode.HOLD_AND_SETTLE: _("A hold and its settlement: one charge"),
    ChargeCode.REFUNDED: _("Charged and refunded"),
    ChargeCode.OVER_REFUNDED: _("More came back than was charged"),
    ChargeCode.DOUBLE_SUBMIT: _("Submitted more than once: each task has its own charge"),
    ChargeCode.HIDDEN_RETRY: _("A hidden retry: the client sent it again, and both were charged"),
    ChargeCode.CONFLICT: _("Cannot tell: the rows contradict each other"),
    ChargeCode.REEXPORT: _("One charge, exported several times"),
    ChargeCode.UNDELIVERED: _("Charged, and the answer did not arrive whole"),
    ChargeCode.FAILED_UNREFUNDED: _("The task failed, and its charge still stands"),
    ChargeCode.DOUBLE_LOGGED: _("One call, logged as two rows"),
    ChargeCode.PROBE_COST: _("Paid by the desk's own probe, not by the customer"),
    ChargeCode.CANNOT_TELL: _("Cannot tell: there are rows, but they do not decide it"),
}
CHARGE_MOODS: Mapping[str, str] = {
    ChargeCode.SINGLE: "good",
    ChargeCode.HOLD_AND_SETTLE: "good",
    ChargeCode.REFUNDED: "good",
    ChargeCode.REEXPORT: "good",
    ChargeCode.DUPLICATE: "bad",
    ChargeCode.HIDDEN_RETRY: "bad",
    ChargeCode.DOUBLE_SUBMIT: "bad",
    ChargeCode.OVER_REFUNDED: "bad",
    ChargeCode.UNDELIVERED: "bad",
    ChargeCode.FAILED_UNREFUNDED: "bad",
    ChargeCode.DOUBLE_LOGGED: "warn",
    ChargeCode.CONFLICT: "warn",
    ChargeCode.NO_ROWS: "warn",
    ChargeCode.CANNOT_TELL: "warn",
}
CHARGE_EXPLAINED: Mapping[str, Any] = {
    ChargeCode.NO_ROWS: _(
        "No rows is not the same as no charge: the ledger may not reach to this request yet."
    ),
    ChargeCode.SINGLE: _("There is one charge for this task and nothing that repeats it."),
    ChargeCode.DUPLICATE: _(
        "The same task has more than one standing charge. Hand it to billing; support refunds nothing itself."
    ),
    ChargeCode.HOLD_AND_SETTLE: _(
        "An amount was set aside first and settled later. That is how one charge looks."
    ),
    ChargeCode.REFUNDED: _("What was charged for this task came back."),
    ChargeCode.OVER_REFUNDED: _("The refunds exceed the charges. Billing has to look at it."),
    ChargeCode.DOUBLE_SUBMIT: _("The retry made a new task. Both ran, and both were charged."),
    ChargeCode.HIDDEN_RETRY: _(
        "An SDK or a proxy repeated the request by itself. Both answers were produced."
    ),
    ChargeCode.CONFLICT: _(
        "Two exports say different things about the same charge. Billing has to say which holds."
    ),
    ChargeCode.REEXPORT: _("The same charge stands in several exports. It was taken once."),
    ChargeCode.UNDELIVERED: _(
        "It was charged, and nothing or not all of it reached the customer. Billing applies its written rule."
    ),
    ChargeCode.FAILED_UNREFUNDED: _(
        "A failed task should cost nothing, but nothing has come back. Hand it to billing; support refunds "
        "nothing itself."
    ),
    ChargeCode.DOUBLE_LOGGED: _(
        "Both rows come from one call. Billing has to see whether the balance fell once or twice."
    ),
    ChargeCode.PROBE_COST: _("Only the desk paid here. It counts in no customer's sum."),
    ChargeCode.CANNOT_TELL: _(
        "There are rows, but something is missing without which nobody can judge them."
    ),
}
REMARKS: Mapping[str, Any] = {
    Remark.ACCOUNT_UNKNOWN: _("The ID exists under several accounts; name the account to decide."),
    Remark.OTHER_ACCOUNT: _("The ID exists, but under another account than the ticket names."),
    Remark.BEYOND_COVERAGE: _("The request is later than the ledger reaches."),
    Remark.TASK_UNKNOWN: _("There is neither a task ID nor a request ID to look for."),
    Remark.BY_REQUEST_ID: _("Found through the request ID."),
    Remark.BY_AMOUNT: _("Judged by equal amounts seconds apart: likely, not certain."),
    Remark.AMOUNTS_DIFFER: _("The amounts differ."),
    Remark.SEVERAL_CURRENCIES: _("Several currencies are involved."),
    Remark.EXCESS_RETURNED: _("The second charge has already come back."),
    Remark.REVERSED_AND_CHARGED_AGAIN: _("The first charge was reversed before the second."),
    Remark.RETURN_WITHOUT_CHARGE: _("Money came back for a charge outside the ledger."),
    Remark.HOLD_OPEN: _("A hold is still open."),
    Remark.EXPORTED_REPEATEDLY: _("Some rows were exported more than once; each counts once."),
    Remark.DETAILS_CONFLICT: _("Exports disagree about details, but not about money, account or task."),
    Remark.NO_LEDGER: _("The ledger is empty: nothing has been imported yet."),
    Remark.BEFORE_COVERAGE: _("The request is earlier than the ledger begins."),
    Remark.LEDGER_GAP: _("The request lies in a gap between two imports."),
    Remark.ID_AMBIGUOUS: _(
        "Other IDs differ from it only in capital letters; copy the ID as text to decide."
    ),
    Remark.ID_ROUNDED: _("A spreadsheet has rounded the ID; in this form it names many tasks."),
    Remark.EXCESS_PARTLY_RETURNED: _("A part of it has already come back; the amount is what is left."),
    Remark.EXCESS_RETURNED_TWICE: _("More came back than was charged too much."),
    Remark.REFUND_MAY_FOLLOW: _("A refund may still follow: the ledger ends before it was due."),
    Remark.OUTCOME_FROM_LEDGER: _("What became of the task is told by the ledger."),
    Remark.OUTCOME_FROM_LOOKUP: _("What became of the task is told by the desk's own look-up."),
    Remark.OWN_PROBES_APART: _("Rows of the desk's own probes are shown apart and counted in nothing."),
    Remark.RETRIES_EXPLAIN_ROWS: _("The retries explain the rows."),
    Remark.MORE_ROWS_THAN_REQUESTS: _("There are more rows than requests can have been sent."),
    Remark.FEWER_ROWS_THAN_REQUESTS: _("There are fewer rows than requests were sent."),
}
AGREEMENTS: Mapping[str, Any] = {
    Agreement.CONFIRMED: _("The ticket says that it was charged, and the rows say so too."),
    Agreement.CAME_BACK: _("The ticket says that it was charged; the rows say that all of it came back."),
    Agreement.NOT_FOUND: _(
        "The ticket says that it was charged, but the records of that time have no row for it."
    ),
    Agreement.NOT_COVERED: _(
        "The ticket says that it was charged; the records do not reach there, so nobody can check it yet."
    ),
    Agreement.DENIED_BY_ROWS: _("The ticket says that nothing was charged, but the rows say otherwise."),
    Agreement.FREE_SO_FAR: _(
        "The ticket says that nothing was charged, and as far as the records reach no row says otherwise."
    ),
    Agreement.ROWS_TELL: _("The ticket does not say whether it was charged; the rows do."),
}
"""What the ticket says of a charge, against the rows."""
