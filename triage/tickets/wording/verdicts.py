"""Whose a verdict is, how sure it is, and whether the request may be sent again; its class has a playbook."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from triage.verdicts.case import Confidence, Owner, Resend
from triage.verdicts.resend import LookFirst

OWNERS: Mapping[str, Any] = {
    Owner.CUSTOMER: _("The customer: their client or settings"),
    Owner.CUSTOMER_NETWORK: _("The customer's network: proxy, firewall, certificates"),
    Owner.EDGE: _("Our edge: CDN or nginx"),
    Owner.GATEWAY: _("Our gateway"),
    Owner.UPSTREAM: _("The upstream provider"),
    Owner.BILLING: _("Billing"),
    Owner.SUPPORT: _("Support: it stays here for now"),
}
OWNERS_SHORT: Mapping[str, Any] = {
    Owner.CUSTOMER: _("Customer"),
    Owner.CUSTOMER_NETWORK: _("Customer's network"),
    Owner.EDGE: _("Edge"),
    Owner.GATEWAY: _("Gateway"),
    Owner.UPSTREAM: _("Upstream"),
    Owner.BILLING: _("Billing"),
    Owner.SUPPORT: _("Support"),
}
CONFIDENCES: Mapping[str, Any] = {
    Confidence.CERTAIN: _("Certain"),
    Confidence.LIKELY: _("Likely"),
    Confidence.POSSIBLE: _("Possible"),
}
GROUNDS: Mapping[str, Any] = {
    "incident": _("an open incident explains it"),
    "rows_prove": _("the rows of the ledger prove it"),
    "probe_proves": _("the desk met it itself, and the facts name it"),
    "facts_name": _("the facts name it"),
    "went_well": _("the desk's own requests went well"),
    "contradicted": _("the facts fit it best, but some speak against it"),
    "rows_fit": _("the rows of the ledger fit it best; a doubt is left"),
    "figures_fit": _("the figures fit it best; another reading is not excluded"),
    "probe_and_words": _("what the desk met fits the ticket's words; another reading is not excluded"),
    "probe_fits": _("the desk met it itself; another reading is not excluded"),
    "words_name": _("the ticket's words name it; the desk has not met it itself"),
    "fits_best": _("it fits best; another reading is not excluded"),
    "several": _("what the desk met allows several readings; a fact is missing that would decide"),
    "hinted": _("only the ticket's words hint at it; a fact is missing that would decide"),
    "nothing_seen": _("nothing was seen that could tell; a fact is missing that would decide"),
}
"""Why a verdict is as sure as it says."""

SUPPLIERS: Mapping[str, Any] = {
    "customer": _("the customer has it"),
    "engineer": _("an engineer of ours can look it up"),
    "billing": _("billing can look it up"),
    "desk": _("the desk can find out by itself"),
}
"""Who can supply a fact that would decide."""

RESENDS: Mapping[str, Any] = {
    Resend.SAFE: _("Yes: the request provably never ran"),
    Resend.UNSAFE: _("No: sending it again can cost money or make it worse"),
    Resend.UNKNOWN: _("Not before it is checked: it may have run"),
}
RESENDS_SHORT: Mapping[str, Any] = {
    Resend.SAFE: _("yes"),
    Resend.UNSAFE: _("no"),
    Resend.UNKNOWN: _("not before it is checked"),
}
LOOK_FIRST: Mapping[str, Any] = {
    LookFirst.LEDGER_ROWS: _("The ledger has rows for it: they stand below."),
    LookFirst.TASK_STATUS: _("Look the task up first, by its ID; submitting it again makes a second one."),
    LookFirst.TASK_LIST: _(
        "Look first into the account's task list, ten minutes around the time of the request."
    ),
    LookFirst.USAGE_RECORDS: _(
        "Look first into the usage records, by request ID or by the time of the request."
    ),
}
"""Where the answer stands that a resend would only guess at."""
