"""What failed, in any words: its status, the names of errors, and lines that a program wrote."""

import re
from typing import Final

from triage.tickets.paste.found import Finds, Mark, Role, Sighting, Weight
from triage.tickets.paste.stacks import NAMED_STATUSES, STATUSES

_STATUS: Final = re.compile(
    r"(?:\bstatus(?: ?code)?|[|>](?= ?[45]\d\d: [A-Z])"
    r"|\bHTTP(?:/\d(?:\.\d)?)?(?: status| error)?"
    r"|(?<!Encoding)Error|\berror(?: code)?|\bErreur|\bFehler|Ошибка|エラー|오류"
    r"|\bAPI Error|\bcode|\breturn(?:s|ed|ing)?|\bgot|\bgets?|\b(?:is|was|with|a|response"
    r"|responded) (?=[45]\d\d\b)|错误码?|状态码?|报错?|返回了?|提示|出现|一直|全是|都是|变成|遇到|抛|响应)"
    r"[\"'`]?\s{0,2}[:：=(（-]?\s{0,2}(?:an? |HTTP |http |code |status "
    r"|状态码 ?)?[\"'`]?(?<![\d.])([45]\d\d)(?![\d.]\d|\d|\s?(?:ms|s\b|秒|tokens?|k\b|次|个|条|元|\+))",
    re.IGNORECASE,
)
_NAMED_STATUS: Final = re.compile(
    r"(?<![\d.\w])(400 Bad Request|401 (?:Unauthorized|Authorization Required)|402 Payment Required"
    r"|403 Forbidden|404 (?:Not Found|page not found)|405 (?:Method )?Not Allowed"
    r"|408 Request Time-?out|409 Conflict"
    r"|413 (?:Request Entity|Payload|Content) Too Large|422 Unprocessable \w+|429 Too Many Requests"
    r"|499 \w+|500 Internal Server Error|501 Not Implemented|502 Bad Gateway"
    r"|503 Service (?:Temporarily )?Unavailable|504 Gateway Time-?out|52[0-7](?=[: ] ?\w)|529)",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(
    r"^(?:[\w.]{0,60}(?:Error|Exception)(?: \[[\w ]{1,40}\])?: ?|Error: ?|❌ ?"
    r"|API Error:? ?)?([45]\d\d)(?=[\s:,，{(]|$)(?! ?(?:tokens|ms|次|个))"
)
_BARE: Final = re.compile(
    r"(?<![\d.\w/:#$¥-])(40[0-9]|41[0-9]|42[29]|499|50[0-4]|52[0-7]|529)(?![\d.\w%/-]|:\d|\s?(?:ms|s\b|秒"
    r"|tokens?|k\b|times|次|个|条|元|多|lines|号))"
)
_ERROR_TYPE: Final = re.compile(
    r"\b([a-z]{3,30}(?:_[a-z]{2,30}){0,4}_(?:error|exceeded|quota|found|unavailable|exists|balance|denied))\b"
)
# A sign that a line is an error as a program wrote it, not what somebody tells of it.
_MACHINE: Final = re.compile(
    r"\b\w{0,40}(?:Error|Exception)\b|\berror:|\bcurl: \(\d+\)|\bfailed\b|\bfailure\b|timed? ?out"
    r"|refused|\breset\b|\bdenied\b|exceeded|overloaded|unavailable|upstream|unauthorized|forbidden"
    r"|\binvalid\b|\bnot found\b|does not exist|closed (?:before|by|without|unexpectedly)|incomplete"
    r"|unexpected|disconnected|Bad Gateway|Too Many Requests|insufficient|capacity"
    r"|负载已饱和|已用尽|额度不足|余额不足|无可用|不存在|未找到|不支持|请稍后|过期|无效|上游|失败|超时"
    r"|(?:系统|服务|网络)(?:繁忙|异常|错误)|ECONN\w+"
    r"|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|UND_ERR\w+|ERR_[A-Z_]+|x509|SSL|<title>|\bpanic\b",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(
    r"<(?:!doctype|html|head|body|title|center|h1|div|script|style|meta|p)\b", re.IGNORECASE
)


def read_status(line: str, number: int) -> Finds:
    for pattern, weight in (
        (_LEADING, Weight.NAMED + 5),
        (_NAMED_STATUS, Weight.NAMED),
        (_STATUS, Weight.NAMED - 5),
        (_BARE, Weight.FAINT + 10),
    ):
        matches = list(pattern.finditer(line))[:6]
        for match in matches:
            yield Sighting("status_code", match[1][:3], number, weight)
        if matches:
            return


def read_error_names(line: str, number: int) -> Finds:
    for match in list(NAMED_STATUSES.finditer(line))[:4]:
        yield Sighting("status_code", STATUSES[match[1]], number, Weight.HINT + 4)
    for match in list(_ERROR_TYPE.finditer(line))[:4]:
        field = "error_type" if match[1].endswith("_error") else "error_code"
        yield Sighting(field, match[1], number, Weight.HINT)


def read_machine(line: str, number: int) -> Finds:
    if _MACHINE.search(line) or _MARKUP.search(line) or _LEADING.match(line):
        yield Mark(number, number, Role.STORY)
