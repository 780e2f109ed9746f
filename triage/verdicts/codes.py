"""Every class that a ticket may turn out to be: its permanent code, owner, resend light and deciding fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from triage.verdicts.case import Owner, Resend

FACT_SUPPLIERS: Final[Mapping[str, str]] = {
    "another_network": "customer",
    "base_url": "customer",
    "client_log": "customer",
    "curl_output": "customer",
    "direct_call": "customer",
    "error_text": "customer",
    "request_body_size": "customer",
    "edge_log": "engineer",
    "gateway_log": "engineer",
    "channel_status": "engineer",
    "key_status": "engineer",
    "model_list": "engineer",
    "upstream_status": "engineer",
    "balance": "billing",
    "ledger_rows": "billing",
    "price_table": "billing",
    "long_probe": "desk",
    "second_probe": "desk",
    "task_status": "desk",
}
"""Who can supply the fact that would overturn a verdict: customer, engineer, billing, or the desk itself."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One class. `retry_dangerous`: a blind retry costs money, prolongs the fault or gets one banned."""

    code: str
    owner: Owner
    resend: Resend
    retry_dangerous: bool
    overturned_by: str

    @property
    def family(self) -> str:
        return self.code.partition(".")[0]


_OWNERS = {
    "C": Owner.CUSTOMER,
    "N": Owner.CUSTOMER_NETWORK,
    "E": Owner.EDGE,
    "G": Owner.GATEWAY,
    "U": Owner.UPSTREAM,
    "B": Owner.BILLING,
    "S": Owner.SUPPORT,
}
_LIGHTS = {"green": Resend.SAFE, "red": Resend.UNSAFE, "amber": Resend.UNKNOWN}

# code, owner, resend light before the facts of the case, retry dangerous, the fact that would overturn it
_TABLE = """
reach.connect              N green no  another_network
reach.tls                  N green no  another_network
reach.proxy_refused        N green no  another_network
reach.block_page           N red   yes another_network
edge.challenge             E red   yes edge_log
edge.blocked               E red   yes edge_log
edge.origin_unreachable    E green no  edge_log
edge.origin_slow           E red   yes edge_log
edge.gateway_down          E amber no  second_probe
client.wrong_base_url      C green no  base_url
client.body_too_large      C green no  request_body_size
auth.key_missing           C green no  curl_output
auth.key_unknown           C green no  key_status
auth.key_expired           C green no  key_status
auth.ip_not_allowed        C green no  key_status
auth.account_suspended     G red   yes key_status
auth.region                G red   yes another_network
auth.upstream_credential   G amber no  channel_status
balance.below_hold         C red   yes balance
balance.empty              C red   yes balance
quota.key_used_up          C red   yes key_status
balance.upstream_empty     G red   yes channel_status
quota.subscription         C red   yes key_status
limit.gateway_rate         C red   yes gateway_log
limit.daily_key_quota      C red   yes key_status
limit.concurrency          C red   yes gateway_log
limit.ip                   C red   yes base_url
limit.upstream_rate        C red   yes channel_status
limit.upstream_daily       C red   yes channel_status
limit.upstream_saturated   U red   yes channel_status
limit.channels_cooling     G red   yes channel_status
limit.retry_storm          C red   yes client_log
model.unknown              C green no  model_list
model.not_permitted        C green no  key_status
model.no_channel           G amber no  model_list
model.retired              C amber no  upstream_status
gateway.misconfigured      G amber no  channel_status
gateway.internal           G amber no  gateway_log
client.protocol_mismatch   C green no  curl_output
client.bad_parameter       C green no  curl_output
client.clock_skew          C green no  client_log
client.context_too_long    C green no  request_body_size
content.blocked            U amber no  gateway_log
body.error_in_200          U amber no  gateway_log
body.empty                 U amber no  second_probe
body.reasoning_only        C amber no  curl_output
body.output_limited        C amber no  curl_output
body.malformed             U amber no  curl_output
stream.flag_ignored        G amber no  curl_output
stream.fully_buffered      E amber no  direct_call
stream.block_buffered      E amber no  direct_call
stream.headers_held        E amber no  direct_call
stream.truncated           U red   yes gateway_log
stream.cut                 U red   yes gateway_log
stream.error_inside        U red   yes gateway_log
stream.stalled             U red   yes gateway_log
stream.slow_first_token    U red   yes second_probe
stream.keepalive_breaks_client C amber no curl_output
stream.client_parser       C amber no  curl_output
stream.marker_missing      U amber no  gateway_log
stream.lingers             C amber no  curl_output
stream.mislabelled         G amber no  curl_output
stream.malformed           G amber no  curl_output
stream.no_content          U red   yes second_probe
stream.client_cancelled    C red   yes gateway_log
timeout.client             C red   yes client_log
timeout.customer_proxy     N red   yes direct_call
timeout.our_proxy          E red   yes edge_log
timeout.upstream           U red   yes upstream_status
timeout.connect            N green no  another_network
timeout.retry_multiplied   C red   yes client_log
timeout.stale_keepalive    N red   yes client_log
upstream.error             U amber no  upstream_status
upstream.slow              U red   yes second_probe
upstream.overloaded        U amber no  upstream_status
task.running               U red   yes task_status
task.lost_track            G red   yes task_status
task.failed_refunded       U red   yes ledger_rows
task.failed_not_refunded   B red   yes ledger_rows
task.unknown               C red   yes task_status
task.result_expired        C red   yes task_status
task.submit_ambiguous      G red   yes ledger_rows
charge.duplicate           B red   yes ledger_rows
charge.hold_and_settle     B amber no  ledger_rows
charge.double_submit       C red   yes client_log
charge.hidden_retry        C red   yes client_log
charge.rerouted            G amber no  gateway_log
charge.undelivered         B red   yes gateway_log
charge.failed_unrefunded   B red   yes ledger_rows
charge.double_logged       B amber no  ledger_rows
charge.over_refunded       B red   yes ledger_rows
charge.undercharged        B red   yes ledger_rows
charge.unit_misread        B amber no  price_table
charge.probe_cost          B amber no  ledger_rows
charge.single              B amber no  ledger_rows
charge.refunded            B amber no  ledger_rows
charge.conflict            B red   yes ledger_rows
charge.reexport            B amber no  ledger_rows
charge.cannot_tell         B red   yes ledger_rows
charge.no_rows             B amber no  ledger_rows
ok.not_reproduced          C amber no  curl_output
ok.resolved                C amber no  second_probe
intermittent               U amber no  second_probe
inconclusive               C amber no  error_text
"""


def _read(row: str) -> Issue:
    code, owner, light, dangerous, fact = row.split()
    return Issue(code, _OWNERS[owner], _LIGHTS[light], dangerous == "yes", fact)


ISSUES: Final[Mapping[str, Issue]] = {issue.code: issue for issue in map(_read, _TABLE.strip().splitlines())}
"""By code, in the order in which the classes are listed to people."""

HELD_BACK: Final = frozenset(
    {
        *(
            "kill_switch",
            "endpoint_paused",
            "breaker_open",
            "breaker_open_reach",
            "paced",
            "pacing_unavailable",
        ),
        *("over_run_budget", "over_user_budget", "over_endpoint_budget", "over_daily_budget"),
        *("probe_key_unreadable", "worker_lost", "desk_stopped", "desk_failed"),
    }
)
"""Why the desk's own probe is missing although the ticket lacks nothing for it."""

_SAYS_NOTHING_OF_IT = ("charge.no_rows", "charge.probe_cost")


def may_have_run(finding: str) -> bool:
    """Whether this code of a finding means that the customer's request was, or may have been, carried out."""
    return finding.startswith(("task.", "charge.")) and finding not in _SAYS_NOTHING_OF_IT


SYMPTOMS: Final[Mapping[str, str]] = {
    "stream_stops": "stream.truncated",
    "stream_slow_start": "stream.slow_first_token",
    "stream_all_at_once": "stream.fully_buffered",
    "stream_garbled": "stream.client_parser",
    "timeout": "timeout.client",
    "rate_limit": "limit.gateway_rate",
    "key_refused": "auth.key_unknown",
    "no_balance": "balance.empty",
    "model_missing": "model.unknown",
    "bad_answer": "body.empty",
    "error_5xx": "upstream.error",
    "charged_twice": "charge.duplicate",
    "task_missing": "task.running",
    "other": "ok.not_reproduced",
}
"""What may be chosen as the symptom, and the class that first comes to mind: a suggestion, never a proof."""

RULES_VERSION: Final = "2026.11.7"
"""Stamped on every verdict; raise it with each change of the rules or their tables."""
