"""What the client that is being typed is known to do by itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from triage.people.access import requires
from triage.people.roles import Role


@requires(Role.SUPPORT)
@sensitive_post_parameters()
@require_POST
def client_habits(request: HttpRequest) -> HttpResponse:
    """A fragment for the form; nothing is kept, and nothing of what was typed is shown again."""
    typed = {"client": "client", "version": "client_version", "timeout": "client_timeout_s"}
    context = {name: request.POST.get(field, "") for name, field in typed.items()}
    return render(request, "tickets/_habits.html", context)
