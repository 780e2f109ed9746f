"""What today's rules would say of stored cases: read, judged and compared, never written."""

from collections.abc import Iterator
from typing import Any

from triage.tickets.actions.run_investigation import case_of
from triage.tickets.models import Investigation
from triage.verdicts.classify import classify
from triage.verdicts.codec import finding_from_dict


def rejudge_stored() -> Iterator[dict[str, Any]]:
    """A dict per concluded investigation whose class, owner or resend light would change."""
    concluded = Investigation.objects.filter(concluded_at__isnull=False).order_by("pk")
    rows = concluded.select_related("ticket__endpoint", "run").prefetch_related("run__attempts")
    for investigation in rows.iterator(chunk_size=500):
        before, charges = investigation.verdict, investigation.charges
        finding = finding_from_dict(charges) if charges else None
        after = classify(case_of(investigation, finding, now=investigation.concluded_at))
        now = {"code": after.code, "owner": str(after.owner), "resend": str(after.resend)}
        was = {name: before[name] for name in now}
        if was != now:
            yield {
                "ref": investigation.ticket.ref,
                "was": was | {"rules_version": before["rules_version"]},
                "now": now | {"rules_version": after.rules_version},
            }
