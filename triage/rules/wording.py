"""The words for what the workshop refuses, warns of and writes into the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from triage.rules.actions import refusals

REFUSALS: Mapping[str, Any] = {
    refusals.NOT_OPEN: _("This draft is submitted or closed already. Reload the page to see how it stands."),
    refusals.NOT_WAITING: _("This draft does not wait for a decision. Reload the page to see how it stands."),
    refusals.OWN_DRAFT: _("You wrote this draft. Another admin must publish or reject it."),
    refusals.NOT_YOURS: _("Only the person who wrote this draft may do that."),
    refusals.MOVED_ON: _(
        "The rule was changed after this draft was begun. Nothing was overwritten: compare the two below,"
        " then take the rule as it is now as the new base, or withdraw the draft."
    ),
    refusals.EDITED: _("The draft was edited after you opened this page. Read it again as it is now."),
    refusals.NO_DRY_RUN: _(
        "Make a dry run first: the second admin needs to see what the draft would change."
    ),
    refusals.UNCONFIRMED: _("The dry run has warnings. Confirm below that you have read them, then submit."),
    refusals.BREAKS_ITS_SAMPLES: _(
        "The pattern or the samples do not hold. Edit the draft: the form says where."
    ),
    refusals.CHANGES_NOTHING: _("This is what is in force already, so there is nothing to change."),
    refusals.NO_REASON: _("Say why you reject the draft: its author reads it."),
    refusals.TOO_MANY: _("There are as many rules as the desk can hold. Remove one first."),
}
WARNINGS: Mapping[str, Any] = {
    "unmasks": _("Something that is masked now would become readable, in whole or in part."),
    "keeps": _("It would mask what support needs: ids, hashes, model names and the like."),
    "too_broad": _("Of the stored texts, it would mask something in more than 5 %."),
}
ACTIONS: Mapping[str, Any] = {
    "rule.drafted": _("began a draft"),
    "rule.draft_edited": _("edited a draft"),
    "rule.draft_rebased": _("took the present rule as a draft's base"),
    "rule.draft_reopened": _("took a draft back to edit it"),
    "rule.dry_run": _("made a dry run"),
    "rule.submitted": _("submitted a draft"),
    "rule.published": _("published a draft"),
    "rule.rejected": _("rejected a draft"),
    "rule.withdrawn": _("withdrew a draft"),
    "playbook.drafted": _("wrote a draft of a playbook"),
    "playbook.draft_edited": _("edited a draft of a playbook"),
    "playbook.draft_given_up": _("gave up a draft of a playbook"),
    "playbook.approved": _("approved a playbook"),
    "playbook.confirmed": _("confirmed a playbook"),
    "playbook.withdrawn": _("withdrew a playbook"),
    "ledger.uploaded": _("uploaded a ledger"),
    "ledger.reread": _("had a ledger read again with other columns"),
    "ledger.confirmed": _("confirmed an import"),
    "ledger.discarded": _("discarded an import"),
    "ledger.undone": _("undid an import"),
    "ledger.changed": _("changed a ledger's settings"),
    "ledger.token_made": _("made a push token"),
    "ledger.token_revoked": _("revoked a push token"),
    "ledger.connector_saved": _("saved a ledger's connector"),
    "ledger.connector_restarted": _("let a connector read again from the beginning"),
    "ledger.connector_removed": _("removed a ledger's connector"),
    "verdict.corrected": _("corrected a verdict"),
    "incident.opened": _("opened an incident"),
    "incident.widened": _("widened an incident to every model"),
    "incident.noted": _("wrote a note to an incident"),
    "incident.closed": _("closed an incident"),
    "person.added": _("added a person"),
    "admin.added": _("added"),
    "admin.changed": _("changed"),
    "admin.deleted": _("deleted"),
}
