"""The door of every page: `@requires(role)` decides who comes in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from triage.people.roles import Role

View = Callable[..., HttpResponseBase]


class RoleNeeded(PermissionDenied):
    """Somebody is signed in, but their role does not reach; `needed` is the lowest that would."""

    def __init__(self, needed: Role) -> None:
        super().__init__(f"needs role {needed}")
        self.needed = needed


def role_of(user: AbstractBaseUser | AnonymousUser) -> Role | None:
    """The person's role; None for anonymous, disabled and not yet admitted people."""
    if not user.is_authenticated or not user.is_active:
        return None
    if getattr(user, "is_superuser", False):
        return Role.ADMIN
    member = getattr(user, "member", None)  # a missing row reads as None: its error is an AttributeError
    return Role(member.role) if member else None


def requires(role: Role) -> Callable[[View], View]:
    """Admit `role` and every higher one; others meet the sign-in or a 403 that says who can help."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            held = role_of(request.user)
            if held is None or not held.covers(role):
                raise RoleNeeded(role)
            return view(request, *args, **kwargs)

        guarded.required_role = role  # type: ignore[attr-defined]
        return guarded

    return mark
