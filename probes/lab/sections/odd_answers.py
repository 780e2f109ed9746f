"""200s and redirects that are no answer, and answers that are not what was hoped for."""

from probes.lab.behaviour import FINE, Behaviour
from probes.lab.promises import AT_THE_LIMIT, Containing, answers, both, by, refuses, shows_page

BEHAVIOURS = (
    Behaviour(
        "html_200",
        "200 with the HTML of a console page.",
        "200，但内容是控制台网页。",
        ("client.wrong_base_url",),
        shows=shows_page(200),
    ),
    Behaviour(
        "login_redirect",
        "302 to a login page.",
        "302 跳转到登录页。",
        ("client.wrong_base_url", "reach.block_page"),
        shows=both({"status": 302, "location": "/login", "body_kind": "empty"}),
    ),
    Behaviour(
        "redirect_301",
        "301 to another host.",
        "301 跳转到另一个域名。",
        ("client.wrong_base_url",),
        shows=both(
            {"status": 301, "location": Containing("https://console.lab.example"), "body_kind": "empty"}
        ),
    ),
    Behaviour(
        "empty_200",
        "200 with an empty body.",
        "200，但正文为空。",
        ("body.malformed", "body.empty"),
        shows=both({"status": 200, "body_kind": "empty", "end_mode": "no_body"}),
    ),
    Behaviour(
        "malformed_json",
        "200 with JSON cut in the middle.",
        "200，但 JSON 不完整。",
        ("body.malformed",),
        shows=both(
            {
                "status": 200,
                "content_type": "application/json",
                "body_kind": "other",
                "body_excerpt": Containing("choices"),
            }
        ),
    ),
    Behaviour(
        "error_in_200",
        "200 with an error object.",
        "200，但内容是错误对象。",
        ("body.error_in_200", "upstream.error"),
        shows=refuses(200, "upstream_error", "bad_response_status_code"),
    ),
    Behaviour("blank_lines_json", "Blank lines before a correct answer.", "正确回答之前有空行。", FINE),
    Behaviour(
        "empty_content",
        "A complete answer without any text.",
        "回答完整但没有任何文字。",
        ("body.empty",),
        shows=answers(content_chars=0, tool_calls=0, reasoning_chars=0),
    ),
    Behaviour(
        "reasoning_only",
        "Only reasoning until the output limit, no text.",
        "只有思考内容直到上限，没有正文。",
        ("body.reasoning_only",),
        shows=answers(content_chars=0, reasoning_chars=272, finish_reason=AT_THE_LIMIT),
    ),
    Behaviour(
        "finish_length",
        "Stops at the output limit.",
        "达到输出上限而停止。",
        ("body.output_limited",),
        shows=answers(finish_reason=AT_THE_LIMIT),
    ),
    Behaviour(
        "finish_content_filter",
        "Stops with content_filter / refusal.",
        "以 content_filter / refusal 停止。",
        ("content.blocked",),
        shows=answers(finish_reason=by("content_filter", anthropic="refusal")),
    ),
    Behaviour(
        "block_page_200",
        "200 with the block page of an office proxy.",
        "200，但内容是公司代理的拦截页。",
        ("reach.block_page", "client.wrong_base_url"),
        shows=shows_page(200, body_excerpt=Containing("blocked by your organisation")),
    ),
)
