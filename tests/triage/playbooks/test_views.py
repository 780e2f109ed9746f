"""The pages of playbooks: who may do what, a draft's way into force, and what stops it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter

from tests.triage.people.builders import client_of
from tests.triage.playbooks.builders import (
    CUT,
    REPLY,
    admin,
    approved,
    client_as,
    drafted,
    engineer,
    form_of,
    later,
    words_with,
)
from tests.triage.tickets.builders import conclude, make_investigation
from triage.people.audit import verify
from triage.people.models import AuditEntry
from triage.people.roles import Role
from triage.playbooks.actions.refusals import RevisionRefused
from triage.playbooks.listing import entries, of_kind
from triage.playbooks.standing import standing_of
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force
from triage.verdicts.models import PlaybookRevision
from triage.verdicts.playbooks import shipped_origins, shipped_playbooks

pytestmark = pytest.mark.django_db
EDIT = f"/playbooks/{CUT}/edit/"


def english(code: str = CUT):
    return playbooks_in_force()[code]["en"]


def decide(user, step: str, **typed: str):
    given = {"seen": standing_of(CUT).token, "recheck_on": later().isoformat(), "reason": "because"}
    return client_as(user).post(f"/playbooks/{CUT}/{step}/", given | typed)


# --- who may enter


@pytest.mark.parametrize(
    ("role", "read", "write", "approve"),
    [
        (Role.SUPPORT, 200, 403, 403),
        (Role.ENGINEER, 200, 200, 403),
        (Role.ADMIN, 200, 200, 409),
    ],
)
def test_each_role_may_do_what_the_table_says(role, read, write, approve):
    client = client_of(role)

    for address in ("/playbooks/", f"/playbooks/{CUT}/", f"/playbooks/{CUT}/0/"):
        assert client.get(address).status_code == read
    assert client.get(EDIT).status_code == write
    assert client.post(f"/playbooks/{CUT}/draft/approve/").status_code == approve


@pytest.mark.parametrize("address", ["no.such/", f"{CUT}/7/", "no.such/edit/", "no.such/0/"])
def test_what_is_not_there_is_said_to_be_missing(address):
    assert client_of(Role.ADMIN).get(f"/playbooks/{address}").status_code == 404


# --- the list


def test_the_list_counts_what_is_overdue_changed_and_drafted():
    eve, bob = engineer(), admin()
    approved(eve, bob)
    drafted(eve, "stream.stalled", words=words_with("stream.stalled", title="It hangs"))
    before = client_as(eve).get("/playbooks/?show=overdue").content.decode()
    PlaybookRevision.objects.filter(code=CUT).update(recheck_on=later(-1))

    overdue = client_as(eve).get("/playbooks/?show=overdue").content.decode()
    shown = of_kind(entries("en", today=timezone.localdate()), "overdue")

    assert "Changed from shipped (1)" in overdue
    assert "Drafts (1)" in overdue
    assert f"Overdue ({len(shown)})" in overdue
    assert "stream.cut" not in before
    assert "stream.cut" in overdue
    assert re.search(r"</svg>\s*overdue</span>", overdue)


def test_shipped_words_fall_overdue_as_well():
    far = max(origin.recheck for origin in shipped_origins().values()) + timedelta(days=1)

    assert all(entry.is_overdue for entry in entries("en", today=far))
    assert not any(entry.is_overdue for entry in entries("en", today=date(2026, 12, 1)))


def test_the_list_is_searched_in_both_languages():
    client = client_of(Role.SUPPORT)

    for search in ("切断", "cut transit", "stream.cut"):
        assert 'href="/playbooks/stream.cut/"' in client.get("/playbooks/", {"q": search}).content.decode()
    assert "No playbook fits" in client.get("/playbooks/?q=zzz\0").content.decode()


def test_the_list_costs_few_queries(django_assert_max_num_queries):
    client = client_of(Role.SUPPORT)
    client.get("/playbooks/")

    with django_assert_max_num_queries(6):
        client.get("/playbooks/")


# --- a draft's way


def test_a_draft_is_previewed_approved_by_another_and_holds_at_once_until_it_is_withdrawn():
    eve, bob = engineer(), admin()
    conclude(make_investigation(concluded=False), code=CUT, params={"task_id": "task_9f31"})

    answer = client_as(eve).post(EDIT, form_of(en_reply=REPLY))
    page = client_as(bob).get(answer["Location"]).content.decode()

    assert answer["Location"] == f"/playbooks/{CUT}/1/"
    assert "Of the last 1 verdicts of this class, 1 would read differently." in page
    assert "task_9f31" in page
    assert english() == shipped_playbooks()[CUT]["en"]

    assert decide(bob, "draft/approve").status_code == 302
    assert english().reply == REPLY

    assert decide(bob, "withdraw").status_code == 302
    assert english() == shipped_playbooks()[CUT]["en"]
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "playbook.drafted",
        "playbook.approved",
        "playbook.withdrawn",
    ]
    assert verify().bad is None


def test_the_preview_shows_what_falls_away():
    drafted(engineer())
    conclude(make_investigation(concluded=False), code=CUT)

    page = client_of(Role.ADMIN).get(f"/playbooks/{CUT}/1/").content.decode()

    assert "Left out, since a value is missing:" in page
    assert '<span class="gone">Task {task_id} was looked up.</span>' in page


def test_alike_verdicts_stand_together_in_the_preview():
    drafted(engineer())
    for _ in range(3):
        conclude(make_investigation(concluded=False), code=CUT)

    page = client_of(Role.ADMIN).get(f"/playbooks/{CUT}/1/").content.decode()

    assert "3 verdicts" in page


def test_nobody_approves_what_they_wrote_not_even_by_a_direct_post():
    bob = admin()
    drafted(bob)

    answer = decide(bob, "draft/approve")

    assert answer.status_code == 409
    assert "Another admin must approve them." in answer.content.decode()
    assert english() == shipped_playbooks()[CUT]["en"]


def test_what_was_edited_since_it_was_read_is_not_approved():
    eve, bob = engineer(), admin()
    drafted(eve)
    seen = standing_of(CUT).token
    drafted(eve, words=words_with(reply=f"{REPLY} Thank you."))

    answer = decide(bob, "draft/approve", seen=seen)

    assert answer.status_code == 409
    assert "Somebody else has changed this playbook" in answer.content.decode()


@pytest.mark.parametrize("recheck_on", ["", "soon", "2026-02-30", "2020-01-01", "2999-01-01"])
def test_an_approval_needs_a_sensible_date(recheck_on):
    drafted(engineer())

    answer = decide(admin(), "draft/approve", recheck_on=recheck_on)

    assert answer.status_code == 409
    assert "within two years" in answer.content.decode()


def test_a_draft_sent_back_keeps_its_words_and_says_why():
    eve, bob = engineer(), admin()
    drafted(eve)

    assert decide(bob, "draft/give-up", reason="").status_code == 409
    assert decide(bob, "draft/give-up", reason="too long").status_code == 302

    history = client_as(eve).get(f"/playbooks/{CUT}/").content.decode()
    again = client_as(eve).get(f"{EDIT}?from=1").content.decode()
    assert "bob: too long" in history
    assert "the connection broke. Please look into" in again


def test_another_engineer_may_not_give_up_a_draft():
    drafted(engineer())

    answer = decide(engineer("una"), "draft/give-up")

    assert answer.status_code == 409
    assert PlaybookRevision.objects.get().state == PlaybookRevision.State.DRAFT


# --- still right


def test_a_confirmation_is_a_revision_with_the_same_words_and_a_later_date():
    bob = admin()

    answer = decide(bob, "confirm", reason="read the vendor's page again", recheck_on=later(200).isoformat())

    row = PlaybookRevision.objects.get()
    assert answer.status_code == 302
    assert (row.state, row.recheck_on, row.approved_by) == ("published", later(200), bob)
    assert english() == shipped_playbooks()[CUT]["en"]
    assert not standing_of(CUT).is_changed
    assert standing_of(CUT).source == row.source != ""


def test_an_author_does_not_confirm_their_own_words():
    ann, bob = admin("ann"), admin()
    approved(ann, bob)

    assert decide(ann, "confirm").status_code == 409
    assert decide(bob, "confirm").status_code == 302
    assert PlaybookRevision.objects.get(number=2).written_by == ann


# --- bad input


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("en_reply", "", "both languages must be complete"),
        ("zh_do_not", " ", "both languages must be complete"),
        ("en_reply", "Hello {nobody}. Thanks.", "{nobody} is not a parameter"),
        ("en_reply", "Hello, please try it again.", "Sending this class again is dangerous"),
        ("en_reply", "Hello, the channel was cut.", "it holds something internal"),
        ("en_reply", "Hello, please send us your API key.", "seems to ask for a key"),
        ("en_happened", "word " * 130, "the most is 119"),
        ("en_engineer", "half \0 character", "cannot be stored"),
        ("reason", "", "This field is required"),
        ("recheck_on", "2020-01-01", "within two years"),
    ],
)
def test_the_form_says_at_the_field_what_is_wrong(name, text, says):
    page = client_as(engineer()).post(EDIT, form_of(**{name: text}))
    told = page.content.decode().replace("&#x27;", "'")

    assert page.status_code == 422
    assert says in told
    assert f'href="#id_{name}"' in told
    assert PlaybookRevision.objects.count() == 0


def test_all_faults_of_a_form_are_told_at_once_beside_their_fields_and_on_top():
    asks = "Hello {nope} and {nobody}, please send us your API key. Then look at www.example.com."

    page = client_as(engineer()).post(EDIT, form_of(en_reply=asks, zh_reply="", en_title="标题", source=""))
    told = page.content.decode()
    summary, form = told.split('id="error-summary"')[1].split('id="draft-form"')

    faults = {
        "en_reply": [
            *("{nope} is not a parameter", "{nobody} is not a parameter"),
            *("it holds something internal: “www.”", "seems to ask for a key"),
        ],
        "zh_reply": ["both languages must be complete"],
        "en_title": ["not in the language of its column"],
        "source": ["This field is required"],
    }
    for name, said in faults.items():
        beside = form.split(f'id="id_{name}_error"')[1].split("</div>")[0]
        for fault in said:
            assert fault in beside
            assert re.search(rf'href="#id_{name}">[^<]*{re.escape(fault)}', summary)


def test_a_text_that_held_a_secret_is_told_its_other_faults_without_it():
    key = "sk-" + "a1B2" * 12

    page = client_as(engineer()).post(
        EDIT, form_of(en_reply=f"Hello {{nope}}. Please send us your API key {key}.")
    )

    assert "It is masked now" in page.content.decode()
    assert "{nope} is not a parameter" in page.content.decode()
    assert "seems to ask for a key" in page.content.decode()
    assert key not in page.content.decode()


def test_a_pasted_secret_is_masked_before_anything_is_stored_or_sent_back():
    key = "sk-" + "a1B2" * 12
    eve = client_as(engineer())

    page = eve.post(EDIT, form_of(en_engineer=f"Seen with {key} in the log.", reason=f"because of {key}"))

    assert page.status_code == 422
    assert key not in page.content.decode()
    assert "It is masked now" in page.content.decode()
    assert PlaybookRevision.objects.count() == 0


def test_a_field_that_is_refused_for_something_else_is_masked_as_well():
    key = "sk-" + "a1B2" * 12

    page = client_as(engineer()).post(EDIT, form_of(reason=f"because of {key} " + "x" * 1000))

    assert page.status_code == 422
    assert key not in page.content.decode()


@pytest.mark.parametrize("reason", ["seen with {key}", "word " * 198 + "{key}"])
def test_a_refused_decision_shows_its_reason_masked(reason):
    key = "sk-" + "a1B2" * 12
    token = standing_of(CUT).token
    drafted(engineer())

    page = client_as(admin()).post(
        f"/playbooks/{CUT}/confirm/",
        {"reason": reason.format(key=key), "seen": token, "recheck_on": later().isoformat()},
    )

    assert page.status_code == 409
    assert reason[:10] in page.content.decode()
    assert key[:9] not in page.content.decode()


@pytest.mark.parametrize("step", ["withdraw", "confirm", "draft/approve", "draft/give-up"])
def test_what_is_typed_for_a_decision_is_kept_out_of_reports_of_errors(step):
    asked = decide(admin(), step).wsgi_request

    shown = SafeExceptionReporterFilter().get_post_parameters(asked)

    assert set(shown.values()) == {SafeExceptionReporterFilter.cleansed_substitute}


def test_reasons_of_decisions_are_masked():
    key = "sk-" + "a1B2" * 12

    decide(admin(), "confirm", reason=f"seen with {key}")

    assert key not in str([*PlaybookRevision.objects.values(), *AuditEntry.objects.values()])


def test_another_language_or_theme_keeps_what_was_typed():
    key = "sk-" + "a1B2" * 12
    typed = form_of(en_title="Half a title", reason=f"seen with {key}", zh_reply="")
    eve = client_as(engineer())

    page = eve.post(EDIT, typed | {"redraw_in": "zh-hans"})
    themed = eve.post(EDIT, typed | {"redraw_theme": "dark"}).content.decode()

    assert page.status_code == 200
    assert 'value="Half a title"' in page.content.decode()
    assert 'lang="zh-Hans"' in page.content.decode()
    assert key not in page.content.decode()
    assert 'data-theme="dark"' in themed
    assert PlaybookRevision.objects.count() == 0


@pytest.mark.parametrize("step", ["withdraw", "confirm", "draft/approve", "draft/give-up"])
def test_the_address_of_a_decision_opened_by_hand_leads_back_to_the_playbook(step):
    opened = client_as(admin()).get(f"/playbooks/{CUT}/{step}/")

    assert (opened.status_code, opened["Location"]) == (302, f"/playbooks/{CUT}/")


# --- two people at once


def test_the_later_of_two_is_told_and_nothing_is_lost():
    eve, una = engineer(), engineer("una")
    first, second = form_of(en_title="Cut by Eve"), form_of(en_title="Cut by Una")

    client_as(eve).post(EDIT, first)
    refused = client_as(una).post(EDIT, second)
    page = refused.content.decode()

    assert refused.status_code == 409
    assert "Now there is revision 1 by eve." in page
    assert 'value="Cut by Una"' in page
    assert "<del>Eve</del>" in page

    taken = client_as(una).post(EDIT, second | {"seen": standing_of(CUT).token})
    assert taken.status_code == 302
    rows = PlaybookRevision.objects.order_by("number")
    assert [(row.number, row.en["title"], row.state) for row in rows] == [
        (1, "Cut by Eve", "withdrawn"),
        (2, "Cut by Una", "draft"),
    ]


def test_whoever_goes_on_with_anothers_draft_becomes_its_author():
    eve, bob = engineer(), admin()
    drafted(eve)

    begun = client_as(bob).get(EDIT).content.decode()
    client_as(bob).post(EDIT, form_of(en_reply=REPLY))

    assert "You begin with revision 1, the draft of eve." in begun
    assert decide(bob, "draft/approve").status_code == 409


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_counts():
    eve, people = engineer(), [admin("ann"), admin("bob")]
    drafted(eve)
    seen = standing_of(CUT).token

    def approve(user) -> int:
        try:
            return decide(user, "draft/approve", seen=seen).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, people)) == [302, 409]
    assert PlaybookRevision.objects.published().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_drafts_at_once_one_is_kept():
    people, seen = [engineer("eve"), engineer("una")], standing_of(CUT).token

    def write(user) -> str:
        try:
            drafted(user, seen=seen)
        except RevisionRefused as refused:
            return refused.code
        finally:
            connection.close()
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(write, people)) == ["kept", "moved_on"]


# --- history


def test_any_two_revisions_are_compared():
    eve, bob = engineer(), admin()
    approved(eve, bob, words=words_with(title="First"))
    approved(eve, bob, words=words_with(title="Second"))
    client = client_of(Role.SUPPORT)

    earlier = client.get(f"/playbooks/{CUT}/2/").content.decode()
    shipped = client.get(f"/playbooks/{CUT}/2/?with=0").content.decode()
    odd = client.get(f"/playbooks/{CUT}/2/?with=99")

    assert "<del>First</del>" in earlier
    assert "<del>First</del>" not in shipped
    assert "<ins>Second</ins>" in shipped
    assert odd.status_code == 200


def test_an_overdue_playbook_is_flagged_by_a_word():
    eve, bob = engineer(), admin()
    row = approved(eve, bob)
    PlaybookRevision.objects.filter(pk=row.pk).update(recheck_on=timezone.localdate() - timedelta(days=1))

    page = client_as(eve).get(f"/playbooks/{CUT}/").content.decode()

    assert "Overdue: these words should have been checked again by" in page


@pytest.mark.parametrize("code", ["inconclusive", "inconclusive.held_back", "charge.duplicate", "limit.ip"])
def test_every_kind_of_class_can_be_drafted_and_previewed(code):
    drafted(engineer(), code, words=words_with(code, title="Another title"))

    page = client_of(Role.ADMIN, language="zh-hans").get(f"/playbooks/{code}/1/")

    assert page.status_code == 200
    assert "Another title" in page.content.decode() or "<ins>Another" in page.content.decode()
