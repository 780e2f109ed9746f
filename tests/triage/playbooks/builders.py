"""Revisions and the people who write and approve them: one line each."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.triage.people.builders import make_person
from triage.people.roles import Role
from triage.playbooks.actions.decide import approve_draft
from triage.playbooks.actions.write_draft import write_draft
from triage.playbooks.standing import Playbook, standing_of
from triage.verdicts.models import PlaybookRevision
from triage.verdicts.playbooks import Words

CUT = "stream.cut"
REPLY = "Hello, the connection broke. Please look into your usage records. Task {task_id} was looked up."


def later(days: int = 90) -> date:
    return timezone.localdate() + timedelta(days=days)


def engineer(name: str = "eve") -> User:
    return make_person(Role.ENGINEER, name=name)


def admin(name: str = "bob") -> User:
    return make_person(Role.ADMIN, name=name)


def client_as(user: User, *, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def words_with(code: str = CUT, **english: str) -> dict[str, Words]:
    """The words in force, the English ones changed."""
    now = standing_of(code).words
    return {"zh": now["zh"], "en": replace(now["en"], **english)}


def drafted(author: User, code: str = CUT, *, words: Playbook | None = None, **said: Any) -> PlaybookRevision:
    given = {"reason": "clearer", "source": "T-000012", "recheck_on": later(), "now": timezone.now()}
    seen = {"seen": standing_of(code).token}
    return write_draft(code, words or words_with(code, reply=REPLY), author=author, **given | seen | said)


def approved(author: User, by: User, code: str = CUT, **said: Any) -> PlaybookRevision:
    drafted(author, code, **said)
    return approve_draft(
        code, by=by, seen=standing_of(code).token, recheck_on=later(), now=said.get("now", timezone.now())
    )


def form_of(code: str = CUT, **changes: Any) -> dict[str, Any]:
    """The edit form as a browser sends it, with what is changed."""
    words = standing_of(code).words
    texts = {
        f"{language}_{name}": getattr(words[language], name)
        for language in ("zh", "en")
        for name in Words.__dataclass_fields__
    }
    rest = {"reason": "clearer", "source": "T-000012", "recheck_on": later().isoformat()}
    return texts | rest | {"seen": standing_of(code).token} | changes
