"""Forms of the administration that mask what was typed before anything reads it, and then ask to check it."""

from collections.abc import Iterator
from copy import copy
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from probes.redaction import meter
from probes.redaction.actions import current_redactor
from probes.redaction.kinds import hold_credential

_CHANNEL = "admin"  # of the meter
_MASKED = _(
    "Something sensitive was masked here. Check the text and save again;"
    " a probe key belongs in its own field."
)


class MaskingForm(forms.BaseForm):
    """To be named first among the bases of a form: its texts are masked, but for those of password boxes.

    A form in which a credential was masked is not taken; it comes back masked, and may be sent again so.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset()  # where names and addresses of people belong

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._caught: list[str] = []
        if self.is_bound:
            self._mask()

    def full_clean(self) -> None:
        super().full_clean()
        for name in self._caught:
            self.add_error(name, ValidationError(_MASKED, code="masked"))

    def _mask(self) -> None:
        data, places = cast(Any, copy(self.data)), []
        for name, typed in self._texts():
            redacted = current_redactor(name).redact(typed)
            is_meant = name in self.personal_fields and not hold_credential(redacted.findings)
            if redacted.text == typed or is_meant:
                continue
            data[self.add_prefix(name)] = redacted.text
            self._caught.append(name)
            places += [(name, finding.kind, finding.rule) for finding in redacted.findings]
        self.data = data
        meter.count_all(places, channel=_CHANNEL)

    def _texts(self) -> Iterator[tuple[str, str]]:
        for name, field in self.fields.items():
            typed = self.data.get(self.add_prefix(name), "")
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                yield name, str(typed)
