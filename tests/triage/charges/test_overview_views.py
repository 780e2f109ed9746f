"""The page of findings and the search: what they show, what filters do, and what bad input is told."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.triage.people.builders import client_of
from triage.charges.demo import ACCOUNT, load_demo_ledger
from triage.charges.models import Charge, LedgerSource
from triage.people.models import SavedView
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
DUPLICATE = "task_demo_duplicate"


@pytest.fixture
def demo() -> None:
    load_demo_ledger(timezone.now())


def text_of(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return " ".join(body.decode().split())


def page(name: str = "findings", *, language: str = "en", role: Role = Role.SUPPORT, **query):
    return client_of(role, language=language).get(reverse(f"charges:{name}"), query)


# --- findings


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_duplicate_stands_there_with_its_excess(demo, language):
    told = text_of(page(language=language))

    assert DUPLICATE in told
    assert "0.90 USD" in told


@pytest.mark.parametrize("name", ["findings", "finding_rows", "findings_csv", "check"])
def test_nobody_comes_in_unsigned(client, name):
    assert client.get(reverse(f"charges:{name}")).status_code == 302


def test_without_a_ledger_the_page_says_where_to_begin():
    assert "No ledger yet" in text_of(page())


def test_a_ledger_in_good_order_says_so(demo):
    Charge.objects.exclude(task_id="task_demo_single").delete()

    assert "Nothing to look at" in text_of(page())


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ({"code": "charge.duplicate"}, True),
        ({"code": "charge.double_submit"}, False),
        ({"account": ACCOUNT}, True),
        ({"account": "somebody else"}, False),
        ({"model": "video-demo"}, True),
        ({"model": "other"}, False),
        ({"source": "demo"}, True),
        ({"since": "2020-01-01"}, True),
        ({"until": "2020-01-01"}, False),
    ],
)
def test_filters_stand_in_the_address(demo, query, is_there):
    told = text_of(page("finding_rows", **query))

    assert (DUPLICATE in told) is is_there


@pytest.mark.parametrize(
    "query", [{"code": "charge.none"}, {"source": "nowhere"}, {"since": "yesterday"}, {"until": "2026-13-40"}]
)
def test_a_filter_that_names_nothing_is_left_out_and_said(demo, query):
    told = text_of(page(**query))

    assert "Left out" in told
    assert DUPLICATE in told


@pytest.mark.parametrize("by", ["account", "model", "source"])
def test_findings_are_summed_up_by(demo, by):
    assert {"account": ACCOUNT, "model": "video-demo", "source": "demo"}[by] in text_of(page(by=by))


def test_the_list_goes_on_over_pages(demo):
    _many_duplicates(60)

    client = client_of(Role.SUPPORT)
    first = client.get(reverse("charges:finding_rows"), {"code": "charge.duplicate"})
    second = client.get(f"{reverse('charges:finding_rows')}?{first.context['page']['older']}")
    tasks = [entry.task_ids[0] for answer in (first, second) for entry, _address in answer.context["rows"]]

    assert len(tasks) == len(set(tasks)) == 61
    assert not second.context["page"]["older"]


def test_our_own_probes_are_shown_apart(demo):
    Charge.objects.filter(task_id=DUPLICATE).update(own_probe=True)

    told = text_of(page())

    assert DUPLICATE not in told
    assert "Our own probes" in told
    assert "1.80 USD" in told


def test_cells_of_the_csv_are_no_formulas(demo):
    Charge.objects.filter(task_id=DUPLICATE).update(account="=HYPERLINK(1)", model="+evil")

    rows = list(csv.DictReader(io.StringIO(text_with_lines(page("findings_csv")))))
    row = next(row for row in rows if row["finding"] == "charge.duplicate")

    assert (row["account"], row["model"]) == ("'=HYPERLINK(1)", "'+evil")
    assert (row["amount"], row["currency"], row["task_ids"]) == ("0.9000000000", "USD", DUPLICATE)


def text_with_lines(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


# --- saved views


def test_filters_are_saved_shared_and_deleted(demo):
    mei, li = client_of(Role.SUPPORT, language="en"), client_of(Role.ENGINEER, language="en")
    query = "code=charge.duplicate"
    mei.post(reverse("charges:view_save"), {"name": "my own", "query": query})
    view = SavedView.objects.get()
    assert f"?{query}" in text_of(mei.get(reverse("charges:findings")))
    assert "my own" not in text_of(li.get(reverse("charges:findings")))

    change = reverse("charges:view_change", args=[view.pk])
    mei.post(change, {"do": "share", "query": query})
    assert "my own" in text_of(li.get(reverse("charges:findings")))
    assert li.post(change, {"do": "delete"}).status_code == 404

    mei.post(change, {"do": "delete"})
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_with_the_reason(demo):
    answer = client_of(Role.SUPPORT, language="en").post(
        reverse("charges:view_save"), {"name": " ", "query": "code=charge.duplicate"}
    )

    assert answer.status_code == 422
    assert "Give the filters a name" in text_of(answer)


def test_a_saved_view_holds_no_secret(demo):
    key = "sk-" + "a1B2" * 12
    client = client_of(Role.SUPPORT, language="en")

    client.post(reverse("charges:view_save"), {"name": key, "query": f"account={key}"})

    view = SavedView.objects.get()
    assert key not in view.name + view.query


# --- one task


@pytest.mark.parametrize("name", [DUPLICATE, "req_demo_2", "demo_2"])
def test_a_task_is_found_by_task_request_and_charge(demo, name):
    told = text_of(page("check", id=name, account=ACCOUNT))

    assert "charge.duplicate" in told
    assert "0.90" in told


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_unknown_task_is_no_answer(demo, language):
    answer = page("check", id="nowhere", language=language)

    assert "charge.no_rows" in text_of(answer)


def test_a_key_that_was_searched_for_is_not_shown_again(demo):
    key = "sk-" + "a1B2" * 12

    assert key not in text_of(page("check", id=key, account=key))


def test_bad_input_is_no_error(demo):
    client = client_of(Role.SUPPORT)

    for name, query in (
        ("check", {"id": "x\0y", "account": "\0", "at": "yesterday"}),
        ("findings", {"before": "~~", "after": "no place", "since": "9999-99-99"}),
    ):
        assert client.get(reverse(f"charges:{name}"), query).status_code == 200


def _many_duplicates(number: int) -> None:
    source = LedgerSource.objects.get(slug="demo")
    model = Charge.objects.filter(task_id=DUPLICATE).first()
    batch = model.batch
    now = timezone.now()
    Charge.objects.bulk_create(
        Charge(
            source=source,
            batch=batch,
            charge_id=f"many_{task}_{part}",
            kind="charge",
            task_id=f"many_{task}",
            task_key=f"many_{task}",
            account="many",
            amount=1,
            currency="USD",
            occurred_at=now - timedelta(hours=task, minutes=part),
            row_number=task,
        )
        for task in range(number)
        for part in range(2)
    )
