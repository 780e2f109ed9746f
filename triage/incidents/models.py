"""Incidents: one fault that many tickets or probes meet, told once."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from probes.endpoints.models import Endpoint
from triage.verdicts.case import KnownIncident


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open(self) -> "IncidentQuerySet":
        return self.filter(closed_at__isnull=True)

    def touching(self, endpoint_id: int, model: str) -> "IncidentQuerySet":
        """Those that are open at this endpoint for this model, the oldest first."""
        return self.open().filter(endpoint_id=endpoint_id, model__in=("", model)).order_by("pk")

    def last_closing(self, endpoint_id: int, code: str) -> datetime | None:
        """When somebody last said that this fault of the endpoint is over."""
        alike = self.filter(endpoint_id=endpoint_id, verdict_code=code, closed_at__isnull=False)
        return alike.order_by("-closed_at").values_list("closed_at", flat=True).first()

    def with_tickets(self) -> "IncidentQuerySet":
        """Each with `tickets`, how many belong to it."""
        folded: Any = Incident._meta.get_field("investigations").related_model  # of a floor above
        belonging = folded.objects.belonging().filter(incident=OuterRef("pk")).order_by().values("incident")
        counted = belonging.annotate(count=Count("ticket", distinct=True)).values("count")
        return self.annotate(tickets=Coalesce(Subquery(counted), 0))

    def note_sight(self, pk: int, *, at: datetime) -> bool:
        """It was met again; False when somebody has closed it."""
        return bool(self.open().filter(pk=pk).update(last_seen_at=at))


class Incident(models.Model):
    """One signature: an endpoint, the class that its verdicts share, and the model where only that has it."""

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.PROTECT, related_name="incidents", verbose_name=_("endpoint")
    )
    verdict_code = models.CharField(_("class"), max_length=60)
    model = models.CharField(_("model"), max_length=200, blank=True)  # empty: every model of the endpoint
    owner = models.CharField(_("owner"), max_length=20, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(  # empty: the desk itself, for the reasons in `counted`
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    counted = models.JSONField(default=dict, blank=True)  # {"tickets", "accounts", "runs", "window_s"}
    last_seen_at = models.DateTimeField(_("last seen"))
    note = models.TextField(_("note"), blank=True)  # masked
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["endpoint", "verdict_code", "model"],
                condition=Q(closed_at__isnull=True),
                name="one_open_incident_per_signature",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("incidents:detail", args=[self.pk])

    @property
    def ref(self) -> str:
        return f"I-{self.pk:05d}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def is_quiet(self, *, now: datetime) -> bool:
        """Open, and not met for so long that it is perhaps over."""
        return self.is_open and now - self.last_seen_at >= timedelta(seconds=settings.INCIDENT_QUIET_S)

    def known(self) -> KnownIncident:
        """The row as the value that verdicts are drawn from."""
        return KnownIncident(ref=self.ref, code=self.verdict_code, opened_at=self.opened_at, model=self.model)
