"""A moment as the people of the desk read it."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext


def clock_text(at: datetime) -> str:
    """A moment in the desk's zone, which it names."""
    local = timezone.localtime(at)
    zone = gettext("Asia/Shanghai") if settings.TIME_ZONE == "Asia/Shanghai" else settings.TIME_ZONE
    return gettext("%(time)s (%(zone)s)") % {"time": f"{local:%Y-%m-%d %H:%M:%S}", "zone": zone}
