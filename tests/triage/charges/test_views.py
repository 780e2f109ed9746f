"""The ledger's pages: what they show, who is refused, what is missing, and what bad input is told."""

import pytest
from django.urls import reverse

from tests.triage.charges.builders import make_import, make_source, reject
from tests.triage.people.builders import client_of
from triage.charges.models import ChargeImport, ImportOverlap, ImportState, LedgerSource
from triage.people.models import AuditEntry
from triage.people.roles import Role

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def page(name: str, *args, role: Role = Role.ENGINEER, language: str = "en"):
    return client_of(role, language=language).get(reverse(f"charges:{name}", args=args))


# --- who comes in


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("sources", Role.SUPPORT),
        ("source", Role.SUPPORT),
        ("imports", Role.ENGINEER),
        ("import_rows", Role.ENGINEER),
        ("upload", Role.ENGINEER),
        ("import", Role.ENGINEER),
        ("live", Role.ENGINEER),
        ("undo", Role.ENGINEER),
        ("rejected", Role.ENGINEER),
        ("source_edit", Role.ADMIN),
    ],
)
@pytest.mark.parametrize("role", list(Role))
def test_each_page_is_for_its_role_and_those_above(name, allowed, role):
    record = make_import()
    args = {
        **{each: [record.pk] for each in ("import", "live", "undo", "rejected")},
        **{each: [record.source.slug] for each in ("source", "source_edit")},
    }

    answer = page(name, *args.get(name, []), role=role)

    assert answer.status_code == (200 if role.covers(allowed) else 403)


@pytest.mark.parametrize("step", ["commit", "discard", "mapping"])
def test_a_step_is_taken_by_post_only_and_not_by_support(step):
    record = make_import(ImportState.PREVIEW)
    address = reverse(f"charges:{step}", args=[record.pk])

    assert client_of(Role.ADMIN).get(address).status_code == 405
    assert client_of(Role.SUPPORT).post(address).status_code == 403


@pytest.mark.parametrize("name", ["import", "live", "undo", "rejected"])
def test_an_import_that_is_not_there_is_not_found(name):
    assert page(name, 10**12).status_code == 404


@pytest.mark.parametrize("state", list(ImportState))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_import_has_a_page_in_every_state(state, language):
    record = make_import(state, rejected=1, refusal="file.empty" if state == "refused" else "")
    reject(record)

    assert page("import", record.pk, language=language).status_code == 200


# --- imports


def test_the_list_shows_counts_source_and_who(client):
    make_import(new=2981, rejected=12)

    shown = text_of(page("imports"))

    assert "march.csv" in shown
    assert "2981" in shown
    assert "data-poll" not in shown


def test_the_list_follows_what_runs_and_says_nothing_when_nothing_changed():
    make_import(ImportState.READING, bytes_read=250)
    client = client_of(Role.ENGINEER)
    answer = client.get(reverse("charges:imports"))
    assert "data-poll" in text_of(answer)
    assert "25 %" in text_of(answer)
    address = reverse("charges:import_rows")

    assert client.get(address, {"seen": answer.context["version"]}).status_code == 204
    ChargeImport.objects.update(bytes_read=500)
    assert "50 %" in text_of(client.get(address, {"seen": answer.context["version"]}))


def test_the_list_is_filtered_and_says_when_nothing_fits():
    make_import()
    make_import(source=make_source("other"), file_name="april.csv")
    client = client_of(Role.ENGINEER)

    shown = text_of(client.get(reverse("charges:imports"), {"source": "other"}))
    nothing = text_of(client.get(reverse("charges:imports"), {"state": "undone"}))

    assert "april.csv" in shown
    assert "march.csv" not in shown
    assert "No import fits these filters" in nothing


def test_progress_polls_until_the_preview_is_there():
    record = make_import(ImportState.READING, bytes_read=990)
    client = client_of(Role.ENGINEER)
    address = reverse("charges:live", args=[record.pk])
    running = client.get(address)
    assert "data-poll" in text_of(running)
    assert "99 %" in text_of(running)

    ChargeImport.objects.update(state=ImportState.PREVIEW, new=5)
    ready = text_of(client.get(address, {"seen": running.context["version"]}))

    assert "data-poll" not in ready
    assert "Take in 5 new rows" in ready
    assert "waiting for confirmation" in ready


def test_a_preview_shows_columns_counts_samples_and_rejected_rows():
    record = make_import(ImportState.PREVIEW, read=3, new=1, conflicting=1, rejected=1)
    reject(record, line=918)

    shown = text_of(page("import", record.pk))

    assert '<code>流水号</code><br><span class="chip good">Charge ID</span>' in shown
    assert "<code>备注</code><br><span" in shown
    assert "<del>0.90</del> <ins>1.20</ins>" in shown
    assert "918" in shown
    assert "not an amount" in shown


def test_samples_are_in_the_desks_time_and_words():
    values = {"charge_id": "c1", "kind": "hold", "occurred_at": "2026-03-01T16:30:00+00:00"}
    samples = {"new": [{"row": 1, "values": values, "differs": {}}]}
    record = make_import(ImportState.PREVIEW, preview={"samples": samples})

    shown = text_of(page("import", record.pk, language="zh-hans"))

    assert "2026-03-02 00:30:00" in shown
    assert "预扣" in shown


def test_the_very_same_file_is_said_to_be_known():
    before = make_import()
    record = make_import(ImportState.PREVIEW, preview={"same_file_id": before.pk})

    shown = text_of(page("import", record.pk))

    assert "This very file was taken in before" in shown
    assert reverse("charges:import", args=[before.pk]) in shown


def test_a_refused_file_says_why_and_offers_its_columns():
    record = make_import(
        ImportState.REFUSED, mapping={}, refusal="file.missing_column", refusal_detail="amount, currency"
    )

    shown = text_of(page("import", record.pk))

    assert "The desk found no column for: Amount, Currency." in shown
    assert "Read again with these columns" in shown
    assert "--mapping" not in shown


def test_columns_that_the_desk_needs_must_be_chosen():
    record = make_import(ImportState.PREVIEW)

    answer = client_of(Role.ENGINEER).post(
        reverse("charges:mapping", args=[record.pk]), {"charge_id": "流水号", "account": "账号"}
    )

    assert answer.status_code == 422
    assert "The desk needs this one: choose its column." in text_of(answer)
    assert ChargeImport.objects.get().state == ImportState.PREVIEW


def test_a_column_that_the_file_does_not_have_is_not_repeated_to_the_page():
    record = make_import(ImportState.PREVIEW)
    secret = "sk-" + "a1B2" * 12

    answer = client_of(Role.ENGINEER).post(
        reverse("charges:mapping", args=[record.pk]), {"charge_id": secret}
    )

    assert answer.status_code == 422
    assert secret not in text_of(answer)


def test_rejected_rows_come_as_a_table_that_no_spreadsheet_runs():
    record = make_import(rejected=2)
    reject(record, line=3, text="=HYPERLINK(1)")
    reject(record, line=2, column="+x", text='a "quoted", cell')

    answer = page("rejected", record.pk)
    content = b"".join(answer.streaming_content)

    assert answer["Content-Disposition"] == f'attachment; filename="rejected-rows-{record.pk}.csv"'
    assert content.startswith(b"\xef\xbb\xbfrow,line,column,code,reason,text\r\n")
    assert content.decode("utf-8-sig").splitlines()[1:] == [
        '1,2,\'+x,amount.unreadable,not an amount,"a ""quoted"", cell"',
        "2,3,金额,amount.unreadable,not an amount,'=HYPERLINK(1)",
    ]


def test_undoing_is_explained_before_it_is_done():
    record = make_import(new=2981, changed=3)

    shown = text_of(page("undo", record.pk))

    assert "2981 rows leave the ledger" in shown
    assert "3 rows that it completed are as before" in shown


def test_an_import_that_later_ones_rest_on_names_them():
    record = make_import()
    later = make_import(file_name="april.csv")
    ImportOverlap.objects.create(earlier=record, later=later)

    shown = text_of(page("undo", record.pk))

    assert "This import cannot be undone yet" in shown
    assert "april.csv" in shown
    assert "<form method" not in shown.split('<main id="main"')[1]


# --- ledgers


def test_a_ledger_shows_zone_quota_columns_and_payers():
    make_source(zone="UTC", mapping={"amount": "金额"}, probe_payers=["desk-token"])
    make_import()

    shown = text_of(page("source", "gw", role=Role.SUPPORT))

    for part in ("UTC", "500000", "<code>金额</code>", "<code>desk-token</code>", "march.csv"):
        assert part in shown
    assert reverse("charges:source_edit", args=["gw"]) not in shown


def test_a_ledger_that_is_not_there_is_not_found():
    assert page("source", "nobody").status_code == 404
    assert page("source_edit", "nobody", role=Role.ADMIN).status_code == 404


def edited(**typed):
    fields = {"name": "Gateway", "zone": "UTC", "quota_per_unit": "1000", "probe_payers": ""}
    return client_of(Role.ADMIN).post(reverse("charges:source_edit", args=["gw"]), fields | typed)


def test_an_admin_changes_a_ledger_and_the_trail_says_what():
    make_source(mapping={"amount": "金额"})

    answer = edited(probe_payers="desk-token\n\n desk-token \nother", forget_mapping="on")

    source = LedgerSource.objects.get()
    assert answer.status_code == 302
    assert (source.zone, source.quota_per_unit, source.mapping) == ("UTC", 1000, {})
    assert source.probe_payers == ["desk-token", "other"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject) == ("ledger.changed", "gw")
    assert entry.detail["quota_per_unit"] == [500000, 1000]


def test_a_key_among_the_payers_is_kept_and_told_masked():
    make_source()
    secret = "sk-" + "a1B2" * 12

    edited(probe_payers=secret)

    assert secret not in str([*LedgerSource.objects.values(), *AuditEntry.objects.values()])
    assert "#" in LedgerSource.objects.get().probe_payers[0]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"zone": "Mars/Phobos"}, "Mars/Phobos is not a time zone."),
        ({"zone": ""}, "This field is required."),
        ({"quota_per_unit": "0"}, "greater than or equal to 1"),
        ({"name": "sk-" + "a1B2" * 12}, "This contains what looks like a secret"),
        ({"probe_payers": "x" * 201}, "A payer has at most 200 characters."),
    ],
)
def test_what_is_wrong_with_a_ledgers_settings_is_said(typed, told):
    make_source()

    answer = edited(**typed)

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert "a1B2a1B2" not in text_of(answer)
    assert not AuditEntry.objects.exists()
