"""Django's permissions, answered from the desk's roles: an admin may do everything in Django's admin."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Model

from triage.people.access import role_of
from triage.people.roles import Role


class RoleBackend(ModelBackend):
    def has_perm(
        self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Model | None = None
    ) -> bool:
        return role_of(user_obj) is Role.ADMIN

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        return role_of(user_obj) is Role.ADMIN

    def get_user(self, user_id: Any) -> User | None:
        """The signed-in person with their member row, which every page asks for; None once disabled."""
        user = User.objects.select_related("member").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
