"""Sign-in and sign-out, and the two choices a person makes on any page: language and theme."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from triage.people.choices import keep_language, keep_theme, recall
from triage.people.forms import SignInForm


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "next": _next(request)}
        return render(request, "people/sign_in.html", context, status=422 if form.is_bound else 200)
    user = form.get_user()
    login(request, user)
    response = redirect(_next(request))
    recall(response, user.pk)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("people:sign_in")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps the page; the choice is kept with the person, or in the browser before the sign-in."""
    response = redirect(_next(request))
    keep_language(request, response, request.POST.get("language", ""))
    return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    response = redirect(_next(request))
    keep_theme(request, response, request.POST.get("theme", ""))
    return response


def _next(request: HttpRequest) -> str:
    """Where the person was going, if it is a page of this desk."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # `redirect` takes a bare word for the name of a view, and breaks when there is none.
    return target if is_ours and target.startswith("/") else "/"
