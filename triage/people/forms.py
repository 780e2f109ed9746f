"""The sign-in form: Django's own, with a pause after too many wrong tries."""

from copy import copy
from typing import Any, cast

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from probes.redaction.actions import current_redactor
from probes.redaction.kinds import hold_credential
from triage.people import throttle


class SignInForm(AuthenticationForm):
    error_messages = {  # noqa: RUF012 - Django's own shape
        "invalid_login": _("The name or the password is not right. Both are case-sensitive."),
        "inactive": _("This account is disabled. An admin of this desk can enable it."),
        "paused": _("Too many wrong tries. Sign-in for this name is paused for up to %(minutes)d minutes."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Name")
        self.fields["password"].label = _("Password")
        if self.is_bound:
            self._forget_pasted_key()

    def _forget_pasted_key(self) -> None:
        """Nobody is called by a credential: what was pasted into the wrong box is not repeated."""
        redacted = current_redactor("username").redact(self.data.get("username", ""))
        if hold_credential(redacted.findings):
            data = cast(Any, copy(self.data))
            data["username"] = redacted.text
            self.data = data

    def clean(self) -> dict[str, Any]:
        account, address = self.data.get("username", ""), self._address()
        if throttle.is_paused(account, address):
            raise ValidationError(
                self.error_messages["paused"], code="paused", params={"minutes": throttle.PAUSE_S // 60}
            )
        try:
            cleaned = super().clean()
        except ValidationError:
            throttle.count_failure(account, address)
            raise
        throttle.forget(account, address)
        return cleaned

    def _address(self) -> str:
        return str(self.request.META.get("REMOTE_ADDR", "")) if self.request else ""
