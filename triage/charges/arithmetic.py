"""Requests on the wire against rows, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from triage.charges.finding import WireCount


def arithmetic(count: WireCount | None) -> list[str]:
    """Requests on the wire against rows, and where the number of requests comes from."""
    if count is None:
        return []
    return [_balance(count), _declared(count), _hidden(count)]


def _balance(count: WireCount) -> str:
    rows = ngettext("%(n)d row", "%(n)d rows", count.rows) % {"n": count.rows}
    return _("%(requests)s on the wire, %(rows)s.") % {"requests": _requests(count), "rows": rows}


def _requests(count: WireCount) -> str:
    if count.at_most is None:
        words = ngettext("At least %(n)d request", "At least %(n)d requests", count.at_least)
        return words % {"n": count.at_least}
    if count.at_most == count.at_least:
        return ngettext("%(n)d request", "%(n)d requests", count.at_least) % {"n": count.at_least}
    return _("%(least)d to %(most)d requests") % {"least": count.at_least, "most": count.at_most}


def _declared(count: WireCount) -> str:
    if count.declared_retries is None:
        return _("The ticket does not say how often it was sent again.")
    if not count.declared_retries:
        return _("The ticket says: not sent again.")
    words = ngettext(
        "The ticket says: sent again %(n)d time.",
        "The ticket says: sent again %(n)d times.",
        count.declared_retries,
    )
    return words % {"n": count.declared_retries}


def _hidden(count: WireCount) -> str:
    if count.hidden_retries is None:
        return _("Whether its client repeats requests by itself is not known.")
    if not count.hidden_retries:
        return _("%(client)s repeats nothing by itself.") % {"client": count.client}
    words = ngettext(
        "%(client)s repeats a failed request up to %(n)d time by itself.",
        "%(client)s repeats a failed request up to %(n)d times by itself.",
        count.hidden_retries,
    )
    return words % {"client": count.client, "n": count.hidden_retries}
