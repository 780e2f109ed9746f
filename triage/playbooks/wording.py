"""What the pages of playbooks call their texts, parameters, families, problems and refusals."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from triage.playbooks.actions import refusals
from triage.playbooks.checks import FOR_HELP, FOR_SUPPORT

TEXTS: Mapping[str, Any] = {
    "title": _("Title"),
    "happened": _("What it means"),
    "next_action": _("Next action"),
    "stopping_point": _("Stopping point"),
    "do_not": _("Do not"),
    "overturn": _("What would overturn it"),
    "reply": _("Reply to the customer"),
    "engineer": _("Note to the engineer: what to check"),
    "help_title": _("Help page: title"),
    "help_means": _("Help page: what it means"),
    "help_do": _("Help page: what you can do"),
    "help_avoid": _("Help page: what not to do"),
    "help_send": _("Help page: what to send us"),
}
GROUPS: tuple[tuple[str, Any, Any, tuple[str, ...]], ...] = (
    (
        "support",
        _("What support reads"),
        _("The card on a ticket. A stranger must find action, owner, evidence and stopping point in 10 s."),
        FOR_SUPPORT,
    ),
    (
        "customer",
        _("What the customer is sent"),
        _("Never a host, a channel, a key, an e-mail or a web address, and never a question for a key."),
        ("reply",),
    ),
    (
        "engineer",
        _("What the engineer reads"),
        _("Stays inside. Channels and logs may be named."),
        ("engineer",),
    ),
    (
        "help",
        _("What the public help page says"),
        _("Open to everybody, without a sign-in. Customers' words only."),
        FOR_HELP,
    ),
)
"""Anchor, heading, hint and the names of the texts, in the order in which they are read."""

LANGUAGE_NAMES: Mapping[str, tuple[str, str]] = {"zh": ("zh-Hans", "中文"), "en": ("en", "English")}
"""By language of a playbook: the tag for assistive technology, and the name in its own script."""

PARAMETER_NOTES: Mapping[str, Any] = {
    "again": _("shows nothing; marks a sentence about trying again, left out while that would be unwise"),
    "amount": _("what was charged too much, with its currency"),
    "attempts": _("how often the desk tried"),
    "bytes": _("size of the stream that was received"),
    "client": _("client or SDK, as the ticket says"),
    "clock": _("time before which not to try again"),
    "code": _("error code of the answer"),
    "failed": _("how many tries of the desk failed"),
    "failed_as": _("what those tries failed with"),
    "holder": _("program whose buffers have the size that was seen"),
    "incident": _("reference of the open incident"),
    "kilobytes": _("size of the blocks in which a stream arrives"),
    "limit_of": _("program whose default time limit was met"),
    "minutes": _("age of a task"),
    "model": _("model name, as the ticket says"),
    "nearest": _("names on the model list that resemble the one asked for"),
    "param": _("request parameter that was refused"),
    "request_id": _("first request ID of the ticket"),
    "requests": _("requests that one call became"),
    "seconds": _("the time that decides, such as the length of a silence"),
    "status": _("HTTP status of the answer"),
    "task_id": _("task ID of the ticket or the ledger"),
    "timeout": _("time limit of one request, in seconds"),
}
FAMILIES: Mapping[str, Any] = {
    "reach": _("Reaching us"),
    "edge": _("CDN and firewall"),
    "client": _("Client and request"),
    "auth": _("Keys and access"),
    "balance": _("Balance"),
    "quota": _("Quotas and plans"),
    "limit": _("Rate limits"),
    "model": _("Models"),
    "gateway": _("Our gateway"),
    "content": _("Content"),
    "body": _("Answers that cannot be used"),
    "stream": _("Streaming"),
    "timeout": _("Timeouts"),
    "upstream": _("Model provider"),
    "task": _("Image and video tasks"),
    "charge": _("Charges"),
    "ok": _("Nothing wrong found"),
    "intermittent": _("Comes and goes"),
    "inconclusive": _("Not enough facts"),
}
TABS: Mapping[str, Any] = {
    "all": _("All"),
    "overdue": _("Overdue"),
    "changed": _("Changed from shipped"),
    "drafts": _("Drafts"),
}
PROBLEMS: Mapping[str, Any] = {
    "missing": _("Write this text: both languages must be complete."),
    "unknown_parameter": _(
        "%(detail)s is not a parameter that a verdict fills in; the list is below the form."
    ),
    "stray_brace": _("Braces may only hold the name of a parameter, such as {status}."),
    "other_language": _("This is not in the language of its column."),
    "may_vanish": _(
        "Every sentence here names a parameter, so nothing would be left when none is known. Add one without."
    ),
    "internal": _(
        "Customers read this, and it holds something internal: “%(detail)s”. No host, channel, key, e-mail or"
        " web address."
    ),
    "asks_for_secret": _(
        "This seems to ask for a key, a password, headers or a prompt: “%(detail)s”. Ask for a name or the"
        " last 4 characters."
    ),
    "blind_resend": _(
        "Sending this class again is dangerous, and this sentence advises it: “%(detail)s”. Say what to look"
        " up first, or begin the sentence with {again}."
    ),
    "too_long": _("%(detail)s words in this part; the most is 119. Three Chinese characters count as two."),
}
REFUSALS: Mapping[str, Any] = {
    refusals.MOVED_ON: _(
        "Somebody else has changed this playbook since you opened the page. Nothing of theirs or yours is"
        " lost: read what is there now, then decide again."
    ),
    refusals.OWN_DRAFT: _("You wrote these words. Another admin must approve them."),
    refusals.NOT_OPEN: _("This is no longer a draft. Reload the page to see how it stands."),
    refusals.NOT_YOURS: _("Only its author or an admin may give this draft up."),
    refusals.NOTHING_TO_WITHDRAW: _("The shipped words are in force already."),
    refusals.NO_REASON: _("Give a reason: it stays in the history."),
    refusals.BAD_DATE: _("Choose a re-check date after today and within two years."),
    refusals.BREAKS_RULES: _(
        "The words break a rule that was added since. Edit the draft: the form says where."
    ),
}
