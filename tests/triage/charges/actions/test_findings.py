"""Findings of made-up ledgers are the truth; findings of a ticket are those of its rows."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from probes.redaction.engine import builtin_redactor
from tests.triage.charges.generator import OUR_KEY, START, Ledger, Tasks, write_csv
from tests.triage.charges.taking import row as taken
from tests.triage.charges.taking import take_in
from triage.charges.actions.all_findings import all_findings, ledger_totals, probe_totals
from triage.charges.actions.find_charges import find_charges
from triage.charges.actions.import_ledger import import_ledger
from triage.charges.codec import finding_as_dict, finding_from_dict
from triage.charges.demo import ACCOUNT, load_demo_ledger
from triage.charges.finding import ChargeCode, ChargeFinding, Remark
from triage.charges.masking import Masker
from triage.charges.models import Charge, ChargeConflict, LedgerSource
from triage.charges.normalise import id_key

pytestmark = pytest.mark.django_db


def take(rows: Iterable[dict[str, str]], folder: Path) -> LedgerSource:
    path = write_csv(list(rows), folder / "ledger.csv")
    masker = Masker(builtin_redactor(), "pepper")
    summary = import_ledger(path, source="s", masker=masker, now=timezone.now())
    assert not summary.rejections
    return LedgerSource.objects.get(slug="s")


@pytest.fixture
def demo() -> None:
    load_demo_ledger(timezone.now())


def _found(findings: list[ChargeFinding], code: ChargeCode) -> list[ChargeFinding]:
    return [finding for finding in findings if finding.code is code]


@pytest.mark.parametrize("seed", range(1, 6))
def test_all_findings_are_the_truth(seed: int, tmp_path: Path) -> None:
    ledger = Ledger(seed).fill(2000)
    truth = ledger.truth
    shuffled = ledger.random.sample(ledger.rows, len(ledger.rows))
    LedgerSource.objects.create(slug="s", probe_payers=[OUR_KEY])
    source = take(shuffled, tmp_path)
    findings = list(all_findings(source))

    found = {code: {_key(each): each for each in findings if each.code is code} for code in ChargeCode}
    duplicates = found[ChargeCode.DUPLICATE]
    assert {key: dict(each.excess) for key, each in duplicates.items()} == _keyed(truth.duplicates)
    over = {key: dict(each.over_returned) for key, each in duplicates.items() if each.over_returned}
    assert over == _keyed(truth.over)
    refunds = found[ChargeCode.OVER_REFUNDED]
    assert {key: dict(each.over_returned) for key, each in refunds.items()} == _keyed(truth.over_refunded)
    for code, tasks in (
        (ChargeCode.FAILED_UNREFUNDED, truth.unrefunded),
        (ChargeCode.UNDELIVERED, truth.undelivered),
    ):
        assert {key: dict(each.net) for key, each in found[code].items()} == _keyed(tasks)
    assert set(found[ChargeCode.CANNOT_TELL]) == {
        (account, id_key(task)) for account, task in truth.undecided
    }
    logs = {frozenset(each.charge_ids): dict(each.excess) for each in _found(findings, DOUBLE_LOGGED)}
    assert logs == truth.second_logs
    repeats = {frozenset(each.task_ids) for each in _found(findings, ChargeCode.DOUBLE_SUBMIT)}
    assert repeats == truth.repeats
    assert not found[ChargeCode.CONFLICT] and not found[ChargeCode.HIDDEN_RETRY]

    assert {currency: net for currency, (_, net) in ledger_totals(source).items()} == truth.totals
    assert {currency: net for currency, (_, net) in probe_totals(source).items()} == truth.probes


DOUBLE_LOGGED = ChargeCode.DOUBLE_LOGGED


def _key(finding: ChargeFinding) -> tuple[str, str]:
    """The account with the task, or with the request of the first charge where there is no task."""
    if finding.task_ids:
        return finding.account, id_key(finding.task_ids[0])
    return finding.account, Charge.objects.get(charge_id=finding.charge_ids[0]).request_key


def _keyed(tasks: Tasks) -> Tasks:
    return {(account, id_key(task)): amounts for (account, task), amounts in tasks.items()}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("task_id", "code"),
    [
        ("task_demo_single", ChargeCode.SINGLE),
        ("task_demo_duplicate", ChargeCode.DUPLICATE),
        ("task_demo_hold", ChargeCode.HOLD_AND_SETTLE),
        ("task_demo_refunded", ChargeCode.REFUNDED),
        ("task_demo_submit_2", ChargeCode.DOUBLE_SUBMIT),
    ],
)
def test_the_stories_of_the_demo(task_id: str, code: ChargeCode) -> None:
    finding = find_charges(task_id=task_id, account=ACCOUNT)
    assert (finding.code, finding.source) == (code, "demo")
    assert finding.charge_ids


def test_the_demo_is_loaded_once() -> None:
    for _ in range(2):
        load_demo_ledger(timezone.now())
    assert find_charges(task_id="task_demo_duplicate").excess == {"USD": Decimal("0.90")}


@pytest.mark.usefixtures("demo")
def test_a_request_id_leads_to_its_task() -> None:
    finding = find_charges(request_ids=("req_demo_3",), account=ACCOUNT)
    assert finding.code is ChargeCode.DUPLICATE
    assert Remark.BY_REQUEST_ID in finding.remarks


@pytest.mark.usefixtures("demo")
def test_missing_rows_are_no_answer() -> None:
    reach = LedgerSource.objects.get().covered_until
    assert reach
    later = find_charges(task_id="task_new", account=ACCOUNT, around=reach + timedelta(minutes=5))
    assert (later.code, later.covered_until) == (ChargeCode.NO_ROWS, reach)
    assert later.remarks == (Remark.BEYOND_COVERAGE,)
    earlier = find_charges(task_id="task_new", account=ACCOUNT, around=reach - timedelta(hours=1))
    assert (earlier.code, earlier.remarks) == (ChargeCode.NO_ROWS, ())


@pytest.mark.usefixtures("demo")
def test_rows_of_another_account_are_not_told() -> None:
    finding = find_charges(task_id="task_demo_duplicate", account="somebody else")
    assert (finding.code, finding.charge_ids) == (ChargeCode.NO_ROWS, ())
    assert finding.remarks == (Remark.OTHER_ACCOUNT,)


def test_without_any_ledger() -> None:
    assert find_charges(task_id="t").covered_until is None


def test_an_id_in_two_accounts_asks_for_the_account(tmp_path: Path) -> None:
    ledger = Ledger(4)
    ledger.same_id_elsewhere()
    take(ledger.rows, tmp_path)
    finding = find_charges(task_id=ledger.rows[0]["task_id"])
    assert finding.code is ChargeCode.SINGLE
    assert Remark.ACCOUNT_UNKNOWN in finding.remarks


def test_an_account_and_a_time_alone_find_only_what_is_suspicious(tmp_path: Path) -> None:
    ledger = Ledger(5)
    ledger.repeat()
    account = ledger.rows[0]["account"]
    take(ledger.rows, tmp_path)
    assert find_charges(account=account, around=START).code is ChargeCode.DOUBLE_SUBMIT
    assert find_charges(account=account, around=START - timedelta(hours=2)).remarks[0] is Remark.TASK_UNKNOWN


def test_a_conflict_is_found_under_either_task_id(tmp_path: Path) -> None:
    ledger = Ledger(6)
    ledger.single()
    (row,) = ledger.rows
    take([row], tmp_path)
    take([row | {"task_id": "task_other", "amount": "5"}], tmp_path)
    assert ChargeConflict.objects.get().fields == ["amount", "task_id"]
    for task_id in (row["task_id"], "task_other"):
        assert find_charges(task_id=task_id).code is ChargeCode.CONFLICT
    assert [finding.code for finding in all_findings(LedgerSource.objects.get())] == [ChargeCode.CONFLICT]


def test_rows_of_one_request_without_a_task(tmp_path: Path) -> None:
    ledger = Ledger(7)
    ledger.chat()
    ledger.chat()
    first, second = ledger.rows
    take([first, first | {"charge_id": "ch_again"}, second], tmp_path)
    assert find_charges(request_ids=(first["request_id"],)).code is ChargeCode.DUPLICATE
    assert find_charges(request_ids=(second["request_id"],)).code is ChargeCode.SINGLE


@pytest.mark.usefixtures("demo")
def test_a_finding_survives_being_stored_as_json() -> None:
    finding = find_charges(task_id="task_demo_submit_1")
    assert finding_from_dict(json.loads(json.dumps(finding_as_dict(finding)))) == finding


def test_quota_is_worth_dollars() -> None:
    finding = ChargeFinding(
        code=ChargeCode.DUPLICATE, excess={"quota": Decimal(502650)}, quota_per_unit=500_000
    )
    assert finding.excess_usd == Decimal("1.0053")
    assert replace(finding, quota_per_unit=None).excess_usd is None


# --- ids that may be the same, and rows that may be missing


def _take_rows(rows: list[dict[str, str]], folder: Path) -> str:
    take(rows, folder)
    return rows[0]["account"]


def test_an_id_in_another_case_may_be_another_task(tmp_path: Path) -> None:
    ledger = Ledger(20)
    row = ledger._charge("vid_aBcD")
    account = _take_rows(ledger.rows, tmp_path)

    for typed in ("VID_ABCD", "vid_ABcd"):
        finding = find_charges(task_id=typed, account=account)
        assert (finding.code, finding.charge_ids) == (ChargeCode.CANNOT_TELL, (row["charge_id"],))
        assert Remark.ID_AMBIGUOUS in finding.remarks
        assert finding.story[0].task_id == "vid_aBcD"
    assert find_charges(task_id="vid_aBcD", account=account).remarks == ()


def test_a_rounded_id_finds_what_it_may_stand_for(tmp_path: Path) -> None:
    ledger = Ledger(21)
    ledger._charge("561126123456789012")
    account = _take_rows(ledger.rows, tmp_path)

    for typed in ("5.61126E+17", "561126123456789000"):
        finding = find_charges(task_id=typed, account=account, around=START)
        assert finding.code is ChargeCode.CANNOT_TELL
        assert Remark.ID_ROUNDED in finding.remarks


def test_a_rounded_id_without_a_time_is_no_answer(tmp_path: Path) -> None:
    ledger = Ledger(21)
    ledger._charge("561126123456789012")
    account = _take_rows(ledger.rows, tmp_path)

    finding = find_charges(task_id="5.61126E+17", account=account)
    assert (finding.code, finding.remarks) == (ChargeCode.NO_ROWS, (Remark.ID_ROUNDED,))


def test_a_charge_id_leads_to_its_task(tmp_path: Path) -> None:
    ledger = Ledger(22)
    ledger.duplicate()
    account = _take_rows(ledger.rows, tmp_path)

    finding = find_charges(charge_id=ledger.rows[-1]["charge_id"], account=account)

    assert finding.code is ChargeCode.DUPLICATE


def test_a_request_in_a_gap_of_the_ledger_is_no_answer(tmp_path: Path) -> None:
    _two_imports(tmp_path)

    inside = find_charges(task_id="task_new", around=START + timedelta(days=2))
    before = find_charges(task_id="task_new", around=START - timedelta(days=2))

    assert inside.remarks == (Remark.LEDGER_GAP,)
    assert len(inside.gaps) == 1
    assert before.remarks == (Remark.BEFORE_COVERAGE,)


def test_a_second_charge_behind_a_gap_is_no_duplicate(tmp_path: Path) -> None:
    task = _two_imports(tmp_path)

    finding = find_charges(task_id=task)

    assert (finding.code, finding.excess) == (ChargeCode.CANNOT_TELL, {})
    assert Remark.LEDGER_GAP in finding.remarks
    source = LedgerSource.objects.get()
    assert [each.code for each in all_findings(source)] == [ChargeCode.CANNOT_TELL]


def _two_imports(folder: Path) -> str:
    """A task charged on a Sunday and on the Thursday after, and nothing imported of the days between."""
    ledger = Ledger(23)
    first = ledger._charge("task_twice")
    second = ledger._add(first, "charge", first["amount"], after=4 * 86_400)
    for name, row in (("sunday", first), ("thursday", second)):
        (folder / name).mkdir()
        take([row], folder / name)
    return "task_twice"


def test_without_any_ledger_that_is_said() -> None:
    assert find_charges(task_id="t").remarks == (Remark.NO_LEDGER,)


def test_what_names_a_charge_and_no_task_belongs_to_the_task_of_that_charge() -> None:
    take_in(
        taken("c1", "09:00", "again"),
        taken("c2", "09:05", kind="reversal", ref_charge_id="c1"),
        taken("c3", "09:10", "again"),
        taken("c4", "10:00", "twice"),
        taken("c5", "10:05", "twice"),
        taken("c6", "10:30", kind="refund", amount="0.10", ref_charge_id="c5"),
        taken("c7", "11:00", "back"),
        taken("c8", "11:30", kind="refund", ref_charge_id="c7"),
        taken("c9", "11:40", kind="refund", ref_charge_id="c7"),
    )
    over_refunded, duplicate = all_findings(LedgerSource.objects.get(slug="gw"))

    assert (duplicate.task_ids, dict(duplicate.excess)) == (("twice",), {"CNY": Decimal("0.14")})
    assert (over_refunded.task_ids, over_refunded.code) == (("back",), ChargeCode.OVER_REFUNDED)
    assert find_charges(task_id="twice").excess == duplicate.excess
    assert find_charges(task_id="again").code is ChargeCode.SINGLE
    assert find_charges(charge_id="c6").task_ids == ("twice",)


def test_a_row_of_another_account_is_no_refund_of_a_charge() -> None:
    take_in(
        taken("c1", "09:00", "twice"),
        taken("c2", "09:05", "twice"),
        taken("c3", "09:30", kind="refund", ref_charge_id="c2", account="u2"),
    )
    (duplicate,) = all_findings(LedgerSource.objects.get(slug="gw"))
    assert dict(duplicate.excess) == {"CNY": Decimal("0.24")}
