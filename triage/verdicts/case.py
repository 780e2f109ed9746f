"""Everything that a verdict is drawn from, and the verdict itself: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from probes.wire.facts import Facts
from triage.charges.finding import ChargeFinding


class Tri(StrEnum):
    """Unknown is an honest answer wherever yes and no are asked."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Owner(StrEnum):
    CUSTOMER = "customer"
    CUSTOMER_NETWORK = "customer_network"
    EDGE = "edge"
    GATEWAY = "gateway"
    UPSTREAM = "upstream"
    BILLING = "billing"
    SUPPORT = "support"


class Resend(StrEnum):
    """May the customer send the same request again? Green only when it provably never ran."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The ticket's fields, already redacted. Empty means not given; free text is kept in *_text."""

    endpoint: str = ""  # slug
    account_ref: str = ""
    key_hint: str = ""
    protocol: str = ""  # "openai_chat", "anthropic", … or as typed
    model: str = ""
    workload: str = "chat"  # chat, batch, image, video, shared_key
    stream: Tri = Tri.UNKNOWN
    client: str = ""
    client_version: str = ""
    occurred_at: datetime | None = None
    elapsed_s: float | None = None
    first_output_s: float | None = None
    status_code: int | None = None
    error_text: str = ""
    via_proxy: Tri = Tri.UNKNOWN
    via_proxy_text: str = ""
    retried: Tri = Tri.UNKNOWN
    retry_count: int | None = None
    client_timeout_s: float | None = None
    concurrency: int | None = None
    task_id: str = ""
    request_ids: tuple[str, ...] = ()
    charged: Tri = Tri.UNKNOWN
    charged_text: str = ""
    symptom: str = ""
    notes: str = ""
    base_url: str = ""  # as the customer typed it
    control_text: str = ""  # what the customer says of stream=false
    zone: str = ""  # the customer's, an IANA name

    @property
    def is_media(self) -> bool:
        return self.workload in ("image", "video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The endpoint of late, by the desk's own runs of the same model, this ticket's left out."""

    since: datetime
    runs: int = 0
    well: int = 0  # how many of them met no fault
    failing: int = 0  # the newest in a row that met one
    last_well_at: datetime | None = None
    first_content_ms: float | None = None  # the usual wait for the first text, of those that were well
    codes: Mapping[str, int] = field(default_factory=dict)  # verdict code -> how many runs said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """Other tickets of the same endpoint in the window, by the class that was concluded."""

    since: datetime
    tickets: Mapping[str, int] = field(default_factory=dict)  # verdict code -> tickets
    accounts: Mapping[str, int] = field(default_factory=dict)  # verdict code -> different accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIncident:
    """An open incident of the endpoint, as a verdict needs it."""

    ref: str
    code: str
    opened_at: datetime
    model: str = ""  # empty: every model


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is usual at the endpoint for this model, by the desk's own regular measurements of it."""

    since: datetime
    runs: int  # how many were measured
    first_content_p90_ms: float | None = None  # nine in ten were not slower
    first_byte_p90_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One ticket with all that is known about it. `attempts` may be empty: nothing could be probed."""

    intake: Intake
    attempts: tuple[Facts, ...] = ()
    charges: ChargeFinding | None = None
    not_probed: str = ""  # why no probe was sent, as a code
    now: datetime | None = None  # without it no retry clock can be told
    health: Health | None = None
    similar: Similar | None = None
    incident: KnownIncident | None = None
    usual: Usual | None = None

    def attempt(self, step: str) -> Facts | None:
        return next((facts for facts in self.attempts if facts.step == step and not facts.skipped), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that was looked at: `where` is the kind of the step, "declared", "ledger" or "desk"."""

    where: str
    fact: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A conclusion in codes and parameters; wording lives in the playbooks."""

    code: str
    confidence: Confidence
    owner: Owner
    evidence: tuple[Evidence, ...] = ()
    counter_evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()  # task.* and charge.* codes that stand beside the leading one
    resend: Resend = Resend.UNKNOWN
    look_first: tuple[str, ...] = ()  # where to look before a resend, as codes of resend.LookFirst
    retry_not_before: datetime | None = None
    params: dict[str, Any] = field(default_factory=dict)  # what the playbook's sentences fill in
    overturned_by: str = ""  # the fact that would change our mind, a name of codes.FACT_SUPPLIERS
    rules_version: str = ""
