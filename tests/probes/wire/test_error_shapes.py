import pytest

from probes.wire.error_shapes import ErrorSeen, describe_error, find_error


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (
            {"error": {"message": "m", "type": "t", "param": "p", "code": "c"}},
            ErrorSeen(type="t", code="c", message="m", param="p"),
        ),
        (
            {
                "type": "error",
                "error": {"type": "overloaded_error", "message": "Overloaded"},
                "request_id": "req_1",
            },
            ErrorSeen(type="overloaded_error", message="Overloaded", request_id="req_1"),
        ),
        ({"error": "model not loaded"}, ErrorSeen(message="model not loaded")),
        (
            {"error": {"message": "m", "type": "None", "param": "None", "code": 401}},
            ErrorSeen(code="401", message="m"),
        ),
        ({"error": {"message": {"reason": "nested"}}}, ErrorSeen(message='{"reason":"nested"}')),
        ({"errors": [{"message": "first"}, {"message": "second"}]}, ErrorSeen(message="first")),
        (
            {"error": {"code": 429, "message": "m", "status": "RESOURCE_EXHAUSTED"}},
            ErrorSeen(type="RESOURCE_EXHAUSTED", code="429", message="m"),
        ),
        ([{"error": {"code": 503, "message": "m"}}], ErrorSeen(code="503", message="m")),
        (
            {"timestamp": "…", "status": 404, "error": "Not Found", "path": "/x"},
            ErrorSeen(code="404", message="Not Found"),
        ),
        (
            {"code": "task_not_exist", "message": "no task", "data": None},
            ErrorSeen(code="task_not_exist", message="no task"),
        ),
        ({"code": 1113, "msg": "余额不足"}, ErrorSeen(code="1113", message="余额不足")),
        ({"error_code": 18, "error_msg": "qps"}, ErrorSeen(code="18", message="qps")),
        ({"success": False, "message": "无权访问"}, ErrorSeen(message="无权访问")),
        ({"status": "error", "message": "m"}, ErrorSeen(message="m")),
        ({"detail": "Not Found"}, ErrorSeen(message="Not Found")),
        (
            {"detail": [{"loc": ["body", "n"], "msg": "too small", "type": "value_error"}]},
            ErrorSeen(type="value_error", message="too small", param="body.n"),
        ),
        ({"base_resp": {"status_code": 1004, "status_msg": "auth"}}, ErrorSeen(code="1004", message="auth")),
        (
            {"ResponseMetadata": {"Error": {"Code": "Denied", "Message": "m"}}},
            ErrorSeen(code="Denied", message="m"),
        ),
        ("unauthorized", ErrorSeen(message="unauthorized")),
    ],
)
def test_an_error_is_found_in_every_envelope(document, error):
    assert find_error(document) == error


@pytest.mark.parametrize(
    "document",
    [
        {"choices": [], "error": None},
        {"choices": [], "error": {}},
        {"choices": [], "error": ""},
        {"code": 0, "message": "ok", "data": {"id": 1}},
        {"code": "success", "message": "", "data": {"status": "SUCCESS"}},
        {"code": 200, "msg": "success"},
        {"code": 20000, "message": "done", "data": {"id": 1}},
        {"success": True, "message": ""},
        {"type": "message", "content": [{"type": "text", "text": "an error occurred"}]},
        {"base_resp": {"status_code": 0, "status_msg": ""}, "choices": []},
        {},
        [],
        "",
        None,
        7,
    ],
)
def test_what_reports_no_error_has_none(document):
    assert find_error(document) is None


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"message": "no Route matched with those values"}, "no Route matched with those values"),
        ({"title": "Forbidden"}, "Forbidden"),
        (["what"], "what"),
        ({"anything": 1}, ""),
    ],
)
def test_a_document_that_is_an_error_for_certain_is_described_in_its_own_words(document, message):
    assert describe_error(document).message == message
