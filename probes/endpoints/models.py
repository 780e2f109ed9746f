"""Where probes may go: endpoints that an admin registered, and their sealed keys."""

import math
import re
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from probes.endpoints import validators
from probes.endpoints.cost import Prices
from probes.endpoints.own_services import own_services
from probes.net.exchange import Deadlines, Destination
from probes.wire.dialects.media_task import TaskFields
from probes.wire.reasoning_models import output_limit

NEUTRAL_PROMPT = "Count from 1 to 100 in English words, separated by commas. Write nothing else."
_CURRENCY = re.compile(r"[A-Z]{3}")
_DEADLINES = ("connect_s", "first_byte_s", "idle_s", "total_s")
_REQUESTS_OF_A_PROBE = 2  # control and stream


class Protocol(models.TextChoices):
    OPENAI_CHAT = "openai_chat", "OpenAI chat completions"
    OPENAI_RESPONSES = "openai_responses", "OpenAI responses"
    ANTHROPIC = "anthropic", "Anthropic messages"


def _seconds(default: float, label: Any) -> "models.FloatField[float, float]":
    limits = [MinValueValidator(0.1), MaxValueValidator(900)]
    return models.FloatField(label, default=default, validators=limits)


def _price(default: str, label: Any) -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(
        label, max_digits=12, decimal_places=6, default=Decimal(default), validators=[MinValueValidator(0)]
    )


class Place(models.Model):
    """Where a request goes, and which exceptions to the address rules an admin made for it."""

    base_url = models.CharField(_("base URL"), max_length=500)
    allow_addresses = models.JSONField(_("exceptions to the address rules"), default=list, blank=True)

    class Meta:
        abstract = True

    def destination(self) -> Destination:
        return Destination(
            base_url=self.base_url,
            allowed_addresses=frozenset(self.allow_addresses),
            never=own_services(settings.DATABASES["default"], settings.REDIS_URL),
        )

    def _clean_exceptions(self) -> None:
        entries, self.allow_addresses = self.allow_addresses, []
        self.allow_addresses = validators.clean_exceptions(entries)

    def _clean_base_url(self) -> None:
        self.base_url = validators.clean_base_url(self.base_url, exceptions=self.allow_addresses)


class Endpoint(Place):
    """One API base URL with everything a probe of it needs, but for the key."""

    slug = models.SlugField(_("short name"), unique=True, max_length=60)
    name = models.CharField(_("name"), max_length=120, blank=True)
    protocol = models.CharField(_("protocol"), max_length=30, choices=Protocol.choices)
    extra_protocols = models.JSONField(_("further protocols"), default=list, blank=True)
    probe_model = models.CharField(_("default probe model"), max_length=200)
    prompt = models.TextField(_("neutral prompt"), default=NEUTRAL_PROMPT)
    output_tokens = models.PositiveIntegerField(
        _("most output tokens of a step"),
        default=400,
        validators=[MinValueValidator(1), MaxValueValidator(4000)],
    )
    task_path = models.CharField(_("task status path"), max_length=200, default="/videos/{task_id}")
    task_fields = models.JSONField(_("where a task's answer keeps things"), default=dict, blank=True)
    balance_path = models.CharField(_("balance path"), max_length=200, blank=True)
    websocket_path = models.CharField(_("WebSocket path"), max_length=200, blank=True)
    connect_s = _seconds(10, _("connect deadline, s"))
    first_byte_s = _seconds(60, _("first byte deadline, s"))
    idle_s = _seconds(30, _("idle deadline, s"))
    total_s = _seconds(120, _("total deadline, s"))
    price_in_per_1k = _price("0.002", _("price of 1,000 input tokens"))
    price_out_per_1k = _price("0.008", _("price of 1,000 output tokens"))
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    daily_budget = _price("20", _("budget for probes a day"))
    requests_per_minute = models.PositiveSmallIntegerField(
        _("most probe requests a minute"),
        default=300,
        validators=[MinValueValidator(1), MaxValueValidator(6000)],
    )
    paused = models.BooleanField(_("paused"), default=False)
    is_lab = models.BooleanField(_("the lab that ships with the desk"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.name or self.slug

    def clean(self) -> None:
        checks: dict[str, Callable[[], None]] = {
            "allow_addresses": self._clean_exceptions,
            "base_url": self._clean_base_url,
            "extra_protocols": self._clean_protocols,
            "task_path": self._clean_task_path,
            "task_fields": self._clean_task_fields,
            **{name: partial(self._clean_path, name) for name in ("balance_path", "websocket_path")},
            "currency": self._clean_currency,
            **{name: partial(self._clean_deadline, name) for name in _DEADLINES},
        }
        _check_all(checks)

    def _clean_protocols(self) -> None:
        named = validators.texts(self.extra_protocols)
        if unknown := [name for name in named if name not in Protocol.values]:
            raise ValidationError(
                _("The desk does not speak %(unknown)s, only %(known)s."),
                params={"unknown": ", ".join(unknown), "known": ", ".join(Protocol.values)},
            )

    def _clean_task_path(self) -> None:
        validators.check_task_path(self.task_path)

    def _clean_task_fields(self) -> None:
        self.task_fields = validators.clean_task_fields(self.task_fields or {})

    def _clean_path(self, name: str) -> None:
        if path := getattr(self, name):
            validators.check_path(path)

    def _clean_currency(self) -> None:
        """One spelling a currency, since budgets are kept by it."""
        self.currency = self.currency.strip().upper()
        if not _CURRENCY.fullmatch(self.currency):
            raise ValidationError(_("A currency has three letters, such as USD."))

    def _clean_deadline(self, name: str) -> None:
        """NaN passes every minimum and maximum, and a deadline of NaN never comes."""
        if not math.isfinite(getattr(self, name)):
            raise ValidationError(_("Enter seconds as a number, such as 30."))
        if getattr(self, name) > self.total_s:
            raise ValidationError(
                _("Not longer than the total deadline of %(total)s s."), params={"total": f"{self.total_s:g}"}
            )

    def warnings(self) -> list[str]:
        """What is allowed and yet hardly meant."""
        prices = Prices(self.price_in_per_1k, self.price_out_per_1k)
        limit = output_limit(self.probe_model, self.output_tokens)
        worst_case = _REQUESTS_OF_A_PROBE * prices.worst_case(self.prompt, limit)
        if self.daily_budget >= worst_case:
            return []
        return [
            gettext(
                "One probe can cost %(cost)s %(currency)s, more than the budget of a day: every probe will be"
                " refused."
            )
            % {"cost": f"{worst_case.normalize():f}", "currency": self.currency}
        ]

    @property
    def protocols(self) -> tuple[str, ...]:
        return (self.protocol, *self.extra_protocols)

    def read_task_fields(self) -> TaskFields:
        """Where a task's answer keeps things at this endpoint, to be read before the usual places."""
        return TaskFields(**{name: tuple(places) for name, places in self.task_fields.items()})

    def deadlines(self) -> Deadlines:
        return Deadlines(
            connect_s=self.connect_s, first_byte_s=self.first_byte_s, idle_s=self.idle_s, total_s=self.total_s
        )


def _check_all(checks: Mapping[str, Callable[[], None]]) -> None:
    """Every fault at once, each under its field."""
    errors: dict[str, list[ValidationError]] = {}
    for name, check in checks.items():
        try:
            check()
        except ValidationError as error:
            errors[name] = error.error_list
    if errors:
        raise ValidationError(errors)


class Route(Place):
    """Another way to the same endpoint, so that the hop that spoils an answer can be named.

    The key and the deadlines are the endpoint's.
    """

    class Side(models.TextChoices):
        BEHIND_EDGE = "behind_edge", _("behind the edge")
        THROUGH_EDGE = "through_edge", _("through the edge")

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="routes")
    slug = models.SlugField(_("short name"), max_length=40)
    place = models.CharField(_("place"), max_length=12, choices=Side.choices, default=Side.BEHIND_EDGE)

    class Meta:
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "slug"], name="route_once_per_endpoint"),
        ]

    def __str__(self) -> str:
        return self.slug

    def clean(self) -> None:
        """The same rules as for the endpoint's own base URL."""
        _check_all({"allow_addresses": self._clean_exceptions, "base_url": self._clean_base_url})

    def _clean_base_url(self) -> None:
        super()._clean_base_url()
        if self.base_url == self.endpoint.base_url:
            raise ValidationError(_("That is the endpoint's own base URL: a second route has another."))


class ProbeKey(models.Model):
    """An endpoint's own key, sealed. Nothing reads it back but the exchange."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # sealed into the ciphertext
    endpoint = models.OneToOneField(Endpoint, on_delete=models.CASCADE, related_name="probe_key")
    ciphertext = models.BinaryField()
    kek_id = models.CharField(max_length=12)
    hint = models.CharField(_("masked key"), max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.hint
