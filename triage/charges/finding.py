"""What a ledger can say about a task: the words and shapes of a charge finding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class ChargeCode(StrEnum):
    """Permanent codes, shared by database, rules, pages and tests."""

    NO_ROWS = "charge.no_rows"  # cannot tell: see covered_until
    SINGLE = "charge.single"
    DUPLICATE = "charge.duplicate"
    HOLD_AND_SETTLE = "charge.hold_and_settle"
    REFUNDED = "charge.refunded"
    OVER_REFUNDED = "charge.over_refunded"
    DOUBLE_SUBMIT = "charge.double_submit"
    HIDDEN_RETRY = "charge.hidden_retry"
    CONFLICT = "charge.conflict"
    REEXPORT = "charge.reexport"  # one charge, exported several times: never a second charge
    UNDELIVERED = "charge.undelivered"  # charged, and nothing or not all came
    FAILED_UNREFUNDED = "charge.failed_unrefunded"  # the task failed, and its charge stands
    DOUBLE_LOGGED = "charge.double_logged"  # one call, logged under two call types
    PROBE_COST = "charge.probe_cost"  # the desk's own probe, no customer's charge
    CANNOT_TELL = "charge.cannot_tell"  # there are rows, but they do not decide: see the remarks


class ChargeKind(StrEnum):
    """What a ledger row does to the account. Amounts are signed: what comes back is negative."""

    CHARGE = "charge"
    HOLD = "hold"
    SETTLEMENT = "settlement"
    RELEASE = "release"  # gives a hold back
    REFUND = "refund"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"


class Outcome(StrEnum):
    """What became of the task, where a ledger says so."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNDELIVERED = "undelivered"  # the client was gone, or nothing came


class Remark(StrEnum):
    """What else is worth saying beside the code, or why the rows cannot tell."""

    ACCOUNT_UNKNOWN = "account_unknown"  # the id exists under several accounts and none was named
    OTHER_ACCOUNT = "other_account"  # the id exists, but not under the account that was named
    BEYOND_COVERAGE = "beyond_coverage"  # the request is later than the ledger reaches
    TASK_UNKNOWN = "task_unknown"  # neither a task id nor a request id to look for
    BY_REQUEST_ID = "by_request_id"  # found through the request id
    BY_AMOUNT = "by_amount"  # no fingerprints: same amount seconds apart, which is likely, not certain
    AMOUNTS_DIFFER = "amounts_differ"
    SEVERAL_CURRENCIES = "several_currencies"
    EXCESS_RETURNED = "excess_returned"
    REVERSED_AND_CHARGED_AGAIN = "reversed_and_charged_again"
    RETURN_WITHOUT_CHARGE = "return_without_charge"  # the charge lies outside the ledger
    HOLD_OPEN = "hold_open"
    EXPORTED_REPEATEDLY = "exported_repeatedly"
    DETAILS_CONFLICT = "details_conflict"  # rows disagree, but not about money, account or task
    NO_LEDGER = "no_ledger"  # nothing was ever taken in
    BEFORE_COVERAGE = "before_coverage"  # the request is earlier than the ledger reaches
    LEDGER_GAP = "ledger_gap"  # the request lies in a gap between two imports
    ID_AMBIGUOUS = "id_ambiguous"  # other ids differ from it only in case: is it the same task?
    ID_ROUNDED = "id_rounded"  # a spreadsheet turned the id into a rounded number, which names many tasks
    EXCESS_PARTLY_RETURNED = "excess_partly_returned"  # `excess` is what is left
    EXCESS_RETURNED_TWICE = "excess_returned_twice"  # `over_returned` came back beyond the excess
    REFUND_MAY_FOLLOW = "refund_may_follow"  # failed, but the ledger ends before a refund was due
    OUTCOME_FROM_LEDGER = "outcome_from_ledger"
    OUTCOME_FROM_LOOKUP = "outcome_from_lookup"  # the desk looked the task up, or its probe saw it
    OWN_PROBES_APART = "own_probes_apart"  # rows of the desk's own probes were left out
    RETRIES_EXPLAIN_ROWS = "retries_explain_rows"  # as many rows as requests went out
    MORE_ROWS_THAN_REQUESTS = "more_rows_than_requests"
    FEWER_ROWS_THAN_REQUESTS = "fewer_rows_than_requests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One charge as the ledger holds it, however often it was exported."""

    charge_id: str
    kind: ChargeKind
    amount: Decimal
    currency: str
    occurred_at: datetime
    account: str
    task_id: str = ""  # as first spelled
    task_key: str = ""  # for comparing; empty when the row has no task id
    request_id: str = ""
    request_key: str = ""
    model: str = ""
    fingerprint: str = ""
    ref_charge_id: str = ""
    component: str = ""
    outcome: str = ""  # an Outcome; empty where the ledger does not say
    exports: int = 1
    source_id: int = 0  # of the ledger: charge ids are unique within it
    conflicts: tuple[str, ...] = ()  # fields in which another export of this id says something else
    own_probe: bool = False  # paid for one of the desk's own probes


class EventKind(StrEnum):
    """What a row is in the story of its task: its kind, read in the light of the rows around it."""

    HOLD = "hold"
    SETTLEMENT = "settlement"
    RELEASE = "release"
    CHARGE = "charge"  # the one that stands
    WITHDRAWN = "withdrawn"  # a charge that was taken back before the next one
    EXTRA = "extra"  # charged again beside the one that stands
    REFUND = "refund"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"
    RESUBMISSION = "resubmission"  # the same request again, under another id
    SECOND_LOG = "second_log"  # the same call, logged once more
    OWN_PROBE = "own_probe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row of the ledger as a step of a story."""

    charge_id: str
    kind: EventKind
    amount: Decimal
    currency: str
    occurred_at: datetime
    request_id: str = ""
    component: str = ""
    outcome: str = ""
    of: str = ""  # the charge id that a settlement, refund or repetition belongs to
    exports: int = 1  # more than one: exported again, counted once
    conflicts: tuple[str, ...] = ()  # fields in which another export says something else


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStory:
    """One task from submission to settlement, in order, and what is left of it per currency."""

    task_id: str = ""  # as first spelled; empty where only a request id or a row is known
    account: str = ""
    events: tuple[Event, ...] = ()
    net: Mapping[str, Decimal] = field(default_factory=dict)  # by currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something the rows say: a ChargeCode or Remark, the rows it rests on, and its amounts."""

    code: str
    charge_ids: tuple[str, ...] = ()
    amounts: Mapping[str, Decimal] = field(default_factory=dict)  # by currency


@dataclass(frozen=True, slots=True, kw_only=True)
class WireCount:
    """How many requests a client sent, by what was declared, against how many the ledger charged.

    A declared retry may be the client library's own or the caller's on top of it, hence a range: from
    1 + declared to (1 + declared) x (1 + hidden).
    """

    rows: int  # submissions that were charged
    declared_retries: int | None  # None: the ticket does not say
    hidden_retries: int | None  # what the client library adds by itself; None: unknown client
    client: str = ""
    at_least: int = 1  # requests on the wire
    at_most: int | None = None  # None: nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFinding:
    """The answer to "was this task charged twice?", with the rows that say so."""

    code: ChargeCode
    task_ids: tuple[str, ...] = ()
    account: str = ""
    charge_ids: tuple[str, ...] = ()
    net: Mapping[str, Decimal] = field(default_factory=dict)  # by currency
    excess: Mapping[str, Decimal] = field(default_factory=dict)  # by currency; only for duplicates
    covered_until: datetime | None = None  # how far the ledger reaches
    source_id: int = 0
    source: str = ""  # slug of the ledger
    return_ids: tuple[str, ...] = ()  # refunds and reversals that the excess takes into account
    repeated_task_ids: tuple[str, ...] = ()  # repeated submissions around this task, itself included
    remarks: tuple[str, ...] = ()
    quota_per_unit: int | None = None  # of the source: quota units for one US dollar
    story: tuple[TaskStory, ...] = ()  # a story per task, the task asked for first
    statements: tuple[Statement, ...] = ()  # what is said, each with its rows; the code's own first
    over_returned: Mapping[str, Decimal] = field(default_factory=dict)  # came back beyond what was owed
    wire_count: WireCount | None = None  # only for repeated submissions
    probe_ids: tuple[str, ...] = ()  # charge ids of our own probes, counted in nothing above
    gaps: tuple[tuple[datetime, datetime], ...] = ()  # of the ledger, around the request

    @property
    def excess_usd(self) -> Decimal | None:
        """What an excess in quota units is worth in US dollars, when the source says so."""
        if "quota" not in self.excess or not self.quota_per_unit:
            return None
        return self.excess["quota"] / self.quota_per_unit


# Where several stories could be told, the one that matters most to the customer is.
GRAVITY = (
    ChargeCode.DUPLICATE,
    ChargeCode.CONFLICT,
    ChargeCode.CANNOT_TELL,
    ChargeCode.OVER_REFUNDED,
    ChargeCode.DOUBLE_LOGGED,
    ChargeCode.FAILED_UNREFUNDED,
    ChargeCode.DOUBLE_SUBMIT,
    ChargeCode.HIDDEN_RETRY,
    ChargeCode.UNDELIVERED,
    ChargeCode.REFUNDED,
    ChargeCode.HOLD_AND_SETTLE,
    ChargeCode.REEXPORT,
    ChargeCode.SINGLE,
    ChargeCode.PROBE_COST,
    ChargeCode.NO_ROWS,
)


def gravest_of(findings: Iterable[ChargeFinding]) -> ChargeFinding:
    """The first of the gravest; NO_ROWS where there is none."""
    none = ChargeFinding(code=ChargeCode.NO_ROWS)
    return min(findings, key=lambda finding: GRAVITY.index(finding.code), default=none)


# Parts of one charge are apart; two of these under one request id are one call, logged by two hooks.
_CALL_WORDS = """
    completion acompletion text_completion atext_completion responses aresponses get_responses aget_responses
    anthropic_messages generate_content agenerate_content embedding aembedding image_generation
    aimage_generation image_edit aimage_edit create_video acreate_video speech aspeech transcription
    atranscription moderation amoderation rerank arerank pass_through_endpoint allm_passthrough_route
"""
CALL_TYPES = frozenset((*_CALL_WORDS.split(), *_CALL_WORDS.replace("_", "").split()))
"""Call types of LiteLLM's spend logs (litellm/types/utils.py, CallTypes), as written and as a row's
component, which has no underscores."""


def is_charge(line: Line) -> bool:
    return line.kind is ChargeKind.CHARGE and line.amount >= 0


def is_return(line: Line) -> bool:
    """Refunds and reversals, and the negative charges by which some ledgers write them."""
    if line.kind is ChargeKind.CHARGE:
        return line.amount < 0
    return line.kind in (ChargeKind.REFUND, ChargeKind.REVERSAL)


def net_amounts(lines: Iterable[Line]) -> dict[str, Decimal]:
    """What the rows add up to, per currency."""
    net: dict[str, Decimal] = {}
    for line in lines:
        net[line.currency] = net.get(line.currency, Decimal(0)) + line.amount
    return net


def spelled_task_ids(lines: Iterable[Line]) -> tuple[str, ...]:
    """Each task once, in the spelling in which it came first."""
    spelled: dict[str, str] = {}
    for line in lines:
        if line.task_key:
            spelled.setdefault(line.task_key, line.task_id.strip())
    return tuple(spelled.values())


def ids_of(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.charge_id for line in lines)
