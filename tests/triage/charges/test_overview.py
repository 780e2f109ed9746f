"""A list of findings: filtered, summed and paged."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from triage.charges.overview import Entry, Filters, groups_by, in_order, page_of, sum_amounts

AT = datetime(2026, 3, 1, tzinfo=UTC)


def entry(number: int = 0, **fields) -> Entry:
    values = {
        "code": "charge.duplicate",
        "source": "gw",
        "account": "u",
        "model": "video",
        "amounts": {"USD": Decimal("0.1")},
    }
    place = {"at": AT + timedelta(minutes=number), "charge_ids": (f"c{number}",)}
    return Entry(**{**values, **place, **fields})


@pytest.mark.parametrize(
    ("filters", "lets"),
    [
        ({}, True),
        ({"code": "charge.duplicate", "source": "gw", "account": "u", "model": "video"}, True),
        ({"account": "v"}, False),
        ({"since": AT}, True),
        ({"since": AT + timedelta(seconds=1)}, False),
        ({"until": AT}, False),
        ({"until": AT + timedelta(seconds=1)}, True),
    ],
)
def test_filters_let_through(filters, lets):
    assert Filters(**filters).let(entry()) is lets


def test_sums_are_exact_and_keep_currencies_apart():
    amounts = [{"USD": Decimal("0.1")}, {"USD": Decimal("0.2"), "CNY": Decimal(1)}, {"EUR": Decimal(0)}]

    assert sum_amounts(amounts) == {"CNY": Decimal(1), "USD": Decimal("0.3")}


def test_groups_come_with_the_most_frequent_first():
    groups = groups_by([entry(1), entry(2, account="v"), entry(3, account="v")], "account")

    assert [(group.value, group.entries, group.amounts) for group in groups] == [
        ("v", 2, {"USD": Decimal("0.2")}),
        ("u", 1, {"USD": Decimal("0.1")}),
    ]


@pytest.mark.parametrize("number", [0, 1, 4, 5, 9])
def test_pages_hold_every_entry_once_there_and_back(number):
    entries = in_order(entry(each) for each in range(number))
    seen, page = [], page_of(entries, size=2)
    pages = [page.rows]
    while page.older:
        page = page_of(entries, before=page.older, size=2)
        pages.append(page.rows)
    seen = [each for rows in pages for each in rows]
    back = [page.rows]
    while page.newer:
        page = page_of(entries, after=page.newer, size=2)
        back.append(page.rows)

    assert seen == entries
    assert [each for rows in reversed(back) for each in rows][-len(entries) :] == entries


def test_a_place_that_is_gone_still_leads_on():
    entries = in_order(entry(each) for each in range(6))
    place = page_of(entries, size=2).older

    rest = page_of([each for each in entries if each not in entries[1:3]], before=place, size=9)

    assert list(rest.rows) == entries[3:]
