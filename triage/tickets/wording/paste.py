"""What the form says of a paste: what was left out, and what to know of a suggestion."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from triage.tickets.paste.found import Remark, Why
from triage.tickets.wording.facts import DECLARED

FIELDS: Final[Mapping[str, Any]] = {**DECLARED, "paste": _("Pasted text")}
"""All that the form has texts in."""

LEFT_OUT: Final[Mapping[str, Any]] = {
    Why.MASKED: _("a secret or personal data was masked here"),
    Why.SECRET_HEADER: _("a header that carries a secret"),
    Why.PROMPT: _("what the customer sent to the model; only its settings were read"),
    Why.ANSWER: _("what the model answered"),
    Why.HEADER: _("a header that decides nothing"),
    Why.FRAMES: _("stack frames; only the client was read from them"),
    Why.CONNECTION: _("how curl connected"),
    Why.QUERY: _("the part of the address behind the question mark"),
    Why.ALLOWANCE: _("how often the client may retry, which is a setting and not how often it did"),
    Why.TOO_LONG: _("beyond 5,000 lines or one megabyte"),
}
REMARKS: Final[Mapping[str, Any]] = {
    Remark.NO_ZONE: _("names no time zone: check the one chosen beside it"),
    Remark.NO_YEAR: _("names no year"),
    Remark.FROM_ID: _("read from a request ID, by the gateway's own clock"),
    Remark.SERVER_CLOCK: _("the server's own clock, put into the zone chosen beside it"),
    Remark.DEFAULT: _("not said, but what the API or SDK does by default"),
}
EXAMPLES: Final[Mapping[str, Any]] = {
    "traceback": _("Python traceback"),
    "curl": _("curl -v output"),
    "template": _("Filled template"),
}
NAMED: Final[Mapping[str, Any]] = {
    "error_code": _("Error code"),
    "error_type": _("Error type"),
}
