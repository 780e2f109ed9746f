"""What a person chose for every page: language and theme, kept in the browser and with the person."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from triage.people.models import Member, Theme

YEAR_S = 365 * 24 * 3600


def keep_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """A language that the desk does not speak changes nothing."""
    if language in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
        _keep(request, language=language)


def keep_theme(request: HttpRequest, response: HttpResponse, theme: str) -> None:
    if theme in Theme.values:
        _remember(response, "theme", theme)
        _keep(request, theme=theme)


def recall(response: HttpResponse, user_id: int) -> None:
    """Bring what the person once chose into the browser in which they sign in."""
    if member := Member.objects.filter(user_id=user_id).first():
        _remember(response, settings.LANGUAGE_COOKIE_NAME, member.language)
        _remember(response, "theme", member.theme)


def _remember(response: HttpResponse, cookie: str, value: str) -> None:
    if value:
        response.set_cookie(
            cookie,
            value,
            max_age=YEAR_S,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _keep(request: HttpRequest, **choice: str) -> None:
    if request.user.is_authenticated:
        Member.objects.filter(user_id=request.user.pk).update(**choice)
