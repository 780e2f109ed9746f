"""One case prepared for the rules: its attempts by step, its declared text, and what each answer said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from probes.wire.facts import BodyKind, Facts, Failure
from probes.wire.media_models import makes_media
from triage.verdicts.case import Case, Confidence, Evidence, Intake, Owner
from triage.verdicts.codes import SYMPTOMS
from triage.verdicts.figures import error_names_in, status_in
from triage.verdicts.texts import Lead, load_leads, plain, without_denials, without_failed_charges

LOOK_UPS = frozenset({"status", "models", "balance", "websocket"})
_IN_PLACE_OF_STREAM = ("repeat", "long", "http2", "gzip", "route", "tool", "model")

_LEADS = load_leads("reading")

_HTML = _LEADS["html"]
_WAITING = _LEADS["waiting"]
PAGE = _LEADS["page"]
QUOTED_OBJECT = _LEADS["quoted_object"]
QUOTED_PAGE = _LEADS["quoted_page"]
"""A page in the middle of a gateway's error, as a ticket quotes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A refusal or fault as one source told it: an attempt of the probe, or the ticket itself."""

    where: str  # the kind of the step, or "declared"
    status: int | None = None
    code: str = ""
    kind: str = ""  # the error's type
    param: str = ""
    text: str = ""  # plain
    html: bool = False
    empty: bool = False
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    facts: Facts | None = None

    @property
    def is_declared(self) -> bool:
        return self.where == "declared"

    @property
    def is_error_object(self) -> bool:
        """The API's own object, met or quoted: no page, and no bare word of a server in front of it."""
        if self.facts is None:
            return bool(self.code or self.kind or QUOTED_OBJECT.found_in(self.text))
        return self.facts.body_kind is BodyKind.JSON_ERROR or self.facts.in_stream_error

    @property
    def is_text(self) -> bool:
        """Bare words, neither JSON nor a page."""
        return self.facts is not None and self.facts.body_kind is BodyKind.OTHER

    @property
    def quotes_page(self) -> bool:
        """An error that is no page, with one in it: a gateway tells what came to it from behind."""
        return not self.html and bool((QUOTED_PAGE if self.is_declared else PAGE).found_in(self.text))

    @property
    def behind_cloudflare(self) -> bool:
        """Both signs are needed: relays copy one of them."""
        return "cloudflare" in self.headers.get("server", "").lower() and "cf-ray" in self.headers


def answer_of(facts: Facts) -> Answer:
    """What an attempt's final answer said."""
    return Answer(
        where=facts.step,
        status=facts.status,
        code=plain(facts.error_code),
        kind=plain(facts.error_type),
        param=facts.error_param,
        text=plain(f"{facts.error_message} {facts.body_excerpt} {facts.task_error}"),
        html=facts.body_kind is BodyKind.HTML,
        empty=facts.body_kind is BodyKind.EMPTY,
        content_type=facts.content_type,
        headers=facts.headers,
        facts=facts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What one rule says; `classify` adds the owner, the resend light, the clock and the version."""

    code: str
    confidence: Confidence = Confidence.LIKELY
    evidence: tuple[Evidence, ...] = ()
    counter: tuple[Evidence, ...] = ()
    alternatives: tuple[str, ...] = ()
    owner: Owner | None = None
    answer: Answer | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    overturned_by: str = ""  # empty: what the class names


def in_order(attempts: tuple[Facts, ...]) -> tuple[Facts, ...]:
    """The attempts such that those of one step stand in an order of their own, however they were given."""
    if len({facts.step for facts in attempts}) == len(attempts):
        return attempts
    return tuple(sorted(attempts, key=_by_what_was_seen))


def _by_what_was_seen(facts: Facts) -> tuple[Any, ...]:
    return (_place(facts.step), facts.skipped, *(str(getattr(facts, name)) for name in _TELLING))


def _place(step: str) -> int:
    return _PLACES.index(step) if step in _PLACES else len(_PLACES)


_PLACES = ("control", "stream", *_IN_PLACE_OF_STREAM, "status", "models", "balance", "websocket")
_TELLING = (
    *("status", "failure", "body_kind", "end_mode", "finish_reason", "done_seen", "in_stream_error"),
    *("error_code", "error_type", "error_message", "body_excerpt", "content_type", "headers", "task_status"),
    *("events", "content_chars", "body_bytes", "headers_ms", "first_content_ms", "last_byte_ms", "total_ms"),
)


@dataclass(frozen=True)
class Reading:
    """A case with what every rule asks of it, worked out once."""

    case: Case

    @property
    def intake(self) -> Intake:
        return self.case.intake

    @cached_property
    def control(self) -> Facts | None:
        return self.case.attempt("control")

    @cached_property
    def stream(self) -> Facts | None:
        """Where neither control nor stream was asked for, the variant that comes closest to one."""
        asked = {facts.step for facts in self.case.attempts}
        kinds = ("stream",) if asked & {"control", "stream"} else _IN_PLACE_OF_STREAM
        attempts = filter(None, map(self.case.attempt, kinds))
        return next((facts for facts in attempts if not _lacks_http2(facts)), None)

    def tries(self, *steps: str) -> tuple[Facts, ...]:
        """The attempts of these steps that were really made, in the order in which they were."""
        return tuple(facts for facts in self.probed if facts.step in steps)

    @cached_property
    def look_up(self) -> Facts | None:
        return self.case.attempt("status")

    @property
    def _symptom(self) -> str:
        """The symptom where it was typed; a choice of the form is a code, not the customer's words."""
        return "" if self.intake.symptom in SYMPTOMS else self.intake.symptom

    @cached_property
    def _prose(self) -> tuple[str, ...]:
        """In plain form: the quoted error, three fields of the writer's own, what is said of a control."""
        intake = self.intake
        own = (intake.notes, self._symptom, intake.charged_text)
        return tuple(map(plain, (intake.error_text, *own, intake.control_text)))

    @cached_property
    def _granted(self) -> tuple[str, ...]:
        """The same without what the writer rules out."""
        return tuple(map(without_denials, self._prose))

    @cached_property
    def told(self) -> str:
        """All declared prose in plain form, denials included."""
        return " ; ".join(filter(None, self._prose))

    @cached_property
    def said(self) -> str:
        """All declared prose in plain form, without what the writer rules out."""
        return " ; ".join(filter(None, self._granted))

    @cached_property
    def related(self) -> str:
        """What was told beside the quoted error: a refusal that names a hold is no complaint about one."""
        return without_failed_charges(" ; ".join(filter(None, self._granted[1:4])))

    @cached_property
    def setting(self) -> str:
        """Who speaks to what, and over which path."""
        intake = self.intake
        parts = (intake.client, intake.client_version, intake.via_proxy_text, intake.base_url)
        return plain(" ; ".join(parts))

    @cached_property
    def declared(self) -> Answer | None:
        """The ticket read as an answer; None when it names neither status nor words."""
        status = self.intake.status_code or status_in(self.said)
        if status is None and not self.said:
            return None
        code, kind = error_names_in(self.told)
        return Answer(
            where="declared",
            status=status,
            code=code,
            kind=kind,
            text=self.said,
            html=bool(self.says(_HTML)) and not self.says(QUOTED_PAGE),
        )

    @cached_property
    def probed(self) -> tuple[Facts, ...]:
        """The attempts at calling a model that were really made; look-ups say nothing of calls."""
        return tuple(
            facts
            for facts in self.case.attempts
            if not facts.skipped
            and facts.step not in LOOK_UPS
            and not _lacks_http2(facts)
            and not _tells_nothing(facts)
        )

    @cached_property
    def is_media(self) -> bool:
        """Whether a resend could start an image or video task, whatever the ticket calls the work."""
        return self.intake.is_media or makes_media(self.intake.model) or self.look_up is not None

    @cached_property
    def complains_of_waiting(self) -> bool:
        late = (self.intake.first_output_s or 0) >= 3
        return late or self.intake.symptom == "stream_slow_start" or bool(self.says(_WAITING))

    @cached_property
    def nothing_told(self) -> bool:
        """A probe without a ticket, or a ticket without a complaint."""
        return self.declared is None and not self.intake.symptom

    def says(self, lead: Lead) -> str:
        return lead.found_in(self.said)

    def relates(self, lead: Lead) -> str:
        return lead.found_in(self.related)

    def path_says(self, lead: Lead) -> str:
        return lead.found_in(self.setting) or lead.found_in(self.said)

    def quote(self, lead: Lead) -> tuple[Evidence, ...]:
        """The customer's words as evidence, when they are there."""
        words = self.says(lead)
        return (Evidence("declared", "words", words),) if words else ()


def _tells_nothing(facts: Facts) -> bool:
    """Neither an answer nor a failure is known of it, as when its worker died: that is no good sign."""
    if facts.status is not None or facts.failure is not None:
        return False
    return replace(facts, sent=False, route="", route_place="") == Facts(step=facts.step)


def _lacks_http2(facts: Facts) -> bool:
    """The endpoint does not offer it, so nothing was tried."""
    unanswered = facts.status is None and facts.failure in _UNDERSTOOD_NOTHING
    return facts.step == "http2" and unanswered and not spoke_http2(facts)


_UNDERSTOOD_NOTHING = (Failure.BAD_PROTOCOL, Failure.NO_RESPONSE, Failure.RESET, Failure.TLS_PROTOCOL)
_NO_FRAME_CAME = ("http2: closed before END_STREAM", "http2: FRAME_SIZE_ERROR")


def spoke_http2(facts: Facts) -> bool:
    """Whether the peer understands HTTP/2: over TLS it agreed to, else its first frame tells.

    To a server that speaks HTTP/1.1 alone the preface is noise: it hangs up, or answers what is no frame.
    """
    named = facts.failure_detail.startswith("http2:")
    noise = not facts.tls_version and facts.status is None and facts.failure_detail in _NO_FRAME_CAME
    return facts.http_version.startswith("HTTP/2") or (named and not noise)


Rule = Callable[[Reading], Conclusion | None]


def went_well(facts: Facts) -> bool:
    """An attempt whose answer can be used: 200, no fault inside, ended as it should."""
    return (
        facts.failure is None
        and facts.status == 200
        and not facts.in_stream_error
        and facts.body_kind in (BodyKind.JSON_OK, BodyKind.EVENTS)
        and not facts.error_code
        and not facts.error_type
    )


def shown(facts: Facts, *names: str) -> tuple[Evidence, ...]:
    """These facts of an attempt as evidence, even when they are zero: an absent thing can be the sign."""
    return tuple(Evidence(facts.step, name, getattr(facts, name)) for name in names)
