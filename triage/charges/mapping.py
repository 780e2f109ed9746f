"""Which column of a file holds which field: guessed from its headers, or declared.

A mapping is a plain dict from our field to where it stands: a header, "header.key" for a key of the JSON
object that a column holds, or "=text" for a value that all rows share.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from triage.charges.normalise import QUOTA, currency_of, squeezed
from triage.charges.refusals import FileRefusal, FileRefused

FIELDS = (
    *("charge_id", "kind", "task_id", "request_id", "account", "model", "key_hint", "fingerprint"),
    *("ref_charge_id", "component", "outcome", "amount", "currency", "occurred_at", "log_type", "settles"),
)
AS_THEY_ARE = {field: field for field in FIELDS}  # of rows that have our own names already
REQUIRED = ("charge_id", "account", "amount", "currency", "occurred_at")

# Squeezed headers per field, the most telling first. "stage" beats "type": where a log has both, the
# type only says whether money went out or came back.
_HEADER_WORDS = {
    "charge_id": """
        chargeid 扣费单号 扣费id 扣费编号 扣款单号 账单号 账单id 流水号 流水id 交易流水号 交易号 交易id
        transactionid billingid ledgerid entryid recordid logid 日志id 记录id
        billid orderid orderno 订单号 订单编号 订单id eventid transaction uuid 单号 编号 序号 id
    """,
    "kind": """
        kind stage billingstage chargekind chargetype entrytype transactiontype recordtype
        类型 扣费类型 费用类型 交易类型 账单类型 业务类型 收支类型 阶段 type eventtype
    """,
    "task_id": """
        taskid 任务id 任务编号 任务号 任务单号 作业id 生成任务id 生成任务编号 jobid generationid task
    """,
    "request_id": "requestid 请求id 请求编号 请求号 xrequestid reqid callid traceid",
    "account": """
        account accountid accountref 账号 账户 账号id 账户id 客户 客户编号 客户id
        username 用户名 用户 user customer customerid tenant userid 用户id uid
        客户账号 会员账号 会员 租户 商户 商户号 团队 组织 项目 tenantid team teamid org orgid organization
        organizationid workspace project useremail email
    """,
    "model": "model modelname 模型 模型名称 模型名 modelid engine",
    "key_hint": """
        keymask maskedkey keyhint 脱敏密钥 脱敏key tokenname 令牌名称 令牌 keyname 密钥 apikey key token
    """,
    "fingerprint": "fingerprint 指纹 请求指纹 requesthash prompthash bodyhash contenthash requestfingerprint",
    "ref_charge_id": """
        refchargeid 关联扣费单号 关联扣费id 关联单号 原扣费单号 原单号 原交易号 originalchargeid
        relatedchargeid parentchargeid relatedtransactionid originaltransactionid
        parenttransactionid 原流水号 原交易流水号 关联流水号 关联交易号
        parentid reversalof refundof refid reference ref
    """,
    "component": "component 组成 组成部分 分项 计费项 费用项 lineitem part",
    "outcome": """
        outcome taskstatus taskstate 任务状态 任务结果 status state 状态 结果 endreason finishreason 结束原因
    """,
    "amount": """
        amount 金额 扣费金额 扣款金额 消费金额 交易金额 计费金额 费用 cost price charge fee total spend
        totalcost 总价 总费用 总金额 实付金额 消费额 扣费 扣款 quota 额度 消耗额度 消费额度 扣除额度
    """,
    "currency": "currency 币种 货币 货币单位 币别 currencycode currencytype 货币类型 ccy",
    "occurred_at": """
        createdat occurredat chargedat 时间 扣费时间 创建时间 发生时间 交易时间 消费时间
        timestamp datetime time createtime createdtime eventtime starttime
        billedat billingtime 计费时间 扣款时间 记录时间 created occurred ts 日期 date
    """,
    "settles": "preconsumedquota",
}
_HEADERS = {field: tuple(words.split()) for field, words in _HEADER_WORDS.items()}
_ASIDE = re.compile(r"(?:[(（\[][^)）\]]{1,20}[)）\]]|[ _](?:utc|gmt))\s*$", re.I)
_UNIT_WORDS = ("usd", "美元", "cny", "rmb", "人民币", "元", "eur", "usdt", "quota", "额度")


def guess(headers: Sequence[str]) -> dict[str, str]:
    """The columns that the headers name, without those that nothing fits. Never raises."""
    by_word = _by_word(headers)
    found = {
        field: next(by_word[word] for word in words if word in by_word)
        for field, words in _HEADERS.items()
        if not by_word.keys().isdisjoint(words)
    }
    if "amount" not in found:
        found |= _amount_with_unit(headers)
    if "currency" not in found and (unit := _unit_of(found.get("amount", ""))):
        found["currency"] = f"={unit}"
    if "charge_id" not in found and {"requestid", "calltype", "spend"} <= by_word.keys():
        # LiteLLM's spend logs: a row is called by its request, and spend is in dollars.
        found = {
            "charge_id": by_word["requestid"],
            "component": by_word["calltype"],
            "currency": "=USD",
        } | found
    if "type" in by_word and found["kind"] != by_word["type"]:
        found["log_type"] = by_word["type"]
    return found


def resolve(
    headers: Sequence[str], declared: Mapping[str, str], remembered: Mapping[str, str]
) -> dict[str, str]:
    """The mapping to use: what was declared, else what was used before and still fits, else the guess.

    Raises FileRefused for a declared field or header that does not exist, for a required field without a
    column, and for a column whose name others have too unless it was declared. Without a kind column every
    row is a charge.
    """
    _check(headers, declared)
    known = set(headers)
    fits = {field: place for field, place in remembered.items() if place in known or place.startswith("=")}
    mapping = {"kind": "=charge", **guess(headers), **fits, **declared}
    mapping = {field: place for field, place in mapping.items() if place}
    if missing := [field for field in REQUIRED if field not in mapping]:
        raise FileRefused(FileRefusal.MISSING_COLUMN, ", ".join(missing))
    for field, place in mapping.items():
        if field not in declared and numbered(place, 2) in known:
            raise FileRefused(FileRefusal.REPEATED_COLUMN, place)
    return mapping


def told_apart(headers: Iterable[str]) -> list[str]:
    """Headers of which each is there once: the second "amount" becomes "amount #2"."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for header in headers:
        seen[header] += 1
        names.append(numbered(header, seen[header]))
    return names


def numbered(header: str, number: int) -> str:
    return header if number == 1 else f"{header} #{number}"


def _check(headers: Sequence[str], declared: Mapping[str, str]) -> None:
    for field, place in declared.items():
        if field not in FIELDS:
            raise FileRefused(FileRefusal.UNKNOWN_FIELD, field)
        if field == "currency" and place.startswith("=") and not currency_of(place[1:]):
            raise FileRefused(FileRefusal.BAD_CONSTANT, place[1:])
        if place and not place.startswith("=") and place not in headers:
            raise FileRefused(FileRefusal.UNKNOWN_HEADER, place)


def _by_word(headers: Sequence[str]) -> dict[str, str]:
    """Headers by squeezed name; a key inside a JSON column counts by its own name, after real columns."""
    columns = set(headers)
    words: dict[str, str] = {}
    by_name = sorted(headers, key=lambda header: _inner_key(header, columns) != header)
    for header in by_name:
        words.setdefault(squeezed(_inner_key(header, columns)), header)
    for header in by_name:  # "扣费时间 (UTC+8)", where nothing is called so in full
        words.setdefault(squeezed(_ASIDE.sub("", _inner_key(header, columns))), header)
    return words


def _inner_key(header: str, columns: set[str]) -> str:
    outer, _, inner = header.partition(".")
    return inner if inner and outer in columns else header


def _amount_with_unit(headers: Iterable[str]) -> dict[str, str]:
    """A header such as "金额(元)" or "cost_usd"."""
    for header in headers:
        word = squeezed(header)
        unit = next((unit for unit in _UNIT_WORDS if word.endswith(unit)), "")
        if unit and word.removesuffix(unit) in _HEADERS["amount"]:
            return {"amount": header}
    return {}


def _unit_of(header: str) -> str:
    word = squeezed(header.rpartition(".")[2])
    unit = next((unit for unit in _UNIT_WORDS if word.endswith(unit)), "")
    return QUOTA if unit in ("quota", "额度") else currency_of(unit) if unit else ""
