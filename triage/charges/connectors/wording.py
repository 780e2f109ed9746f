"""The words for how a fetch ended, and for what to do about it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from triage.charges.connectors.faults import FetchCode

FETCHES: Mapping[str, Any] = {
    FetchCode.OK: _("Read to the end."),
    FetchCode.UNREACHABLE: _("The system could not be reached. Check the address and the network."),
    FetchCode.ADDRESS_REFUSED: _(
        "The desk does not connect to this address. If it is a system of your own network, enter its host and"
        " port as an exception."
    ),
    FetchCode.TOO_LARGE: _("The answer is larger than the desk reads. Let the system give shorter pages."),
    FetchCode.REDIRECTED: _(
        "The system sends us elsewhere, and the desk follows no redirect. Enter the address that it names."
    ),
    FetchCode.DENIED: _("The system refused the token. Enter one of an admin who may read all logs."),
    FetchCode.NOT_FOUND: _("There is nothing at this path. Check the address, and the kind of system."),
    FetchCode.RATE_LIMITED: _("The system asked for patience. The desk asks again when that time is over."),
    FetchCode.SERVER_ERROR: _("The system had a fault of its own. The desk asks again at the next turn."),
    FetchCode.BAD_STATUS: _("The system refused the request. Its answer stands below."),
    FetchCode.HTML: _("A web page came back. The address is that of its pages, not of its API."),
    FetchCode.NOT_JSON: _("The answer is not JSON."),
    FetchCode.REFUSED_BY_API: _("The system answered that it failed. Its words stand below."),
    FetchCode.OTHER_SHAPE: _("The answer is JSON of another shape. Check the kind of system and its path."),
    FetchCode.PAGES_REPEAT: _("Further pages bring the same rows again, so the paging is not as it was set."),
    FetchCode.LINK_ELSEWHERE: _("The next page leads to another machine. The token is never sent there."),
    FetchCode.WINDOW_IGNORED: _(
        "Most rows lie outside the span that was asked for, so the system ignores it. Check the names of its"
        " parameters."
    ),
    FetchCode.WINDOW_TOO_FULL: _("Even the shortest span has more rows than can be read at once."),
    FetchCode.CHANGED_WHILE_READ: _(
        "Rows came or went while the pages were read. Nothing was taken in; the span is read again."
    ),
    FetchCode.NO_TOKEN: _("There is no token. Enter one below."),
    FetchCode.TOKEN_UNREADABLE: _("The token cannot be opened with the desk's present key. Enter it again."),
    FetchCode.MAPPING: _("A column that every charge needs was not found. Check the columns."),
}


def fetch_in_words(code: str) -> Any:
    return FETCHES.get(code, code)
