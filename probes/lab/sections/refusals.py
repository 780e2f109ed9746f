"""Refusals of a request, of a model or of who asks."""

from probes.lab.behaviour import Behaviour
from probes.lab.promises import Containing, by, refuses, shows_page

BEHAVIOURS = (
    Behaviour(
        "bad_param_400",
        "400 that names a parameter.",
        "400，并指出有误的参数。",
        ("client.bad_parameter",),
        shows=refuses(
            400, "invalid_request_error", "unsupported_value", error_param=by("temperature", anthropic="")
        ),
    ),
    Behaviour(
        "param_422",
        "422: the body does not fit the schema.",
        "422，请求体不符合结构。",
        ("client.bad_parameter",),
        shows=refuses(422, "float_parsing", error_param="body.temperature"),
    ),
    Behaviour(
        "context_length_400",
        "400 context length exceeded.",
        "400，超出上下文长度。",
        ("client.context_too_long",),
        shows=refuses(
            400, "invalid_request_error", "context_length_exceeded", error_param=by("messages", anthropic="")
        ),
    ),
    Behaviour(
        "content_filter_400",
        "400 content_filter from the upstream.",
        "400，上游内容审查拦截。",
        ("content.blocked",),
        shows=refuses(400, "invalid_request_error", "content_filter"),
    ),
    Behaviour(
        "sensitive_words_400",
        "400: the gateway found sensitive words.",
        "400，网关检测到敏感词。",
        ("content.blocked",),
        shows=refuses(400, "new_api_error", "sensitive_words_detected"),
    ),
    Behaviour(
        "not_a_chat_model_404",
        "404: the model does not serve this endpoint.",
        "404，该模型不支持此接口。",
        ("client.protocol_mismatch", "model.unknown"),
        shows=refuses(
            404,
            by("invalid_request_error", anthropic="not_found_error"),
            error_message=Containing("not a chat model"),
        ),
    ),
    Behaviour(
        "new_api_500_invalid_request",
        "500 whose code says invalid_request.",
        "500，但错误码是 invalid_request。",
        ("client.bad_parameter",),
        shows=refuses(500, "new_api_error", "invalid_request"),
    ),
    Behaviour(
        "too_large_413",
        "413 HTML page of nginx.",
        "413，nginx 的网页。",
        ("client.body_too_large",),
        shows=shows_page(413),
    ),
    Behaviour(
        "too_large_413_json",
        "413 with a JSON error.",
        "413，JSON 错误。",
        ("client.body_too_large",),
        shows=refuses(413, "new_api_error", "read_request_body_failed"),
    ),
    Behaviour(
        "invalid_url_404",
        "404 Invalid URL.",
        "404，地址无效（Invalid URL）。",
        ("client.wrong_base_url",),
        shows=refuses(404, "invalid_request_error", error_message=Containing("Invalid URL")),
    ),
    Behaviour(
        "detail_404",
        '404 {"detail":"Not Found"}.',
        '404，未找到：{"detail":"Not Found"}。',
        ("client.wrong_base_url",),
        shows=refuses(404, error_message="Not Found"),
    ),
    Behaviour(
        "method_405",
        "405, typical after a redirect turned POST into GET.",
        "405，常见于跳转把 POST 变成 GET。",
        ("client.wrong_base_url",),
        shows=refuses(405, error_message="Method Not Allowed"),
    ),
    Behaviour(
        "model_404",
        "404 model not found.",
        "404，模型不存在。",
        ("model.unknown", "model.retired"),
        shows=refuses(404, by("invalid_request_error", anthropic="not_found_error"), "model_not_found"),
    ),
    Behaviour(
        "model_retired_404",
        "404: the model has been retired.",
        "404，模型已下线。",
        ("model.retired", "model.unknown"),
        shows=refuses(
            404,
            by("invalid_request_error", anthropic="not_found_error"),
            "model_not_found",
            error_message=by(Containing("deprecated"), anthropic=Containing("retired")),
        ),
    ),
    Behaviour(
        "model_403",
        "403: the key may not use this model.",
        "403，该令牌无权使用此模型。",
        ("model.not_permitted",),
        shows=refuses(403, "new_api_error", error_message=Containing("无权使用模型")),
    ),
    Behaviour(
        "ip_not_allowed_403",
        "403: source address not in the key's allow-list.",
        "403，来源地址不在令牌白名单内。",
        ("auth.ip_not_allowed",),
        shows=refuses(403, "new_api_error", error_message=Containing("ip")),
    ),
    Behaviour(
        "suspended_403",
        "403: the account is suspended.",
        "403，用户已被封禁。",
        ("auth.account_suspended",),
        shows=refuses(403, "new_api_error", error_message=Containing("封禁")),
    ),
    Behaviour(
        "region_403",
        "403: country or region not supported.",
        "403，国家或地区不受支持。",
        ("auth.region",),
        shows=refuses(
            403, by("request_forbidden", anthropic="permission_error"), "unsupported_country_region_territory"
        ),
    ),
)
