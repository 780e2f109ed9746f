"""What says the same in other words, and what only looks like it."""

import pytest

from probes.wire.facts import BodyKind, EndMode, Facts
from tests.cases.labelled import NOW
from triage.verdicts.case import Case, Confidence
from triage.verdicts.classify import classify
from triage.verdicts.intake import read_intake

PICTURES = "gpt-image-2"


def judged(*attempts: Facts, **declared: object):
    return classify(Case(intake=read_intake(declared, now=NOW), attempts=attempts, now=NOW))


@pytest.mark.parametrize(
    "notes",
    [
        "图片超过 120 秒就超时，问是我们限的还是上游限的",
        "画图超过 60 秒必超时，短的没事",
        "耗时超过 01:00 图片就失败，设置里调大没效果",
        "images over 2 minutes always time out",
        "every image that needs more than 100 seconds ends in a timeout",
        "every picture that takes longer than 01:00 fails",
        "drawing fails after exactly 60 s, shorter ones are fine",
    ],
)
def test_pictures_that_fail_at_a_limit_of_nobodys_are_the_paths_or_the_models(notes):
    assert judged(notes=notes, model=PICTURES).code == "timeout.upstream"


@pytest.mark.parametrize(
    "notes",
    [
        "画图超过 60 秒必超时，axios timeout of 60000ms exceeded",
        "图片超过 120 秒就超时，客户端超时就设了 120 秒",
        "images fail after 60 s, ReadTimeout in our code",
    ],
)
def test_a_client_that_is_named_gave_up_by_itself(notes):
    assert judged(notes=notes, model=PICTURES).code == "timeout.client"


def test_the_proxy_of_the_customer_that_stands_in_front_is_theirs():
    verdict = judged(notes="耗时超过 01:00 图片就失败", model=PICTURES, via_proxy="nginx")

    assert verdict.owner == "customer_network"


@pytest.mark.parametrize("notes", ["昨晚 01:00 之后就失败", "fails since 01:00 last night"])
def test_a_time_of_day_is_no_duration(notes):
    assert not judged(notes=notes, model=PICTURES).code.startswith("timeout.")


@pytest.mark.parametrize(
    "notes",
    [
        "任务失败未退款",
        "失败未退费",
        "任务失败，积分未退回",
        "video failed, not refunded",
        "failed without refund",
    ],
)
def test_a_task_that_failed_and_whose_money_stayed_away(notes):
    verdict = judged(notes=notes, task_id="task_123")

    assert (verdict.code, verdict.owner) == ("task.failed_not_refunded", "billing")


def test_the_same_said_where_the_error_belongs():
    assert judged(error_text="失败未退款", model="sora-2").code == "task.failed_not_refunded"


@pytest.mark.parametrize("notes", ["失败已退款", "失败未扣费，只想知道为什么失败"])
def test_money_that_came_back_or_was_not_taken_is_not_owed(notes):
    assert judged(notes=notes, model="sora-2").owner != "billing"


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"notes": "报错 扣费失败"}, "balance.below_hold"),
        ({"error_text": "扣除额度失败", "status_code": 403}, "balance.below_hold"),
        ({"notes": "failed to deduct quota", "status_code": 403}, "balance.below_hold"),
        ({"notes": "扣费失败", "status_code": 500}, "gateway.internal"),
        ({"notes": "failed to deduct quota", "status_code": 500}, "gateway.internal"),
        ({"notes": "扣了费但是失败了"}, "charge.undelivered"),
        ({"notes": "扣费失败的请求，客户问为什么"}, "charge.undelivered"),
        ({"notes": "they charge failed requests too, wants his money back"}, "charge.undelivered"),
    ],
)
def test_a_charge_that_could_not_be_made_is_no_wrong_charge(declared, code):
    assert judged(**declared).code == code


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"error_text": "您的 IP 不在令牌允许访问的列表中", "status_code": 403}, "auth.ip_not_allowed"),
        ({"error_text": "您的 IP 不在令牌允许访问的列表中"}, "auth.ip_not_allowed"),
        ({"notes": "403，提示本机 IP 不在该 key 的允许范围"}, "auth.ip_not_allowed"),
        (
            {"notes": "your ip is not in the allowed list of this token", "status_code": 403},
            "auth.ip_not_allowed",
        ),
        ({"notes": "模型不在令牌允许的列表中", "status_code": 403}, "model.not_permitted"),
        ({"notes": "the model is not in the list of this token", "status_code": 403}, "model.not_permitted"),
    ],
)
def test_a_list_of_addresses_is_not_a_list_of_models(declared, code):
    assert judged(**declared).code == code


@pytest.mark.parametrize(
    ("notes", "status", "code"),
    [
        (
            "Your account is not active, please check your billing details on our website.",
            429,
            "balance.empty",
        ),
        ("account not active: check your billing", 429, "balance.empty"),
        ("账户未激活，请检查账单", 429, "balance.empty"),
        ("账单逾期，账户被停用", 429, "balance.empty"),
        ("billing_not_active", 429, "balance.empty"),
        ("account is not active, contact support", 403, "auth.account_suspended"),
        ("账号未激活", 403, "auth.account_suspended"),
    ],
)
def test_an_account_that_is_not_active_for_its_bills_lacks_money(notes, status, code):
    assert judged(notes=notes, status_code=status).code == code


@pytest.mark.parametrize(
    ("notes", "code"),
    [
        ("expected value at line 1 column 1", "client.wrong_base_url"),
        ("error decoding response body: expected value at line 1 column 1", "client.wrong_base_url"),
        ("serde_json: expected value at line 1 column 1，客户说 key 没问题", "client.wrong_base_url"),
        ("EOF while parsing a value at line 1 column 0", "body.empty"),
        ("error decoding response body", "stream.cut"),
    ],
)
def test_a_rust_parser_that_meets_no_json(notes, code):
    assert judged(notes=notes).code == code


@pytest.mark.parametrize(
    ("notes", "code"),
    [
        ("排队的时候一直收到注释行，UI 转圈，客户说卡死", "stream.slow_first_token"),
        ("only ': processing' comes while it waits in the queue", "stream.slow_first_token"),
        ("排队时收到注释行就解析报错", "stream.keepalive_breaks_client"),
        ("json error on ': keep-alive' while queued", "stream.keepalive_breaks_client"),
    ],
)
def test_heartbeats_in_a_queue_break_only_a_reader_that_says_so(notes, code):
    assert judged(notes=notes, stream=True).code == code


@pytest.mark.parametrize("words", ["模型名那里是空的", "模型名填错了", "he had a typo in the name"])
def test_no_channel_for_a_mistyped_name_is_the_writers(words):
    verdict = judged(notes=f"无可用渠道，{words}", status_code=503)

    assert (verdict.code, verdict.owner) == ("model.unknown", "customer")


@pytest.mark.parametrize("words", ["后台测试通过", "in this case only the group vip is hit"])
def test_no_channel_for_a_right_name_is_the_gateways(words):
    verdict = judged(notes=f"无可用渠道，{words}", status_code=503)

    assert (verdict.code, verdict.owner) == ("model.no_channel", "gateway")


def a_stream(**facts: object) -> Facts:
    known = {"step": "stream", "status": 200, "body_kind": BodyKind.EVENTS, "events": 9, "content_chars": 90}
    return Facts(**(known | {"finish_reason": "stop", "done_seen": True, "end_mode": EndMode.DONE} | facts))


def test_a_type_that_nobody_read_is_not_a_wrong_type():
    assert judged(a_stream()).code != "stream.mislabelled"
    assert judged(a_stream(headers_ms=80.0)).code == "stream.mislabelled"
    assert judged(a_stream(content_type="text/plain")).code == "stream.mislabelled"


def test_a_bare_status_proves_no_health():
    verdict = judged(Facts(step="control", status=200))

    assert verdict.confidence is Confidence.POSSIBLE


def test_a_connection_left_open_for_no_measured_time_has_no_time():
    open_for = a_stream(content_type="text/event-stream", lingered=True)
    measured = a_stream(content_type="text/event-stream", lingered=True, after_done_ms=6000.0)

    assert "seconds" not in judged(open_for).params
    assert judged(measured).params["seconds"] == 6


def test_a_result_fetched_at_once_has_to_be_waited_for():
    queued = Facts(step="status", status=200, task_status="queued")

    assert judged(queued, notes="提交完马上去下载就 400", task_id="t1").owner == "customer"
    assert judged(queued, notes="downloads immediately after submitting", task_id="t1").owner == "customer"
    assert judged(queued, notes="等了两个小时还没出来", task_id="t1").owner == "upstream"


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"notes": "早就做好了，官网能看，我们这边一直 IN_PROGRESS"}, "task.lost_track"),
        ({"notes": "官方那边已经有了，这里永远是 processing"}, "task.lost_track"),
        ({"notes": "already finished at the vendor's page, here it is still in progress"}, "task.lost_track"),
        ({"notes": "一直 processing，官方那边也没好"}, "task.running"),
        ({"notes": "still in progress, not finished anywhere"}, "task.running"),
        ({"notes": "图片链接打开 403，是上周的"}, "task.result_expired"),
    ],
)
def test_a_task_that_is_done_elsewhere_is_lost_only_here(declared, code):
    assert judged(task_id="t1", **declared).code == code


@pytest.mark.parametrize(
    ("notes", "code"),
    [
        ("JsonParseException: Unexpected character ':' 高峰期才有", "stream.keepalive_breaks_client"),
        ("invalid character ':' looking for beginning of value", "stream.keepalive_breaks_client"),
        ("答案显示完了，按钮还停在停止状态不恢复", "stream.lingers"),
        ("the text is complete, the stop button never goes back", "stream.lingers"),
        ("明明收到 finish_reason stop，SDK 还是说流没正常结束", "stream.client_parser"),
        ("it says cut off although [DONE] was sent", "stream.client_parser"),
        ("高峰期服务器繁忙", "upstream.overloaded"),
    ],
)
def test_a_reader_that_breaks_says_so_in_many_words(notes, code):
    assert judged(notes=notes, stream=True).code == code


@pytest.mark.parametrize("notes", ["高峰期才有", "按钮在哪里", "the stop button is blue"])
def test_ordinary_words_break_no_reader(notes):
    assert judged(notes=notes, stream=True).code == "inconclusive"


@pytest.mark.parametrize(
    ("notes", "code"),
    [
        ("本地显示费用 0，供应商账单照收", "charge.undercharged"),
        ("money is gone but there's no entry in the usage page", "charge.double_logged"),
        ("钱扣了，用量页里查不到这条", "charge.double_logged"),
        ("输入内容可能包含不当信息，请修改后重试", "content.blocked"),
    ],
)
def test_books_that_differ_and_policies_have_many_words(notes, code):
    assert judged(notes=notes).code == code


@pytest.mark.parametrize(
    ("notes", "refunded_too_often"),
    [
        ("退了三次", True),
        ("失败的任务退了两回", True),
        ("失败了没退，扣了三次", False),
        ("不退，收了两笔", False),
    ],
)
def test_a_number_behind_another_verb_counts_no_refunds(notes, refunded_too_often):
    assert (judged(notes=notes).code == "charge.over_refunded") == refunded_too_often


def test_a_task_that_stays_at_99_percent_still_runs():
    assert judged(notes="渲染完成后一直显示 99%", task_id="t1").code == "task.running"
