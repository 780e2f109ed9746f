"""The workshop's pages: a rule from its draft to a version, and what refuses it on the way."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from probes.redaction.actions import current_redactor
from probes.redaction.models import Catch, RedactionRule
from tests.triage.people.builders import client_of
from tests.triage.rules.builders import (
    CONTENT,
    FORM,
    admin,
    client_as,
    make_draft,
    make_rule,
    published,
    removal_of,
    says,
    submitted,
    tried,
)
from tests.triage.tickets.builders import make_investigation
from triage.people.audit import verify
from triage.people.models import AuditEntry
from triage.people.roles import Role
from triage.rules.actions.decide import publish_draft
from triage.rules.actions.refusals import DraftRefused
from triage.rules.content import fingerprint
from triage.rules.models import RuleDraft, RuleVersion

pytestmark = pytest.mark.django_db


def step(client: Client, draft: RuleDraft, name: str, **typed: str):
    return client.post(f"/rules/drafts/{draft.pk}/{name}/", {"seen": fingerprint(draft.content)} | typed)


def drafted(client: Client, **changes: object) -> RuleDraft:
    answer = client.post("/rules/new/", FORM | changes)
    assert answer.status_code == 302, answer.content.decode()
    return RuleDraft.objects.get()


# --- a rule's way


def test_a_rule_goes_from_draft_to_dry_run_to_a_second_admin_and_holds_at_once():
    ann, bob = client_as(admin("ann")), client_as(admin("bob"))

    draft = drafted(ann)
    assert current_redactor().redact("ACME-SECRET77").text == "ACME-SECRET77"
    step(ann, draft, "dry-run")
    step(ann, draft, "submit")
    step(bob, draft, "publish")

    assert current_redactor().redact("ACME-SECRET77").text == "[acme_token]"
    version = RuleVersion.objects.get()
    assert (version.author.username, version.approved_by.username) == ("ann", "bob")
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "rule.drafted",
        "rule.dry_run",
        "rule.submitted",
        "rule.published",
    ]
    assert verify().bad is None


def test_the_author_cannot_publish_not_even_by_a_direct_post():
    ann = admin("ann")
    draft = submitted(make_draft(ann))

    answer = step(client_as(ann), draft, "publish")

    assert answer.status_code == 403
    assert "Another admin must publish or reject it." in answer.content.decode()
    assert not RedactionRule.objects.exists()
    assert ">Publish<" not in client_as(ann).get(f"/rules/drafts/{draft.pk}/").content.decode()


def test_who_edits_a_draft_is_who_wrote_it():
    draft, bob = make_draft(admin("ann")), client_as(admin("bob"))

    answer = bob.post(f"/rules/drafts/{draft.pk}/edit/", FORM | {"pattern": "ACME-[0-9]+"})

    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.content == CONTENT


def test_nothing_is_submitted_without_a_dry_run():
    ann = admin("ann")

    answer = step(client_as(ann), make_draft(ann), "submit")

    assert answer.status_code == 409
    assert "Make a dry run first" in answer.content.decode()


def test_warnings_must_be_confirmed_before_it_is_submitted_and_stay_with_the_draft():
    make_investigation(notes="ACME-SECRET77")
    ann, bob = admin("ann"), client_as(admin("bob"))
    draft = tried(make_draft(ann))

    refused = step(client_as(ann), draft, "submit")
    step(client_as(ann), draft, "submit", confirmed="yes")

    assert refused.status_code == 409
    page = bob.get(f"/rules/drafts/{draft.pk}/").content.decode()
    assert "it would mask something in more than 5 %" in page
    assert "The author has read and confirmed them." in page


def test_an_edit_forgets_the_dry_run_and_what_was_confirmed():
    ann = admin("ann")
    draft = tried(make_draft(ann))

    client_as(ann).post(f"/rules/drafts/{draft.pk}/edit/", FORM | {"order": "7"})

    draft.refresh_from_db()
    assert (draft.dry_run, draft.content["order"]) == (None, 7)
    assert step(client_as(ann), draft, "submit").status_code == 409


def test_what_was_not_read_is_not_published():
    ann, bob = admin("ann"), client_as(admin("bob"))
    draft = submitted(make_draft(ann))
    read = fingerprint(draft.content)
    client = client_as(ann)
    step(client, draft, "reopen")
    client.post(f"/rules/drafts/{draft.pk}/edit/", FORM | {"pattern": r"\bACME-[A-Z0-9]{5,}\b"})
    draft.refresh_from_db()
    submitted(draft)

    answer = step(bob, draft, "publish", seen=read)

    assert answer.status_code == 409
    assert not RedactionRule.objects.exists()


def test_a_rejection_needs_a_reason_which_the_author_reads():
    ann, bob = admin("ann"), client_as(admin("bob"))
    draft = submitted(make_draft(ann))

    assert step(bob, draft, "reject").status_code == 409
    step(bob, draft, "reject", note="takes order numbers too, write to li@corp-x.cn")

    page = client_as(ann).get(f"/rules/drafts/{draft.pk}/").content.decode()
    assert "takes order numbers too, write to [email]" in page
    assert step(bob, draft, "publish").status_code == 409


def test_two_admins_who_publish_at_once_make_one_version():
    draft = submitted(make_draft(admin("ann")))
    bob = admin("bob")
    publish_draft(draft.pk, by=bob, seen=fingerprint(draft.content), now=timezone.now())

    with pytest.raises(DraftRefused):
        publish_draft(draft.pk, by=bob, seen=fingerprint(draft.content), now=timezone.now())

    assert RuleVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_drafts_of_one_rule_published_at_once_do_not_overwrite_one_another():
    ann, bob = admin("ann"), admin("bob")
    published(make_draft(ann), bob)
    drafts = [submitted(make_draft(ann, order=order)) for order in (1, 2)]

    def publish(draft: RuleDraft) -> str:
        try:
            publish_draft(draft.pk, by=bob, seen=fingerprint(draft.content), now=timezone.now())
        except DraftRefused as error:
            return error.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, drafts)) == ["", "moved_on"]


# --- changing, switching off, removing, going back


def test_a_change_shows_its_difference_and_a_conflict_is_told_not_overwritten():
    ann, bob = admin("ann"), admin("bob")
    published(make_draft(ann), bob)
    mine = submitted(make_draft(ann, order=7))
    published(make_draft(ann, kind="acme_key"), bob)

    answer = step(client_as(bob), mine, "publish")

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Nothing was overwritten" in page
    assert "<del>acme_key</del>" in page
    assert "<ins>acme_token</ins>" in page
    assert says("acme-token")["kind"] == "acme_key"


def test_a_draft_can_take_the_present_rule_as_its_base():
    ann, bob = admin("ann"), admin("bob")
    published(make_draft(ann), bob)
    mine = make_draft(ann, order=7)
    published(make_draft(ann, order=8), bob)

    step(client_as(ann), mine, "rebase")

    mine.refresh_from_db()
    published(mine, bob)
    assert says("acme-token")["order"] == 7


def test_removing_is_a_draft_too_and_needs_its_warning_confirmed():
    ann, bob = admin("ann"), admin("bob")
    published(make_draft(ann), bob)
    client = client_as(ann)

    client.post("/rules/rule/acme-token/remove/")

    assert RedactionRule.objects.exists()
    draft = RuleDraft.objects.first()
    step(client, draft, "dry-run")
    assert step(client, draft, "submit").status_code == 409
    step(client, draft, "submit", confirmed="yes")
    step(client_as(bob), draft, "publish")
    assert not RedactionRule.objects.exists()
    assert current_redactor().redact("ACME-SECRET77").text == "ACME-SECRET77"


def test_switching_off_is_a_draft_too():
    ann, bob = admin("ann"), admin("bob")
    published(make_draft(ann), bob)

    client_as(ann).post("/rules/rule/acme-token/switch/")

    assert says("acme-token")["enabled"]
    published(RuleDraft.objects.first(), bob)
    assert not says("acme-token")["enabled"]


def test_going_back_is_a_new_draft_with_the_older_content():
    ann, bob = admin("ann"), admin("bob")
    first = published(make_draft(ann), bob)
    published(make_draft(ann, kind="acme_key"), bob)

    client_as(ann).post(f"/rules/versions/{first.number}/restore/")

    draft = RuleDraft.objects.first()
    assert (draft.state, draft.content["kind"]) == ("draft", "acme_token")
    third = published(draft, bob)
    assert third.number > first.number
    assert says("acme-token")["kind"] == "acme_token"


def test_a_rule_removed_and_written_anew_is_another_one():
    ann, bob = admin("ann"), admin("bob")
    published(make_draft(ann), bob)
    old = submitted(make_draft(ann, order=3))
    published(removal_of(RedactionRule.objects.get(), ann), bob)
    published(make_draft(ann), bob)

    assert step(client_as(bob), old, "publish").status_code == 409


# --- the form


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pattern": "(?<=ACME-)[A-Z]+"}, "RE2 has no look-around"),
        ({"pattern": "ACME-(abc"}, "at character 6: missing )"),
        ({"pattern": "ACME-[A-Z]{5000}"}, "at character 11: invalid repetition size"),
        ({"pattern": "A*"}, "matches an empty text"),
        ({"pattern": "ACME-\0[A-Z]+"}, "Null characters are not allowed"),
        ({"pattern": "A" * 1001}, "at most 1000 characters"),
        ({"positive_samples": "ACME-TEST01\nACME-1"}, "Line 2 is not masked by the pattern."),
        ({"negative_samples": "x\nACME-TEST01"}, "Line 2 is masked by the pattern."),
        ({"positive_samples": ""}, "This field is required"),
        ({"rule_name": "Acme Token"}, "letters"),
        ({"rule_name": "jwt"}, "A rule of this name exists"),
        ({"only_in": ["nowhere"]}, "nowhere"),
    ],
)
def test_what_is_wrong_with_a_draft_is_said(changes, words):
    answer = client_of(Role.ADMIN).post("/rules/new/", FORM | changes)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not RuleDraft.objects.exists()


def test_invalid_utf8_is_taken_for_what_it_can_be():
    body = "&".join(f"{name}={value}" for name, value in FORM.items()).encode() + b"\xff\xed\xa0\x80"

    answer = client_of(Role.ADMIN).post(
        "/rules/new/", body, content_type="application/x-www-form-urlencoded; charset=utf-8"
    )

    assert answer.status_code in (302, 422)


def test_a_real_key_among_the_samples_is_refused_and_not_sent_back():
    secret = "sk-proj-" + "a1B2c3D4" * 6

    answer = client_of(Role.ADMIN).post(
        "/rules/new/", FORM | {"positive_samples": f"ACME-TEST01\n{secret}", "note": secret}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2 held what looks like a real secret (key (openai project key))" in page
    assert "&lt;an24&gt; in its place stands for 24 made-up letters and digits" in page
    assert "have it revoked" in page
    assert secret not in page


def sent_back(**typed: str) -> dict[str, str]:
    """What the fields of a refused form hold."""
    answer = client_of(Role.ADMIN).post("/rules/new/", FORM | typed)
    assert answer.status_code == 422
    return {name: str(answer.context["form"][name].value()) for name in FORM}


def test_a_secret_among_the_samples_becomes_a_slot_and_everything_else_stays_as_typed():
    secret = "sk-proj-" + "a1B2c3D4" * 6
    typed = {
        "pattern": r"token = (?P<secret>ACME-[A-Z0-9]{6,})\b",
        "positive_samples": f"token = ACME-TEST01\nfrom {secret} today\ntoken = ACME-AAAA1111",
        "negative_samples": "mail lin@shop.example\nkept",
        "note": "for the gateway",
    }

    back = sent_back(**typed)

    assert back["positive_samples"] == (
        "token = ACME-TEST01\nfrom sk-proj-<an48> today\ntoken = ACME-AAAA1111"
    )
    assert back["negative_samples"] == "mail [email]\nkept"
    assert {name: back[name] for name in ("pattern", "note", "rule_name", "kind")} == {
        **{name: typed[name] for name in ("pattern", "note")},
        **{name: FORM[name] for name in ("rule_name", "kind")},
    }


def test_the_form_that_came_back_can_be_saved_as_it_is():
    secret = "sk-" + "a1B2c3D4" * 6
    typed = {
        "pattern": r"sk-[A-Za-z0-9]{40,}",
        "positive_samples": f"from {secret} today",
        "negative_samples": "sk",
    }

    again = {name: text for name, text in sent_back(**typed).items() if name in typed}
    answer = client_as(admin("ann")).post("/rules/new/", FORM | again)

    assert answer.status_code == 302
    assert "<an" in RuleDraft.objects.get().content["positive_samples"]


def test_a_pattern_that_only_speaks_of_secrets_is_not_masked_away():
    pattern = r"password=(?P<secret>[a-z]{20})("

    assert sent_back(pattern=pattern)["pattern"] == pattern


def test_the_made_up_value_of_a_named_credential_may_be_a_sample():
    drafted(client_of(Role.ADMIN), positive_samples="acme_token = ACME-TEST01\nACME-<AN24>")


def test_the_reason_is_masked_before_it_is_stored():
    draft = drafted(client_of(Role.ADMIN), note="li@corp-x.cn asked for it")

    assert draft.note == "[email] asked for it"


def test_a_pattern_is_checked_while_it_is_typed():
    page = client_of(Role.ADMIN).post("/rules/pattern/", {"pattern": "ACME-(?=x)"}).content.decode()

    assert '<pre>ACME-<mark class="bad">(?=</mark>x)</pre>' in page


# --- the bench


def test_the_bench_shows_matches_under_a_draft_and_nothing_of_the_text(caplog):
    ann = admin("ann")
    draft = make_draft(ann)
    secret = "sk-proj-" + "a1B2c3D4" * 6
    caplog.set_level(logging.DEBUG)

    answer = client_as(ann).post(
        "/rules/bench/", {"draft": draft.pk, "text": f"ACME-SECRET77 and {secret} <b>"}
    )

    page = answer.content.decode()
    assert '<mark class="mine" title="acme-token">[acme_token]</mark>' in page
    assert "openai_project_key" in page
    assert "&lt;b&gt;" in page
    for hidden in ("ACME-SECRET77", secret):
        assert hidden not in page
        assert hidden not in caplog.text
    assert set(Catch.objects.values_list("channel", flat=True)) == {"workshop"}


def test_a_rule_kept_to_a_field_holds_on_the_bench():
    ann = admin("ann")
    draft = make_draft(ann, only_in=["notes"])

    page = client_as(ann).post("/rules/bench/", {"draft": draft.pk, "text": "ACME-SECRET77"}).content.decode()

    assert "ACME-SECRET77" not in page


@pytest.mark.parametrize("text", ["", "a\0b\ufffe", "x" * 100_001, "\u202eACME"])
def test_the_bench_takes_any_text(text):
    assert client_of(Role.ADMIN).post("/rules/bench/", {"text": text}).status_code == 200


def test_no_bench_for_a_draft_that_is_not_there():
    client = client_of(Role.ADMIN)

    assert client.post("/rules/bench/", {"draft": "99", "text": "x"}).status_code == 404
    assert client.post("/rules/bench/", {"draft": "9" * 40, "text": "x"}).status_code == 200


# --- lists


def test_the_list_shows_drafts_own_rules_and_hits_of_seven_days():
    ann = admin("ann")
    make_rule("other-token", order=3)
    make_draft(ann)
    Catch.objects.create(
        day=timezone.now().date(), channel="form", field="notes", kind="k", rule="other-token", count=41
    )

    page = client_as(ann).get("/rules/").content.decode()

    assert 'href="/rules/rule/other-token/"' in page
    assert ">41<" in page
    assert f'href="/rules/drafts/{RuleDraft.objects.get().pk}/"' in page


def test_built_in_rules_can_be_searched_and_read_but_not_changed():
    client = client_of(Role.ADMIN)

    page = client.get("/rules/?show=builtin&q=openai project").content.decode()

    assert "openai_project_key" in page
    assert "groq_key" not in page
    assert "sk-proj-&lt;an48&gt;" in client.get("/rules/builtin/openai_project_key/").content.decode()
    assert client.post("/rules/rule/openai_project_key/remove/").status_code == 404


def test_ten_thousand_rules_are_listed_page_by_page():
    RedactionRule.objects.bulk_create(
        [RedactionRule(name=f"rule-{n}", **CONTENT | {"order": n % 9000}) for n in range(10_000)]
    )

    answer = client_of(Role.ADMIN).get("/rules/?page=200")

    assert "Page 200 of 200" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/rules/rule/none/", "/rules/builtin/none/", "/rules/drafts/9/", "/rules/versions/9/"],
)
def test_what_is_not_there_is_not_found(address):
    assert client_of(Role.ADMIN).get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ENGINEER])
@pytest.mark.parametrize("address", ["/rules/", "/rules/new/", "/rules/bench/", "/rules/trail/"])
def test_others_are_refused_and_do_not_see_the_link(role, address):
    client = client_of(role)

    assert client.get(address).status_code == 403
    assert 'href="/rules/"' not in client.get("/").content.decode()


def test_the_trail_is_listed_and_checked():
    ann = admin("ann")
    draft = make_draft(ann)
    client = client_as(ann)

    assert f"draft {draft.pk}" in client.get("/rules/trail/").content.decode()
    assert "All 1 entries fit together." in client.post("/rules/trail/").content.decode()

    AuditEntry.objects.update(subject="something-else")
    assert "does not fit" in client.post("/rules/trail/").content.decode()


def test_every_page_speaks_chinese():
    ann, bob = admin("ann"), admin("bob")
    version = published(make_draft(ann, only_in=["notes"]), bob)
    client = client_as(ann, language="zh-hans")

    page = client.get("/rules/rule/acme-token/").content.decode()

    assert "备注" in page
    for address in ("/rules/", "/rules/versions/", f"/rules/versions/{version.number}/", "/rules/trail/"):
        assert client.get(address).status_code == 200
