"""Every behaviour of the lab: its name, what it does, and which verdicts a right diagnosis may give.

A model name is `name` or `name:arg`. `expect` holds verdict codes for a ticket that declares nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_CHAT = ("openai_chat", "openai_responses", "anthropic")
_OPENAI = ("openai_chat",)
_MARKED = ("openai_chat", "anthropic")
_TASK = ("media_task",)

_FINE = ("ok.not_reproduced",)
_REFUSED_KEY = ("auth.key_unknown", "auth.key_missing", "auth.key_expired", "auth.upstream_credential")
_RATE = ("limit.gateway_rate", "limit.upstream_rate")
_NO_MONEY = ("balance.empty", "balance.below_hold", "balance.upstream_empty", "quota.key_used_up")
_BUFFERED = ("stream.fully_buffered", "stream.block_buffered")
_BLOCKED = ("edge.challenge", "edge.blocked", "reach.block_page", "auth.region")
_SERVER = ("upstream.error", "gateway.internal")
_CUT = ("stream.cut",)
_NO_ANSWER = ("reach.connect", "timeout.stale_keepalive")
_NOT_HTTP = ("reach.connect", "upstream.error", "gateway.internal", "edge.gateway_down", "body.malformed")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`unit` says what the argument counts; it is empty, and `default` 0, where there is none.

    `protocols` are those in which the behaviour shows; in another one it is as healthy as can be.
    """

    name: str
    english: str
    chinese: str
    expect: tuple[str, ...]
    unit: str = ""
    default: float = 0
    protocols: tuple[str, ...] = _CHAT


_HEALTHY = (
    Behaviour("ok", "A normal answer, streamed or not.", "正常回答，流式与非流式均可。", _FINE),
    Behaviour(
        "usage_chunk",
        "The last chunk has usage and empty choices.",
        "最后一个数据块只有用量，choices 为空。",
        _FINE,
        protocols=_OPENAI,
    ),
    Behaviour("no_space", "No space after `data:`.", "`data:` 后面没有空格。", _FINE),
    Behaviour("crlf", "Lines end with CR LF.", "行尾为 CR LF。", _FINE),
    Behaviour("cr_only", "Lines end with CR alone.", "行尾只有 CR。", _FINE),
    Behaviour("bom", "A byte order mark opens the stream.", "流以字节顺序标记（BOM）开头。", _FINE),
    Behaviour("one_byte", "Every byte comes as a chunk of its own.", "每个字节单独成块发送。", _FINE),
    Behaviour(
        "empty_data_lines",
        "Empty `data:` events stand between the others.",
        "事件之间夹有空的 `data:`。",
        _FINE,
    ),
    Behaviour(
        "after_done",
        "A stray chunk follows the end marker.",
        "结束标记之后还有一个多余的数据块。",
        _FINE,
        protocols=_OPENAI,
    ),
    Behaviour(
        "done_no_blank_line",
        "The end marker lacks its blank line.",
        "结束标记之后缺少空行。",
        (*_FINE, "stream.marker_missing"),
    ),
    Behaviour(
        "u2028",
        "Text holds U+2028 and U+0085, which careless parsers take for line ends.",
        "文本含 U+2028 与 U+0085，粗心的解析器会当成换行。",
        _FINE,
    ),
    Behaviour(
        "split_utf8",
        "Chinese characters are cut across network reads.",
        "汉字被切在两次网络读取之间。",
        _FINE,
    ),
    Behaviour("gzip_stream", "gzip, flushed after every event.", "gzip 压缩，但每个事件都立即刷新。", _FINE),
    Behaviour(
        "heartbeat_then_ok",
        "Heartbeats for a while, then a normal answer.",
        "先发一段时间心跳，然后正常回答。",
        (*_FINE, "stream.slow_first_token"),
        "seconds",
        4,
    ),
    Behaviour("reasoning", "Reasoning deltas before the text.", "先输出思考内容，再输出正文。", _FINE),
    Behaviour("tool_calls", "Answers with a tool call.", "以工具调用作答。", _FINE),
    Behaviour(
        "lingers",
        "The connection stays open after the end marker.",
        "结束标记之后连接仍不关闭。",
        (*_FINE, "stream.lingers"),
        "seconds",
        30,
    ),
)

_SLOW = (
    Behaviour(
        "slow_first_token",
        "The stream opens at once, the first text comes late.",
        "流立即打开，但首字很晚才到。",
        ("stream.slow_first_token", "upstream.slow"),
        "seconds",
        6,
    ),
    Behaviour(
        "slow_headers_ttfb",
        "Nothing at all, not even headers, for a while; then a normal answer.",
        "先是完全无响应（连响应头也没有），然后正常回答。",
        ("upstream.slow", "stream.slow_first_token", "timeout.client"),
        "seconds",
        8,
    ),
    Behaviour(
        "slow_total",
        "A correct answer at a slow pace, streamed or not.",
        "回答正确但整体很慢，流式与非流式都慢。",
        ("upstream.slow", "ok.not_reproduced"),
        "seconds",
        8,
    ),
    Behaviour(
        "headers_held",
        "Headers wait until the first text, then the stream flows normally.",
        "响应头被扣到首字才发出，之后正常流动。",
        ("stream.headers_held", "stream.slow_first_token"),
        "seconds",
        4,
    ),
    Behaviour(
        "buffered",
        "The whole stream is held back and delivered at once.",
        "整个流被攒住，最后一次性送达。",
        _BUFFERED,
        "seconds",
        4,
    ),
    Behaviour(
        "buffered_length",
        "As `buffered`, and the headers wait too and name a content-length.",
        "同 `buffered`，且响应头也被扣住并带 content-length。",
        (*_BUFFERED, "stream.headers_held"),
        "seconds",
        4,
    ),
    Behaviour(
        "buffered_4k", "Delivered in lumps of 4 KiB.", "每攒满 4 KiB 才送达一次。", _BUFFERED, "seconds", 3
    ),
    Behaviour(
        "buffered_16k", "Delivered in lumps of 16 KiB.", "每攒满 16 KiB 才送达一次。", _BUFFERED, "seconds", 3
    ),
    Behaviour(
        "gzip_buffered",
        "gzip without flushing: one lump at the end.",
        "gzip 压缩且不刷新：最后一次性送达。",
        _BUFFERED,
        "seconds",
        4,
    ),
)

_BROKEN_STREAMS = (
    Behaviour(
        "stall_mid",
        "Two text deltas, then silence with the connection open.",
        "输出两段文字后沉默，连接不关闭。",
        ("stream.stalled",),
        "seconds",
        120,
    ),
    Behaviour(
        "stall_headers",
        "Event-stream headers, then silence.",
        "只发出响应头，随后沉默。",
        ("stream.stalled", "stream.no_content"),
        "seconds",
        120,
    ),
    Behaviour("reset_mid", "TCP reset after two text deltas.", "输出两段文字后连接被重置。", _CUT),
    Behaviour("truncated_chunked", "The connection closes inside a chunk.", "连接在数据块中途关闭。", _CUT),
    Behaviour(
        "clean_eof_mid",
        "Ends in good order after two deltas: neither finish reason nor end marker.",
        "两段文字后正常关闭：既无结束原因也无结束标记。",
        ("stream.truncated",),
    ),
    Behaviour(
        "no_done",
        "A finish reason, but no end marker.",
        "有结束原因，但没有结束标记。",
        ("stream.marker_missing",),
        protocols=_MARKED,
    ),
    Behaviour(
        "missing_finish",
        "The end marker without any finish reason.",
        "有结束标记，但没有结束原因。",
        ("stream.truncated", "stream.malformed", "stream.marker_missing"),
        protocols=_MARKED,
    ),
    Behaviour(
        "tool_call_cut",
        "Stops inside a tool call's arguments because the output limit is reached.",
        "达到输出上限，工具调用的参数被截断。",
        ("body.output_limited",),
    ),
    Behaviour(
        "tool_call_eof",
        "Ends in good order inside a tool call's arguments.",
        "在工具调用参数中途正常关闭。",
        ("stream.truncated",),
    ),
    Behaviour(
        "heartbeat_only",
        "Heartbeats, never data.",
        "只有心跳，从不输出数据。",
        ("stream.no_content",),
        "seconds",
        20,
    ),
    Behaviour(
        "marker_only",
        "The end marker and nothing else.",
        "只有结束标记，没有任何内容。",
        ("stream.no_content", "body.empty"),
        protocols=_MARKED,
    ),
    Behaviour(
        "error_in_stream",
        "Two deltas, then an error object, status 200.",
        "两段文字后出现错误对象，状态码仍为 200。",
        ("stream.error_inside", "body.error_in_200"),
    ),
    Behaviour(
        "error_in_stream_overloaded",
        "overloaded_error as the first event of a 200 stream.",
        "200 流的第一个事件就是 overloaded_error。",
        ("upstream.overloaded", "stream.error_inside"),
    ),
    Behaviour(
        "error_unframed",
        "Two deltas, then a bare JSON error line without `data:`.",
        "两段文字后是一行没有 `data:` 的 JSON 错误。",
        ("stream.error_inside", "stream.malformed"),
    ),
    Behaviour(
        "broken_json_chunk",
        "One event holds half a JSON object.",
        "其中一个事件只有半个 JSON 对象。",
        ("stream.malformed",),
    ),
    Behaviour(
        "invalid_utf8",
        "One event holds bytes that are not UTF-8.",
        "其中一个事件含非法 UTF-8 字节。",
        ("stream.malformed",),
    ),
    Behaviour(
        "double_answer",
        "The whole answer is sent twice before the end marker.",
        "结束标记之前整个回答发送了两遍。",
        ("stream.malformed",),
        protocols=_MARKED,
    ),
    Behaviour(
        "retried_inside",
        "Two deltas, then a second answer from the start under another id.",
        "两段文字后以另一个 id 从头重新回答。",
        ("stream.malformed",),
        protocols=_MARKED,
    ),
    Behaviour("double_delta", "Every text delta comes twice.", "每段文字都发送两次。", ("stream.malformed",)),
    Behaviour(
        "long_event",
        "One event of several MiB.",
        "单个事件长达数 MiB。",
        ("stream.malformed", "ok.not_reproduced"),
        "MiB",
        2,
    ),
    Behaviour(
        "endless_body",
        "Text that never ends.",
        "正文永不结束。",
        ("upstream.slow", "stream.malformed", "stream.cut", "stream.stalled", "inconclusive"),
        "seconds",
        300,
    ),
    Behaviour(
        "flag_ignored_json",
        "stream=true is answered with one JSON object.",
        "stream=true 却返回单个 JSON。",
        ("stream.flag_ignored",),
    ),
    Behaviour(
        "stream_forced",
        "stream=false is answered with a stream.",
        "stream=false 却返回流。",
        ("client.protocol_mismatch", "body.malformed"),
    ),
    Behaviour(
        "sse_as_json",
        "Well-formed events under application/json.",
        "格式正确的事件流，却标为 application/json。",
        ("stream.mislabelled",),
    ),
    Behaviour(
        "mislabelled",
        "Well-formed events under text/plain.",
        "格式正确的事件流，却标为 text/plain。",
        ("stream.mislabelled",),
    ),
    Behaviour(
        "unlabelled",
        "Well-formed events without a content type.",
        "格式正确的事件流，却没有 content-type。",
        ("stream.mislabelled",),
    ),
    Behaviour(
        "ndjson_stream",
        "Newline-delimited JSON instead of SSE.",
        "用逐行 JSON 代替 SSE。",
        ("stream.malformed", "stream.flag_ignored", "stream.mislabelled"),
    ),
    Behaviour(
        "stream_500",
        "stream=true answers 500; stream=false works.",
        "stream=true 返回 500，stream=false 正常。",
        ("client.protocol_mismatch", *_SERVER),
    ),
    Behaviour(
        "stream_only_400",
        "stream=false is refused with 400; stream=true works.",
        "stream=false 返回 400，stream=true 正常。",
        ("client.protocol_mismatch",),
    ),
)

_ODD_ANSWERS = (
    Behaviour(
        "html_200",
        "200 with the HTML of a console page.",
        "200，但内容是控制台网页。",
        ("client.wrong_base_url",),
    ),
    Behaviour(
        "login_redirect",
        "302 to a login page.",
        "302 跳转到登录页。",
        ("client.wrong_base_url", "reach.block_page"),
    ),
    Behaviour("redirect_301", "301 to another host.", "301 跳转到另一个域名。", ("client.wrong_base_url",)),
    Behaviour("empty_200", "200 with an empty body.", "200，但正文为空。", ("body.malformed", "body.empty")),
    Behaviour(
        "malformed_json", "200 with JSON cut in the middle.", "200，但 JSON 不完整。", ("body.malformed",)
    ),
    Behaviour(
        "error_in_200",
        "200 with an error object.",
        "200，但内容是错误对象。",
        ("body.error_in_200", "upstream.error"),
    ),
    Behaviour("blank_lines_json", "Blank lines before a correct answer.", "正确回答之前有空行。", _FINE),
    Behaviour(
        "empty_content", "A complete answer without any text.", "回答完整但没有任何文字。", ("body.empty",)
    ),
    Behaviour(
        "reasoning_only",
        "Only reasoning until the output limit, no text.",
        "只有思考内容直到上限，没有正文。",
        ("body.reasoning_only",),
    ),
    Behaviour(
        "finish_length", "Stops at the output limit.", "达到输出上限而停止。", ("body.output_limited",)
    ),
    Behaviour(
        "finish_content_filter",
        "Stops with content_filter / refusal.",
        "以 content_filter / refusal 停止。",
        ("content.blocked",),
    ),
    Behaviour(
        "block_page_200",
        "200 with the block page of an office proxy.",
        "200，但内容是公司代理的拦截页。",
        ("reach.block_page", "client.wrong_base_url"),
    ),
)

_REFUSALS = (
    Behaviour(
        "bad_param_400", "400 that names a parameter.", "400，并指出有误的参数。", ("client.bad_parameter",)
    ),
    Behaviour(
        "param_422",
        "422: the body does not fit the schema.",
        "422，请求体不符合结构。",
        ("client.bad_parameter",),
    ),
    Behaviour(
        "context_length_400",
        "400 context length exceeded.",
        "400，超出上下文长度。",
        ("client.context_too_long",),
    ),
    Behaviour(
        "content_filter_400",
        "400 content_filter from the upstream.",
        "400，上游内容审查拦截。",
        ("content.blocked",),
    ),
    Behaviour(
        "sensitive_words_400",
        "400: the gateway found sensitive words.",
        "400，网关检测到敏感词。",
        ("content.blocked",),
    ),
    Behaviour(
        "not_a_chat_model_404",
        "404: the model does not serve this endpoint.",
        "404，该模型不支持此接口。",
        ("client.protocol_mismatch", "model.unknown"),
    ),
    Behaviour(
        "new_api_500_invalid_request",
        "500 whose code says invalid_request.",
        "500，但错误码是 invalid_request。",
        ("client.bad_parameter",),
    ),
    Behaviour("too_large_413", "413 HTML page of nginx.", "413，nginx 的网页。", ("client.body_too_large",)),
    Behaviour("too_large_413_json", "413 with a JSON error.", "413，JSON 错误。", ("client.body_too_large",)),
    Behaviour(
        "invalid_url_404", "404 Invalid URL.", "404，地址无效（Invalid URL）。", ("client.wrong_base_url",)
    ),
    Behaviour(
        "detail_404",
        '404 {"detail":"Not Found"}.',
        '404，未找到：{"detail":"Not Found"}。',
        ("client.wrong_base_url",),
    ),
    Behaviour(
        "method_405",
        "405, typical after a redirect turned POST into GET.",
        "405，常见于跳转把 POST 变成 GET。",
        ("client.wrong_base_url",),
    ),
    Behaviour("model_404", "404 model not found.", "404，模型不存在。", ("model.unknown", "model.retired")),
    Behaviour(
        "model_retired_404",
        "404: the model has been retired.",
        "404，模型已下线。",
        ("model.retired", "model.unknown"),
    ),
    Behaviour(
        "model_403",
        "403: the key may not use this model.",
        "403，该令牌无权使用此模型。",
        ("model.not_permitted",),
    ),
    Behaviour(
        "ip_not_allowed_403",
        "403: source address not in the key's allow-list.",
        "403，来源地址不在令牌白名单内。",
        ("auth.ip_not_allowed",),
    ),
    Behaviour(
        "suspended_403", "403: the account is suspended.", "403，用户已被封禁。", ("auth.account_suspended",)
    ),
    Behaviour(
        "region_403", "403: country or region not supported.", "403，国家或地区不受支持。", ("auth.region",)
    ),
)

_KEYS_AND_MONEY = (
    Behaviour(
        "auth_401", "401 invalid key, in a gateway's words.", "401，令牌无效（网关文案）。", _REFUSED_KEY
    ),
    Behaviour(
        "invalid_key_401",
        "401 invalid_api_key, in OpenAI's or Anthropic's words.",
        "401，密钥无效（官方文案）。",
        _REFUSED_KEY,
    ),
    Behaviour("key_missing_401", "401: no key was sent.", "401，未提供令牌。", ("auth.key_missing",)),
    Behaviour("key_expired_401", "401: the key has expired.", "401，该令牌已过期。", ("auth.key_expired",)),
    Behaviour(
        "key_quota_401",
        "401: the key's own quota is used up.",
        "401，该令牌额度已用尽。",
        ("quota.key_used_up",),
    ),
    Behaviour(
        "upstream_key_401",
        "401 whose text names the upstream provider.",
        "401，文案指明是上游密钥的问题。",
        ("auth.upstream_credential",),
    ),
    Behaviour(
        "echo_key",
        "401 whose text repeats the caller's key.",
        "401，错误文本里回显了调用方的密钥。",
        _REFUSED_KEY,
    ),
    Behaviour(
        "clock_skew_401",
        "401: the request timestamp / token is not yet valid.",
        "401，请求时间戳或令牌尚未生效。",
        ("client.clock_skew",),
    ),
    Behaviour(
        "credit_low_400",
        "400: the provider's credit balance is too low.",
        "400，上游额度过低。",
        ("balance.upstream_empty", "balance.empty"),
    ),
    Behaviour(
        "payment_402",
        "402 insufficient balance.",
        "402，余额不足。",
        ("balance.empty", "balance.upstream_empty"),
    ),
    Behaviour(
        "balance_403",
        "403 insufficient_user_quota: the hold is larger than the balance.",
        "403，预扣费额度大于剩余额度。",
        ("balance.below_hold",),
    ),
    Behaviour(
        "balance_empty_403",
        "403 insufficient_user_quota with nothing left.",
        "403，剩余额度为零。",
        ("balance.empty",),
    ),
    Behaviour(
        "hold_units_403",
        "403 in quota units: quota, preConsumedQuota, is not enough.",
        "403，以额度单位说明预扣不足。",
        ("balance.below_hold",),
    ),
    Behaviour(
        "prequota_403",
        "403 pre_consume_token_quota_failed: the key's quota is below the hold.",
        "403，令牌额度低于预扣额度。",
        ("quota.key_used_up", "balance.below_hold"),
    ),
    Behaviour(
        "budget_429",
        "429 budget_exceeded of a proxy.",
        "429，代理的预算已用完。",
        ("quota.subscription", "limit.daily_key_quota"),
    ),
    Behaviour(
        "quota_insufficient",
        "429 insufficient_quota: waiting does not help.",
        "429，insufficient_quota：等待无用。",
        _NO_MONEY,
    ),
)

_LIMITS = (
    Behaviour(
        "rate_limit", "429 with Retry-After in seconds.", "429，Retry-After 为秒数。", _RATE, "seconds", 20
    ),
    Behaviour(
        "rate_limit_date",
        "429 with Retry-After as a date.",
        "429，Retry-After 为日期。",
        _RATE,
        "seconds",
        30,
    ),
    Behaviour(
        "rate_limit_ms", "429 with retry-after-ms.", "429，带 retry-after-ms。", _RATE, "milliseconds", 1500
    ),
    Behaviour(
        "rate_limit_headers",
        "429 with x-ratelimit-* headers, nothing remaining.",
        "429，带 x-ratelimit-*，剩余为零。",
        _RATE,
        "seconds",
        12,
    ),
    Behaviour(
        "anthropic_rate_limit",
        "429 with anthropic-ratelimit-* headers.",
        "429，带 anthropic-ratelimit-*。",
        _RATE,
        "seconds",
        25,
    ),
    Behaviour(
        "rate_limit_reset_iso",
        "429 body with resetAt as ISO time.",
        "429，正文 resetAt 为 ISO 时间。",
        _RATE,
        "seconds",
        45,
    ),
    Behaviour(
        "rate_limit_reset_epoch_s",
        "429 body with resetAt in epoch seconds.",
        "429，正文 resetAt 为秒级时间戳。",
        _RATE,
        "seconds",
        45,
    ),
    Behaviour(
        "rate_limit_reset_epoch_ms",
        "429 body with resetAt in epoch milliseconds.",
        "429，正文 resetAt 为毫秒级时间戳。",
        _RATE,
        "seconds",
        45,
    ),
    Behaviour(
        "rate_limit_concurrency",
        "429: too many concurrent requests.",
        "429，并发请求过多。",
        ("limit.concurrency",),
    ),
    Behaviour(
        "gateway_rate_cn",
        "429 with a gateway's Chinese text: so many requests in so many minutes.",
        "429，您已达到请求数限制。",
        ("limit.gateway_rate",),
    ),
    Behaviour(
        "quota_daily_cn",
        "429 with Chinese text: the key's daily quota is used up; resetAt next midnight UTC+8.",
        "429，令牌当日额度已用完，resetAt 为北京时间次日零点。",
        ("limit.daily_key_quota",),
    ),
    Behaviour(
        "upstream_saturated_429",
        "429: the upstream of this group is saturated.",
        "429，当前分组上游负载已饱和。",
        ("limit.upstream_saturated", "limit.upstream_rate"),
    ),
    Behaviour(
        "limit_ip_empty", "429 with an empty body.", "429，正文为空。", ("limit.ip", "client.wrong_base_url")
    ),
    Behaviour(
        "gemini_exhausted",
        "429 RESOURCE_EXHAUSTED with a per-day quota id and a short retryDelay.",
        "429，RESOURCE_EXHAUSTED：按日配额，却给出很短的 retryDelay。",
        ("limit.upstream_daily",),
    ),
    Behaviour(
        "litellm_cooldown",
        "429: no deployments available, all are cooling down.",
        "429，所有部署都在冷却中。",
        ("limit.channels_cooling",),
        "seconds",
        30,
    ),
)

_EDGE = (
    Behaviour("waf_403_html", "403 HTML block page of a CDN.", "403，CDN 的拦截网页。", _BLOCKED),
    Behaviour(
        "challenge_403",
        "403 challenge page, cf-mitigated: challenge.",
        "403，CDN 人机验证页。",
        ("edge.challenge",),
    ),
    Behaviour(
        "challenge_429",
        "The same challenge page under 429.",
        "同样的人机验证页，状态码为 429。",
        ("edge.challenge",),
    ),
    Behaviour("bad_gateway_502", "502 HTML page of nginx.", "502，nginx 的网页。", ("edge.gateway_down",)),
    Behaviour("maintenance_503", "503 HTML maintenance page.", "503，维护页面。", ("edge.gateway_down",)),
    Behaviour(
        "gateway_timeout_504",
        "504 HTML page of nginx, after a while.",
        "等待之后返回 504，nginx 的网页。",
        ("edge.origin_slow", "timeout.our_proxy", "timeout.upstream"),
        "seconds",
        1,
    ),
    Behaviour(
        "cdn_524",
        "524 page of a CDN: the origin took too long.",
        "524，CDN 等待源站超时。",
        ("edge.origin_slow", "timeout.our_proxy", "timeout.upstream"),
    ),
    Behaviour(
        "cdn_521",
        "521 page of a CDN: the origin refused the connection.",
        "521，源站拒绝 CDN 的连接。",
        ("edge.origin_unreachable",),
    ),
    Behaviour(
        "proxy_407",
        "407: a proxy wants its own credentials.",
        "407，代理要求认证。",
        ("reach.proxy_refused",),
    ),
)

_SERVER_FAULTS = (
    Behaviour("error_500", "500 JSON.", "500，JSON 错误。", _SERVER),
    Behaviour("gateway_500", "500 of the gateway itself.", "500，网关自身的错误。", ("gateway.internal",)),
    Behaviour(
        "misconfigured_500",
        "500: the price of this model is not configured.",
        "500，该模型的价格未配置。",
        ("gateway.misconfigured",),
    ),
    Behaviour(
        "no_channel_503",
        "503 whose text says that no channel serves this model in this group.",
        "503，当前分组下该模型无可用渠道。",
        ("model.no_channel", "model.unknown", "model.retired"),
    ),
    Behaviour(
        "overloaded_503",
        "503 server_is_overloaded.",
        "503，上游过载（server_is_overloaded）。",
        ("upstream.overloaded",),
    ),
    Behaviour("overloaded_529", "529 overloaded.", "529，上游过载。", ("upstream.overloaded",)),
    Behaviour(
        "json_504",
        "504 JSON: the upstream timed out.",
        "504，JSON：上游超时。",
        ("timeout.upstream",),
        "seconds",
        1,
    ),
    Behaviour(
        "json_408",
        "408 JSON: the upstream timed out.",
        "408，JSON：上游超时。",
        ("timeout.upstream",),
        "seconds",
        1,
    ),
    Behaviour(
        "intermittent",
        "Every so-manieth request answers 502, the others are fine.",
        "每第 N 个请求返回 502，其余正常。",
        ("intermittent", "ok.not_reproduced", "edge.gateway_down"),
        "requests",
        3,
    ),
)

_WRECKS = (
    Behaviour(
        "reset_before_headers",
        "TCP reset instead of an answer.",
        "不给回答，直接重置连接。",
        (*_NO_ANSWER, "timeout.connect"),
    ),
    Behaviour(
        "close_before_headers",
        "The connection closes without an answer.",
        "不给回答，直接关闭连接。",
        _NO_ANSWER,
    ),
    Behaviour(
        "never_answers",
        "The request is read, nothing ever comes back.",
        "收下请求后永不回应。",
        ("timeout.upstream", "upstream.slow"),
        "seconds",
        120,
    ),
    Behaviour(
        "endless_headers",
        "Headers that never end.",
        "响应头永不结束。",
        (*_NOT_HTTP, "timeout.upstream", "inconclusive"),
        "seconds",
        300,
    ),
    Behaviour("bad_status_line", "A status line that is not HTTP.", "状态行不是 HTTP。", _NOT_HTTP),
    Behaviour(
        "wrong_content_length",
        "Fewer bytes than content-length says.",
        "实际字节少于 content-length。",
        (*_CUT, "body.malformed", "upstream.error"),
    ),
    Behaviour(
        "bad_chunk_size", "A chunk size that is not a number.", "数据块长度不是数字。", (*_CUT, *_NOT_HTTP)
    ),
    Behaviour(
        "gzip_bomb",
        "A small gzip body that unfolds to many MiB.",
        "很小的 gzip 正文，解压后非常大。",
        ("body.malformed", "inconclusive", "stream.malformed"),
        "MiB",
        64,
    ),
)

_TASKS = (
    Behaviour(
        "task_ok",
        "The task is done and its result can be fetched.",
        "任务已完成，结果可下载。",
        _FINE,
        protocols=_TASK,
    ),
    Behaviour(
        "task_queued", "The task waits in the queue.", "任务排队中。", ("task.running",), protocols=_TASK
    ),
    Behaviour(
        "task_slow", "The task is making progress.", "任务仍在推进。", ("task.running",), protocols=_TASK
    ),
    Behaviour(
        "task_stuck",
        "The task has not moved for a day.",
        "任务一天没有进展。",
        ("task.lost_track", "task.running"),
        protocols=_TASK,
    ),
    Behaviour(
        "task_fail",
        "The task failed.",
        "任务失败。",
        ("task.failed_refunded", "task.failed_not_refunded"),
        protocols=_TASK,
    ),
    Behaviour(
        "task_fail_charged",
        "The task failed, and its charge stands.",
        "任务失败，扣费未退。",
        ("task.failed_not_refunded", "charge.undelivered"),
        protocols=_TASK,
    ),
    Behaviour(
        "task_lost",
        "Failed on the outside, still in progress inside.",
        "外层标为失败，内层仍在进行。",
        ("task.lost_track",),
        protocols=_TASK,
    ),
    Behaviour(
        "task_synonym",
        "Done, in a word that many clients do not know.",
        "已完成，但状态用词少见。",
        (*_FINE, "task.lost_track"),
        protocols=_TASK,
    ),
    Behaviour(
        "task_expired",
        "Done, but the result can no longer be fetched.",
        "已完成，但结果已过期。",
        ("task.result_expired",),
        protocols=_TASK,
    ),
    Behaviour("task_unknown", "404: no such task.", "404，没有此任务。", ("task.unknown",), protocols=_TASK),
)

SECTIONS: Mapping[str, tuple[Behaviour, ...]] = {
    "Healthy, though some clients stumble": _HEALTHY,
    "Slow and held back": _SLOW,
    "Broken streams": _BROKEN_STREAMS,
    "Odd 200s and redirects": _ODD_ANSWERS,
    "Requests refused": _REFUSALS,
    "Keys and money": _KEYS_AND_MONEY,
    "Limits": _LIMITS,
    "Edges and proxies": _EDGE,
    "Server faults": _SERVER_FAULTS,
    "Not quite HTTP": _WRECKS,
    "Media tasks, by task id": _TASKS,
}

BEHAVIOURS: Mapping[str, Behaviour] = {row.name: row for rows in SECTIONS.values() for row in rows}


def parse_model(model: str) -> tuple[Behaviour, float] | None:
    """The behaviour and argument that a model name asks for; None for a model that the lab does not have."""
    name, _, arg = model.partition(":")
    behaviour = BEHAVIOURS.get(name)
    if behaviour is None:
        return None
    try:
        return behaviour, float(arg) if arg else behaviour.default
    except ValueError:
        return None
