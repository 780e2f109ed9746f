"""Reading what people and endpoints wrote: phrases, numbers and statuses in Chinese and English prose."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Final

_HEAD, _TAIL = 4000, 1500
"""How much of a long text is read: faults name themselves at the beginning or at the end."""

_GAP = r".{0,40}?"


def plain(text: str) -> str:
    """Lower case, half width, single spaces; only head and tail of a very long text."""
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]} … {text[-_TAIL:]}"
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(folded.lower().split()).replace("’", "'")


class Lead:
    """Phrases any one of which is the sign; `a*b` means a, then b within forty characters.

    A phrase that begins or ends with `|` must begin or end a word there.
    """

    def __init__(self, *phrases: str) -> None:
        self._plain = tuple(phrase for phrase in phrases if "*" not in phrase and "|" not in phrase)
        self._gapped = tuple(
            (max(re.split(r"[*|]", phrase), key=len), _compiled(phrase))
            for phrase in phrases
            if "*" in phrase or "|" in phrase
        )

    def found_in(self, text: str) -> str:
        """The words that matched in `plain` text, or an empty string."""
        for phrase in self._plain:
            if phrase in text:
                return phrase
        for anchor, pattern in self._gapped:
            if anchor in text and (match := pattern.search(text)):
                return match.group()
        return ""

    def __add__(self, other: "Lead") -> "Lead":
        joined = Lead()
        joined._plain = self._plain + other._plain
        joined._gapped = self._gapped + other._gapped
        return joined


def load_leads(family: str) -> dict[str, Lead]:
    """The leads of a file in leads/, by name; zh and en are read alike, since tickets mix them."""
    table = tomllib.loads(resources.files(__package__).joinpath("leads", f"{family}.toml").read_text("utf-8"))
    return {name: Lead(*phrases.get("zh", ()), *phrases.get("en", ())) for name, phrases in table.items()}


def _compiled(phrase: str) -> re.Pattern[str]:
    start = r"(?<![a-z0-9_])" if phrase.startswith("|") else ""
    end = r"(?![a-z0-9_])" if phrase.endswith("|") else ""
    return re.compile(start + _GAP.join(map(re.escape, phrase.strip("|").split("*"))) + end, re.DOTALL)


_DENIALS: Final = re.compile(
    "|".join(
        (
            r"(?:余额|额度|账户|账号|帐户|帐号|钱)(?:都|也|明明|里|还)?(?:是)?(?:很|还)?(?:充足|足够|够|正常|没问题|没有问题|还有|不缺|有余|有钱)(?:的)?",
            r"(?:balance|credits?|quota|billing|account)s? (?:is|are|looks?|was|seems?) (?:fine|ok|okay|enough|sufficient|positive|good|not empty|healthy|plenty)",
            r"(?:enough|plenty of|sufficient|positive) (?:balance|credits?|quota|funds)",
            r"(?:key|密钥|令牌|token) ?(?:都|也|是|试过)*(?:没问题|没有问题|正常|有效|是对的|正确)",
            r"(?:api ?)?keys? (?:is|are|was) (?:valid|fine|ok|correct|right|good)",
            r"(?:not|isn't|is not|wasn't|no) (?:a |an |any )?(?:rate.?limit(?:ing|ed)?|timeouts?|timed out|429|401|403|502|503|504)",
            r"(?:没有|没|并未|未|不是|不会|无)(?:出现|遇到|看到|任何)?(?:超时|限流|报错|丢字|乱码|重复扣费|扣费|扣两次|断流|截断|429|401)",
            r"no (?:exception|errors?) (?:was |is |were )?(?:raised|shown|thrown|at all)",
            r"(?:model|模型)(?:名|id|name)? ?(?:is|没|没有|是|填)?(?:correct|right|spelled correctly|写?对了?的|没问题)",
        )
    )
)


def without_denials(text: str) -> str:
    """Drop what the writer rules out ("余额充足", "balance is fine"), so that it is not taken for a sign."""
    return _DENIALS.sub(" , ", text)


_STATUS_NAMES: Final = {
    "unauthorized": 401, "payment required": 402, "forbidden": 403, "method not allowed": 405,
    "request entity too large": 413, "payload too large": 413, "unprocessable entity": 422,
    "too many requests": 429, "internal server error": 500, "bad gateway": 502,
    "service unavailable": 503, "service temporarily unavailable": 503, "gateway time-out": 504, "gateway timeout": 504,
}  # fmt: skip
_STATUS_WORD = re.compile(
    r"(?:status(?:[ _]?code)?|http(?:/\d(?:\.\d)?)?(?: error)?|error(?: code)?|code|错误码?|状态码?|返回了?|报错?|got|returns?|answers?|gives?|always|receive[ds]?)"
    r"[\"']?\s*[:：=]?\s*(?:http )?([2345]\d\d)(?![\d.]|\s*(?:ms|s\b|秒|tokens?|k\b))"
)  # fmt: skip
_STATUS_BARE = re.compile(
    r"(?<![\d.\w-])(40[0-9]|41[0-9]|42[29]|50[0-4]|52[0-7]|529)(?![\d.\w-]|\s*(?:ms|s\b|秒|tokens?|k\b|times|次|个|条))"
)


def status_in(text: str) -> int | None:
    """An HTTP status that `plain` text names, best when a word says that it is one."""
    if match := _STATUS_WORD.search(text) or _STATUS_BARE.search(text):
        return int(match.group(1))
    return next((status for name, status in _STATUS_NAMES.items() if name in text), None)


_JSON_CODE = re.compile(r"[\"']code[\"']\s*:\s*[\"']?([\w:.-]+)")
_JSON_TYPE = re.compile(r"[\"'](?:type|status)[\"']\s*:\s*[\"']([\w:.-]+)")
_WORD_CODE = re.compile(r"(?:error[ _]?code|\bcode|错误码|\btype)[ :=：]+[\"']?([a-z][\w:.-]*_[\w:.-]+)")


def error_names_in(text: str) -> tuple[str, str]:
    """(code, type) of an error object quoted in `plain` text; empty where not named."""
    code = _JSON_CODE.search(text)
    kinds = [kind for kind in _JSON_TYPE.findall(text) if kind != "error"]
    named = code.group(1) if code else ""
    if (not named or named.isdigit() or named == "null") and (word := _WORD_CODE.search(text)):
        named = word.group(1)
    return ("" if named.isdigit() or named in ("null", "none") else named), (kinds[0] if kinds else "")


_DURATION: Final = re.compile(
    r"(\d+(?:\.\d+)?)\s*(ms|毫秒|milliseconds?|s(?:ec(?:ond)?s?)?\b|秒钟?|m(?:in(?:ute)?s?)?\b|分钟?|h(?:(?:ou)?rs?)?\b|个?小时|d(?:ays?)?\b|天)?"
)
_UNITS: Final = (
    ("ms", 0.001), ("毫秒", 0.001), ("millisecond", 0.001), ("m", 60.0), ("分", 60.0),
    ("h", 3600.0), ("小时", 3600.0), ("个小时", 3600.0), ("d", 86400.0), ("天", 86400.0), ("s", 1.0), ("秒", 1.0),
)  # fmt: skip


def _unit_seconds(unit: str) -> float:
    if not unit:
        return 1.0
    return next(seconds for name, seconds in _UNITS if unit.startswith(name))


def seconds_in(text: str) -> float | None:
    """A duration such as "5 分钟", "6m30s", "1.5h" or a bare number of seconds."""
    parts = [(match.group(1), match.group(2) or "") for match in _DURATION.finditer(plain(text))]
    if not parts:
        return None
    measured = [part for part in parts if part[1]] or parts[:1]
    return sum(float(number) * _unit_seconds(unit) for number, unit in measured[:3])


_SPOKEN = re.compile(r"(\d+(?:\.\d+)?)\s*(s(?:ec(?:ond)?s?)?\b|秒|m(?:in(?:ute)?s?)?\b|分钟)")


@lru_cache(maxsize=256)
def durations_in(text: str) -> tuple[float, ...]:
    """Every duration with a unit of seconds or minutes that prose names, in seconds."""
    return tuple(float(match.group(1)) * _unit_seconds(match.group(2)) for match in _SPOKEN.finditer(text))
