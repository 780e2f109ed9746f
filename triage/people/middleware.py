"""What people bring to every request: a fragment of a signed-out page sends the whole page to the sign-in."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

GetResponse = Callable[[HttpRequest], HttpResponse]


def sign_in_again(get_response: GetResponse) -> GetResponse:
    """Turns the redirect that answers a fragment request into one of the page around the fragment.

    htmx would follow a 302 and put the sign-in form into the fragment's place.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        htmx = getattr(request, "htmx", None)
        if not htmx or response.status_code != 302 or not _leads_to_sign_in(response):
            return response
        page = htmx.current_url_abs_path or "/"
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = redirect_to_login(page).url
        return moved

    return middleware


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response["Location"].split("?")[0] == resolve_url("people:sign_in")
