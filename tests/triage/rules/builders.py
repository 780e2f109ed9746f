"""Rules, drafts and admins for tests: one line each."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from probes.redaction.models import RedactionRule
from tests.triage.people.builders import make_person
from triage.people.roles import Role
from triage.rules.actions.decide import publish_draft
from triage.rules.actions.write_draft import begin_draft, submit_draft, try_draft
from triage.rules.content import content_of, fingerprint
from triage.rules.models import RuleDraft, RuleVersion

CONTENT: dict[str, Any] = {
    "kind": "acme_token",
    "pattern": r"\bACME-[A-Z0-9]{6,}\b",
    "shown": "label",
    "only_in": [],
    "order": 100,
    "enabled": True,
    "positive_samples": "ACME-TEST01\nfrom ACME-AAAA1111 today",
    "negative_samples": "ACME-12\nACME is a company",
}
FORM = {**CONTENT, "enabled": "on", "rule_name": "acme-token", "note": "tokens of our own gateway"}


def admin(name: str) -> User:
    return make_person(Role.ADMIN, name=name)


def client_as(user: User, *, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def make_rule(name: str = "acme-token", **changes: Any) -> RedactionRule:
    return RedactionRule.objects.create(name=name, **CONTENT | changes)


def make_draft(author: User, name: str = "acme-token", **changes: Any) -> RuleDraft:
    return begin_draft(name, CONTENT | changes, author=author, now=timezone.now())


def removal_of(rule: RedactionRule, author: User) -> RuleDraft:
    return begin_draft(rule.name, None, author=author, now=timezone.now())


def tried(draft: RuleDraft, *, seconds: float = 0.0) -> RuleDraft:
    try_draft(draft.pk, actor=author_of(draft), now=timezone.now(), clock=lambda: seconds)
    draft.refresh_from_db()
    return draft


def submitted(draft: RuleDraft) -> RuleDraft:
    submit_draft(tried(draft).pk, author=author_of(draft), now=timezone.now(), confirmed=True)
    draft.refresh_from_db()
    return draft


def published(draft: RuleDraft, by: User) -> RuleVersion:
    seen = fingerprint(draft.content)
    return publish_draft(submitted(draft).pk, by=by, seen=seen, now=timezone.now())


def author_of(draft: RuleDraft) -> User:
    assert draft.author is not None
    return draft.author


def says(name: str) -> dict[str, Any]:
    """What the rule in force says."""
    return content_of(RedactionRule.objects.get(name=name))
