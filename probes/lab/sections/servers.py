"""Faults of the gateway itself or of what is behind it."""

from probes.lab.behaviour import Behaviour
from probes.lab.promises import Containing, after_units, by, refuses

_SERVER = ("upstream.error", "gateway.internal")

BEHAVIOURS = (
    Behaviour(
        "error_500",
        "500 JSON.",
        "500，JSON 错误。",
        _SERVER,
        shows=refuses(500, by("server_error", anthropic="api_error")),
    ),
    Behaviour(
        "gateway_500",
        "500 of the gateway itself.",
        "500，网关自身的错误。",
        ("gateway.internal",),
        shows=refuses(500, "new_api_error", "get_channel_failed"),
    ),
    Behaviour(
        "misconfigured_500",
        "500: the price of this model is not configured.",
        "500，该模型的价格未配置。",
        ("gateway.misconfigured",),
        shows=refuses(500, "new_api_error", "model_price_error"),
    ),
    Behaviour(
        "no_channel_503",
        "503 whose text says that no channel serves this model in this group.",
        "503，当前分组下该模型无可用渠道。",
        ("model.no_channel", "model.unknown", "model.retired"),
        shows=refuses(503, "new_api_error", "model_not_found", error_message=Containing("无可用渠道")),
    ),
    Behaviour(
        "overloaded_503",
        "503 server_is_overloaded.",
        "503，上游过载（server_is_overloaded）。",
        ("upstream.overloaded",),
        shows=refuses(503, by("service_unavailable_error", anthropic="api_error"), "server_is_overloaded"),
    ),
    Behaviour(
        "overloaded_529",
        "529 overloaded.",
        "529，上游过载。",
        ("upstream.overloaded",),
        shows=refuses(529, "overloaded_error", "overloaded_error"),
    ),
    Behaviour(
        "json_504",
        "504 JSON: the upstream timed out.",
        "504，JSON：上游超时。",
        ("timeout.upstream",),
        unit="seconds",
        default=1,
        shows=refuses(504, "upstream_error", "channel:response_time_exceeded", headers_ms=after_units(900)),
    ),
    Behaviour(
        "json_408",
        "408 JSON: the upstream timed out.",
        "408，JSON：上游超时。",
        ("timeout.upstream",),
        unit="seconds",
        default=1,
        shows=refuses(408, "timeout_error", "408", headers_ms=after_units(900)),
    ),
)
