"""What is done with people: the first admin without a browser, and the last one who must stay."""

from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from triage.people.audit import record
from triage.people.models import Member
from triage.people.roles import Role


def active_admins() -> QuerySet[User]:
    """Everybody who can change roles now; a superuser counts, as everywhere in the desk."""
    return User.objects.filter(Q(member__role=Role.ADMIN) | Q(is_superuser=True), is_active=True)


def is_last_admin(user: User) -> bool:
    """Whether nobody could change roles any more if this person, as stored, no longer could."""
    admins = set(active_admins().values_list("pk", flat=True))
    return admins == {user.pk}


def refuse_last_admin(user: User) -> None:
    """Raises ValidationError when `user` is the last active admin. Needs a transaction.

    Two admins who step down at the same moment take turns, so that the second one is refused.
    """
    list(active_admins().select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if is_last_admin(user):
        raise ValidationError(
            _("This is the last active admin. Give somebody else the role Admin first."), code="last_admin"
        )


def add_person(*, name: str, role: Role, password: str, door: str, now: datetime) -> User:
    """A new account with its role, and an entry of the trail that names the `door` it came in by.

    Raises ValidationError for a name or password that is not fit.
    """
    user = User(username=name)
    user.set_password(password)
    user.full_clean()
    validate_password(password, user)
    with transaction.atomic():
        user.save()
        Member.objects.create(user=user, role=role)
        record(
            "person.added", actor=None, subject=f"user {user.pk}", at=now, detail={"role": role, "door": door}
        )
    return user
