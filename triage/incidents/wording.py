"""What health, similar tickets and incidents are called where evidence names them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

AROUND: Mapping[str, Any] = {
    "runs": _("Probes of late"),
    "well": _("Probes that met no fault"),
    "failing": _("Probes in a row that met a fault"),
    "last_well_at": _("Last probe that was well"),
    "usual_first_content_ms": _("Usual wait for the first text"),
    "first_content_beside_usual": _("First text after"),
    "first_byte_beside_usual": _("First byte after"),
    "class": _("Their class"),
    "tickets": _("Tickets of this class in the last while"),
    "accounts": _("Other accounts among them"),
    "incident": _("Open incident"),
    "led_by": _("Explained by the open incident"),
    "opened_at": _("Open since"),
}
