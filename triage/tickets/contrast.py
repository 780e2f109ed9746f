"""Tells in words what control and stream say of each other."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from probes.wire.comparison import Comparison, Difference, Shortfall
from triage.tickets.wording import seconds_text


def contrast(comparison: Comparison) -> list[str]:
    """A sentence for each difference, most telling first; of two that agree, that they do."""
    if comparison.differences:
        return [_SENTENCES[difference](comparison) for difference in comparison.differences]
    return [_agreement(comparison)] if comparison.same_length and comparison.control_chars else []


def _agreement(comparison: Comparison) -> str:
    words = _("Control and stream agree: %(control)d and %(stream)d characters of text.")
    return words % {"control": comparison.control_chars, "stream": comparison.stream_chars}


def _shorter(comparison: Comparison) -> str:
    words = _("The stream is shorter: %(stream)d characters, the control has %(control)d; %(how)s.")
    return words % {
        "stream": comparison.stream_chars,
        "control": comparison.control_chars,
        "how": _shortfall(comparison.shortfall),
    }


def _shortfall(how: Shortfall | None) -> str:
    words = {
        Shortfall.CUT: _("it was cut in the middle"),
        Shortfall.UNFINISHED: _("it ended in good order, but nothing said that it was complete"),
        Shortfall.SILENT: _("it fell silent"),
        Shortfall.LIMITED: _("it used up its output limit"),
        Shortfall.COMPLETE: _("yet it claims to be complete"),
    }
    return words[how or Shortfall.UNFINISHED]


def _longer(comparison: Comparison) -> str:
    words = _("The stream is longer: %(stream)d characters, the control has %(control)d.")
    return words % {"stream": comparison.stream_chars, "control": comparison.control_chars}


def _no_sooner(comparison: Comparison) -> str:
    words = _("Streaming gained nothing: first text after %(first)s, the whole control after %(whole)s.")
    return words % {
        "first": seconds_text(comparison.stream_first_content_ms),
        "whole": seconds_text(comparison.control_total_ms),
    }


def _hops(comparison: Comparison) -> str:
    hops = (f"{name} {one or '–'} / {other or '–'}" for name, one, other in comparison.hops)
    return _("They came over different hops (control / stream): %(hops)s.") % {"hops": ", ".join(hops)}


def _tokens(comparison: Comparison) -> str:
    one, other = comparison.tokens or (0, 0)
    words = _("They report different tokens: %(control)d in the control, %(stream)d in the stream.")
    return words % {"control": one, "stream": other}


def _finish_reasons(comparison: Comparison) -> str:
    one, other = comparison.finish_reasons or ("", "")
    return _("They finish for different reasons: %(control)s in the control, %(stream)s in the stream.") % {
        "control": one,
        "stream": other,
    }


def _models(comparison: Comparison) -> str:
    one, other = comparison.models or ("", "")
    return _("Different models answered: %(control)s the control, %(stream)s the stream.") % {
        "control": one,
        "stream": other,
    }


def _addresses(comparison: Comparison) -> str:
    one, other = comparison.addresses or ("", "")
    return _("Different addresses answered: %(control)s the control, %(stream)s the stream.") % {
        "control": one,
        "stream": other,
    }


_SENTENCES: Mapping[Difference, Callable[[Comparison], str]] = {
    Difference.ERROR_HIDDEN: lambda _seen: _(
        "The control shows an error that the stream hides behind a 200."
    ),
    Difference.ERROR_IN_STREAM: lambda _seen: _("The stream shows an error that the control does not have."),
    Difference.STREAM_EMPTY: lambda _seen: _("The control has text, the stream has none."),
    Difference.STREAM_SHORTER: _shorter,
    Difference.STREAM_LONGER: _longer,
    Difference.FINISH_REASON: _finish_reasons,
    Difference.TOKENS: _tokens,
    Difference.MODEL: _models,
    Difference.NO_SOONER: _no_sooner,
    Difference.HOPS: _hops,
    Difference.ADDRESS: _addresses,
}
