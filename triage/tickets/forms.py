"""The ticket form: every question that support may be able to answer, none that asks for a secret."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import ROUND_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from probes.endpoints.models import Endpoint
from probes.runs.actions.create_run import terms_of
from probes.runs.plan import plan_chat
from triage.tickets.fields import choice, line, pasted, seconds, text, tri, whole
from triage.tickets.layout import CUSTOMER, ERROR, HAPPENED
from triage.tickets.models import Ticket
from triage.tickets.prefill import Told
from triage.tickets.relevance import SYMPTOMS, details_worth_asking
from triage.verdicts.case import Tri

PROTOCOLS = [
    ("", _("As the endpoint")),
    ("openai_chat", "OpenAI chat completions"),
    ("openai_responses", "OpenAI responses"),
    ("anthropic", "Anthropic messages"),
]
ZONES = [
    ("Asia/Shanghai", _("Beijing time (UTC+8)")),
    ("UTC", "UTC"),
    ("Asia/Tokyo", _("Tokyo (UTC+9)")),
    ("Asia/Kolkata", _("India (UTC+5:30)")),
    ("Europe/Berlin", _("Central Europe")),
    ("Europe/London", _("London")),
    ("America/New_York", _("US East")),
    ("America/Los_Angeles", _("US West")),
]
_SHOWN = Decimal("0.0001")  # rounded up: "at most" must stay true
_CLOCKS_DIFFER = timedelta(minutes=10)

GROUPS: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
    (_("What happened"), _("What the customer saw, and where the request went."), HAPPENED),
    (
        _("The error itself"),
        _("The original words and numbers. They decide more than any description."),
        ERROR,
    ),
)


class TicketForm(forms.Form):
    paste = pasted(
        _("Paste what the customer sent"),
        _(
            "An error text, traceback, curl command or curl -v output, JSON, log lines, or a filled "
            "template, in Chinese or English. The desk fills in what it finds and names the line."
        ),
        never=_("Keys are masked first. The pasted text itself is not kept."),
    )
    symptom = choice(
        _("Symptom"), _("What the customer complains of, in their view."), choices=SYMPTOMS, watched=True
    )
    workload = choice(
        _("Kind of work"),
        _("Image and video tasks are only looked up by task ID, never submitted again."),
        choices=Ticket.Workload.choices,
        initial=Ticket.Workload.CHAT,
        watched=True,
    )
    endpoint = choice(
        _("Endpoint to probe"),
        _(
            "The desk sends one short neutral request without and one with streaming, with its own "
            "key. The amount is the most that can cost."
        ),
    )
    model = line(
        _("Model"),
        _("Exactly as in the customer's request. Empty: the endpoint's own probe model."),
        longest=140,
        example="gpt-4o-mini",
    )
    protocol = choice(_("Protocol"), _("Which API the customer's client speaks."), choices=PROTOCOLS)
    base_url = line(
        _("Base URL in the client"),
        _("From the client's settings, up to and including /v1 if it is there."),
        longest=400,
        never=_("Never an address that contains a key."),
        example="https://api.example.com/v1",
    )

    status_code = whole(
        _("HTTP status"),
        _("The number in the error, such as 429 or 502. Empty if none came."),
        lowest=100,
        highest=599,
    )
    occurred_at = forms.DateTimeField(
        label=_("Time of the request"),
        help_text=_("From the client's log. The last failing request is best."),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
        error_messages={"invalid": _("Write the time as 2026-03-28 14:05 or 2026-03-28 14:05:30.")},
    )
    zone = choice(_("Time zone"), _("Of the time beside it."), choices=ZONES, initial="Asia/Shanghai")
    error_text = text(
        _("Error text"),
        _(
            "The original text or JSON, complete, also when it is long. Keys in it are masked "
            "before it is stored."
        ),
        longest=20_000,
        never=_("No complete keys, no complete request headers, no private prompts."),
        example='{"error": {"message": "...", "type": "...", "code": "..."}}',
    )
    request_ids = line(
        _("Request IDs"),
        _(
            "In the response headers (x-request-id, x-oneapi-request-id) or in the error text. "
            "Several: put commas between."
        ),
        longest=600,
        example="req_01H...",
        wide=True,
    )

    stream = tri(_("Streaming"), _("Does the request say stream=true?"))
    control_text = line(
        _("And with stream=false?"),
        _("What the same request does without streaming, if the customer tried."),
        longest=200,
        example=_("works / fails the same way / not tried"),
    )
    first_output_s = seconds(
        _("Seconds to the first output"), _("From sending until the first words appeared.")
    )
    elapsed_s = seconds(
        _("Seconds until it ended"),
        _("From sending until the error or the break. Round values point to a timer."),
    )
    client_timeout_s = seconds(
        _("Timeout in the client, seconds"), _("The timeout setting of the SDK or client.")
    )
    concurrency = whole(
        _("Requests at the same time"),
        _("How many the customer runs in parallel on this key."),
        lowest=0,
        highest=100_000,
    )
    retried = tri(_("Retried"), _("By hand, by their code, or by the SDK (most retry twice by themselves)."))
    retry_count = whole(_("How many retries"), _("Without the first try."), lowest=0, highest=100_000)
    task_id = line(
        _("Task ID"),
        _(
            "From the answer to the submission, or from the console's task list. It answers whether"
            " there were two charges."
        ),
        longest=140,
        example="task_...",
    )
    charged = tri(_("Charged"), _("Does the customer see a charge for it?"))
    charged_text = line(
        _("What was charged"),
        _("In their words: how often, how much, when."),
        longest=200,
        example=_("twice, 0.12 USD each"),
    )

    account_ref = line(
        _("Account reference"),
        _("Your own number for the customer, as in the ledger."),
        longest=80,
        never=_("No e-mail address, no phone number."),
    )
    key_hint = line(
        _("Masked key"),
        _("First and last characters as the console shows them, such as sk-ab…wxyz."),
        longest=60,
        never=_("Never the complete key."),
        example="sk-ab…wxyz",
    )
    client = line(
        _("Client or SDK"),
        _("The program that sends the request."),
        longest=140,
        example="openai-python, Cherry Studio",
    )
    client_version = line(_("Client version"), _("From its About page or the package list."), longest=60)
    via_proxy = tri(
        _("Through a proxy"), _("A company proxy, VPN, Cloudflare or their own nginx in between?")
    )
    via_proxy_text = line(
        _("Which proxy"),
        _("Its kind is enough."),
        longest=200,
        never=_("No proxy passwords."),
        example="nginx, Cloudflare",
    )
    notes = text(
        _("Notes"),
        _("What else helps, such as since when and how often. It is masked like everything else."),
        longest=8_000,
        never=_("No prompts, no personal data."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["endpoint"].choices = list(_endpoint_choices())  # type: ignore[attr-defined]

    # --- what the page shows, in order
    def groups(self) -> list[tuple[str, str, list[BoundField]]]:
        return [(title, why, [self[name] for name in names]) for title, why, names in GROUPS]

    def customer_fields(self) -> list[BoundField]:
        return [self[name] for name in CUSTOMER]

    def details(self) -> list[BoundField]:
        """The conditional fields worth asking, and those that already hold an answer."""
        asked = details_worth_asking(
            workload=self["workload"].value() or "", symptom=self["symptom"].value() or ""
        )
        return [
            self[name]
            for name in details_worth_asking(workload="", symptom="")
            if name in asked or self[name].errors or self[name].value() not in (None, "", Tri.UNKNOWN)
        ]

    def tell(self, told: Mapping[str, Told]) -> None:
        """Show at each field what the paste says of it."""
        for name, field in self.fields.items():
            if name in told:
                field.told = told[name]  # type: ignore[attr-defined]
                field.widget.attrs["aria-describedby"] = f"id_{name}_helptext id_{name}_told"

    # --- what the action takes
    def intake_fields(self) -> dict[str, Any]:
        """The answers as typed, by the names of the intake; empty ones are left out."""
        answers = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        answers.pop("paste", None)
        if at := answers.get("occurred_at"):
            answers["occurred_at"] = at.isoformat()
        return answers

    def typed(self) -> dict[str, str]:
        """What was typed, before any reading: to be masked and shown again."""
        return {name: self.data[name] for name in self.fields if name in self.data}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if at := cleaned.get("occurred_at"):
            cleaned["occurred_at"] = _in_zone(at, cleaned.get("zone") or "Asia/Shanghai")
            if cleaned["occurred_at"] > timezone.now() + _CLOCKS_DIFFER:
                self.add_error(
                    "occurred_at", _("This time is still to come. Check the date and the time zone.")
                )
        if cleaned.get("retry_count") and cleaned.get("retried") == Tri.NO:
            self.add_error(
                "retried", _("You say it was not retried, but also how many retries there were. Correct one.")
            )
        if not any(cleaned.get(name) for name in _SAYS_SOMETHING) and not self.errors:
            raise ValidationError(
                _(
                    "Tell the desk at least one thing: a symptom, an endpoint, a status, an error "
                    "text, a task ID or a note."
                )
            )
        return cleaned


_SAYS_SOMETHING = ("symptom", "endpoint", "status_code", "error_text", "task_id", "notes")


def _in_zone(at: datetime, zone: str) -> datetime:
    """The clock time as typed, which Django read in the desk's own zone, in the zone it was meant in."""
    meant: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)
    return timezone.make_naive(at).replace(tzinfo=meant)


def _endpoint_choices() -> Iterator[tuple[str, str]]:
    yield "", gettext("None, nothing is sent")
    for endpoint in Endpoint.objects.select_related("probe_key").prefetch_related("routes"):
        yield endpoint.slug, _endpoint_label(endpoint)


def _endpoint_label(endpoint: Endpoint) -> str:
    if endpoint.paused:
        return gettext("%(endpoint)s: paused, nothing is sent") % {"endpoint": endpoint}
    plan = plan_chat(terms_of(endpoint))
    has_key = hasattr(endpoint, "probe_key")
    return gettext("%(endpoint)s: at most %(amount)s %(currency)s") % {
        "endpoint": endpoint if has_key else gettext("%(endpoint)s (no key)") % {"endpoint": endpoint},
        "amount": plan.worst_case.quantize(_SHOWN, ROUND_UP),
        "currency": plan.currency,
    }
