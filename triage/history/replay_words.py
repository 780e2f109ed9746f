"""What a replay can change, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

CHANGES: Mapping[str, Any] = {
    "same": _("Nothing: the same plan"),
    "model": _("Another model"),
    "stream_only": _("The stream alone"),
    "both": _("Control and stream"),
    "gzip": _("Compression allowed"),
    "http2": _("Over HTTP/2"),
    "route": _("By another route"),
    "length": _("Another output length"),
}
CHANGES_WHY: Mapping[str, Any] = {
    "same": _("Is it still so? Every request as it was, at today's prices."),
    "model": _("Is it this model, or all of them?"),
    "stream_only": _("One request instead of several: cheaper, and nothing goes before it."),
    "both": _("With the measure beside it: is it the stream, or everything?"),
    "gzip": _("The stream with compression: for bursts where a stream should flow."),
    "http2": _("The stream over HTTP/2: for resets and cuts that only some clients see."),
    "route": _("The stream past the edge or through it: names the hop at fault."),
    "length": _("Does it break after a time, or at a length?"),
}
DIFFERS: Mapping[str, Any] = {
    "model": _("Model"),
    "steps": _("Requests"),
    "route": _("Route"),
    "length": _("Output tokens, at most"),
}
