"""The doorbells of the ledger's queue that nothing else rings."""

import pytest

from tests.triage.charges.builders import make_import
from triage.charges.finding import ChargeKind
from triage.charges.models import Charge, LedgerSource
from triage.charges.tasks import remark_probes


@pytest.mark.django_db
def test_rows_of_new_payers_are_marked_as_our_own():
    batch = make_import()
    texts = ("task_id", "task_key", "request_id", "request_key", "model", "fingerprint")
    for number, account in enumerate(("desk", "u1")):
        Charge.objects.create(
            **dict.fromkeys((*texts, "ref_charge_id", "component", "payload_hash"), ""),
            source=batch.source,
            batch=batch,
            charge_id=f"c{number}",
            kind=ChargeKind.CHARGE,
            account=account,
            key_hint="",
            amount=1,
            currency="USD",
            occurred_at=batch.at,
            row_number=number,
        )
    LedgerSource.objects.update(probe_payers=["desk"])

    remark_probes(batch.source_id)

    assert list(Charge.objects.filter(own_probe=True).values_list("account", flat=True)) == ["desk"]
