"""Ids, kinds and currencies in the one form in which they can be compared."""

import re
import unicodedata
from functools import cache

from babel.core import get_global

from triage.charges.alike import Alike
from triage.charges.finding import ChargeKind, Outcome

# What exports write where there is no id.
_NIL_UUID = "00000000-0000-0000-0000-000000000000"
PLACEHOLDERS = frozenset(
    [
        "",
        _NIL_UUID,
        *[
            r"-",
            r"--",
            r"—",
            r"/",
            r"0",
            r"null",
            r"none",
            r"nil",
            r"nan",
            r"n/a",
            r"na",
            r"#n/a",
            r"undefined",
            r"unknown",
            r"\n",
            r"无",
            r"空",
            r"暂无",
        ],
    ]
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_UUID = re.compile(
    r"[{(]?(?:urn:uuid:)?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[)}]?",
    re.IGNORECASE,
)
# Prefixed ids, numbers, short hex and UUIDs: nothing to undo. All but a few ids look like that.
_PLAIN = (
    rf"[A-Za-z0-9]++[_:.][A-Za-z0-9_:.]++|\d{{2,20}}+|[0-9a-f]{{8,31}}+|(?=[a-f]*+[g-z])[a-z]++-[A-Za-z0-9]++"
    rf"|(?!{_NIL_UUID})[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}"
)
_PLAIN_ID = re.compile(_PLAIN, re.ASCII)
PLAIN_IDS = Alike(rf"(?:{_PLAIN})?")  # each its own key
_SPREADSHEET_FORMULA = re.compile(r'="(.*)"', re.S)
_SPREADSHEET_NUMBER = re.compile(r"\d(?:\.\d+)?E\+\d{2}", re.I)

# Words as they stand in ledgers, without spaces, hyphens and underscores.
_KIND_WORDS = {
    ChargeKind.CHARGE: """
        charge charged consume consumed consumption usage debit deduct deduction spend
        扣费 消费 扣款 计费 消耗 支出 使用
    """,
    ChargeKind.HOLD: """
        hold held precharge preconsume preauth preauthorization authorization reserve freeze
        预扣费 预扣 预扣款 预授权 预消费 冻结 预冻结
    """,
    ChargeKind.SETTLEMENT: """
        settle settled settlement capture captured trueup
        结算 结算差额 差额结算 结算扣费 扣款确认 确认扣款 补扣 多退少补
    """,
    ChargeKind.RELEASE: """
        release released void voided unfreeze unhold
        解冻 释放 预扣释放 预扣返还 预授权撤销 撤销预授权
    """,
    ChargeKind.REFUND: "refund refunded 退款 退费 返还 退还 退回 退款返还",
    ChargeKind.REVERSAL: "reversal reverse reversed rollback 冲正 冲销 红冲 撤销 回滚",
    ChargeKind.ADJUSTMENT: """
        adjustment adjust manage correction manual goodwill
        调整 调账 人工调整 管理 补偿 赠送
    """,
}
_OUTCOME_WORDS = {
    Outcome.SUCCEEDED: """
        succeeded success successful completed complete done finished ok stop 成功 完成 已完成
    """,
    Outcome.FAILED: """
        failed failure fail error errored upstreamfailed upstreamerror 失败 出错 任务失败 上游失败
    """,
    Outcome.UNDELIVERED: """
        undelivered cancelled canceled aborted clientgone timeout timedout expired
        未交付 取消 已取消 客户端断开 超时 过期
    """,
}
_OUTCOMES = {word: outcome for outcome, words in _OUTCOME_WORDS.items() for word in words.split()}
# one-api and new-api number their log types; top-ups (1), system (4) and errors (5) bill nobody.
_LOG_TYPES = {"2": ChargeKind.CHARGE, "3": ChargeKind.ADJUSTMENT, "6": ChargeKind.REFUND}
_KINDS = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split()} | _LOG_TYPES
NOT_BILLING = frozenset(
    ["1", "4", "5", "topup", "recharge", "deposit", "system", "error", "充值", "系统", "错误"]
)

QUOTA = "quota"  # the unit of one-api and new-api: whole numbers, so many to the dollar
_CURRENCY_WORDS = {
    "CNY": "rmb cnh cn¥ ¥ ￥ 元 人民币 人民币元",
    "USD": "$ us$ usdollar dollar dollars 美元 美金",
    "EUR": "€ 欧元",
    "GBP": "£ 英镑",
    "HKD": "hk$ 港币 港元",
    "USDT": "usdt",
    QUOTA: "quota quotas 额度 点 点数",
}
_CURRENCIES = {word: code for code, words in _CURRENCY_WORDS.items() for word in words.split()}


def plain(text: str) -> str:
    """Half-width, without surrounding white space and without characters that cannot be seen."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).strip()


def id_key(text: str) -> str:
    """The form in which two ids are compared; "" when the text is a placeholder and no id at all."""
    if not text or _PLAIN_ID.fullmatch(text):
        return text
    text = _without_spreadsheet_dress(plain(text))
    if text.casefold() in PLACEHOLDERS or is_mangled_id(text):
        return ""
    if parts := _UUID.fullmatch(text):
        key = "-".join(parts.groups()).lower()
        return "" if key in PLACEHOLDERS else key
    return text


def _without_spreadsheet_dress(text: str) -> str:
    """Undo ="123", '123 and "123": how people keep a spreadsheet from rounding long ids."""
    if dressed := _SPREADSHEET_FORMULA.fullmatch(text):
        text = dressed[1]
    return text.strip("'\"`").strip()


def is_mangled_id(text: str) -> bool:
    """A spreadsheet made a number of it (5.61126E+17): many ids look like that, so it proves nothing."""
    return bool(_SPREADSHEET_NUMBER.fullmatch(text))


@cache
def kind_of(word: str) -> ChargeKind | None:
    """The kind that a ledger's own word names, in English or Chinese, or by log type number."""
    return _KINDS.get(squeezed(word))


@cache
def outcome_of(word: str) -> str:
    """What became of the task, by a ledger's own word; "" for a word that says nothing sure."""
    return _OUTCOMES.get(squeezed(word), "")


@cache
def squeezed(word: str) -> str:
    """A word without case, spaces, hyphens, underscores and brackets: "Charge-ID " is "chargeid"."""
    return re.sub(r"[\s_\-.:()\[\]/*#]+", "", plain(word)).casefold()


@cache
def currency_of(word: str) -> str:
    """An ISO 4217 code, "USDT" or "quota"; "" when the word names none of them."""
    word = plain(word)
    if known := _CURRENCIES.get(word.replace(" ", "").casefold()):
        return known
    code = word.upper()
    return code if code in _iso_codes() else ""


@cache
def _iso_codes() -> frozenset[str]:
    return frozenset(get_global("all_currencies"))
