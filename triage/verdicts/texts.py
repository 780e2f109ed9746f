"""Reading what people and endpoints wrote: phrases that are signs, in Chinese and English prose."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Final

import re2

from triage.verdicts.phrases import number_of, pattern_number_of, patterns_in, phrases_in

_HEAD, _TAIL = 2000, 1000
"""How many characters of a long text is read: faults name themselves at the beginning or at the end."""

_GAP = r".{0,40}?"


def plain(text: str) -> str:
    """Lower case, half width, single spaces; only head and tail of a very long text."""
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]} … {text[-_TAIL:]}"
    return _folded(text)


@lru_cache(maxsize=256)
def _folded(text: str) -> str:
    """Kept for a while: the rules ask for the same texts again and again."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(folded.lower().split()).replace("’", "'")


class Lead:
    """Phrases any one of which is the sign; `a*b` means a, then b within forty characters.

    A phrase that begins or ends with `|` must begin or end a word there. `patterns` are regular expressions.
    """

    def __init__(self, *phrases: str, patterns: Iterable[str] = ()) -> None:
        simple = [phrase for phrase in phrases if "*" not in phrase and "|" not in phrase]
        self._plain = {number_of(phrase): phrase for phrase in simple}
        self._gapped = tuple(
            (_parts_of(phrase), _compiled(phrase)) for phrase in phrases if phrase not in simple
        )
        self._patterns = {pattern_number_of(pattern): re.compile(pattern) for pattern in patterns}
        self._anchors = frozenset((*self._plain, *(max(parts) for parts, _ in self._gapped)))

    def found_in(self, text: str) -> str:
        """The words that matched in `plain` text, or an empty string."""
        if not text:
            return ""
        present = phrases_in(text)
        if not self._anchors.isdisjoint(present) and (words := self._sought(text, present)):
            return words
        return self._matching(text) if self._patterns else ""

    def _matching(self, text: str) -> str:
        present = patterns_in(text)
        if present.isdisjoint(self._patterns):
            return ""
        fitting = (pattern.search(text) for number, pattern in self._patterns.items() if number in present)
        return next((match.group() for match in fitting if match), "")

    def _sought(self, text: str, present: frozenset[int]) -> str:
        for number, phrase in self._plain.items():
            if number in present:
                return phrase
        fitting = (pattern.search(text) for parts, pattern in self._gapped if parts <= present)
        return next((match.group() for match in fitting if match), "")


def load_leads(family: str) -> dict[str, Lead]:
    """The leads of a file in leads/, by name; zh and en are read alike, since tickets mix them."""
    table = tomllib.loads(resources.files(__package__).joinpath("leads", f"{family}.toml").read_text("utf-8"))
    return {name: _lead(lists) for name, lists in table.items()}


def _lead(lists: Mapping[str, list[str]]) -> Lead:
    return Lead(*lists.get("zh", ()), *lists.get("en", ()), patterns=lists.get("patterns", ()))


def _parts_of(phrase: str) -> frozenset[int]:
    return frozenset(number_of(part) for part in re.split(r"[*|]", phrase) if part.strip())


def _compiled(phrase: str) -> re.Pattern[str]:
    start = r"(?<![a-z0-9_])" if phrase.startswith("|") else ""
    end = r"(?![a-z0-9_])" if phrase.endswith("|") else ""
    return re.compile(start + _GAP.join(map(re.escape, phrase.strip("|").split("*"))) + end, re.DOTALL)


_ENOUGH = r"(?:充足|足够|够|正常|没问题|没有问题|还有|不缺|有余|有钱)"
_FINE = r"(?:fine|ok|okay|enough|sufficient|positive|good|not empty|healthy|plenty)"
_DENIALS: Final = re2.compile(  # one pass, however many forms there are
    "|".join(
        (
            rf"(?:余额|额度|账户|账号|帐户|帐号|钱)(?:都|也|明明|里|还)?(?:是)?(?:很|还)?{_ENOUGH}(?:的)?",
            rf"\b(?:balance|credits?|quota|billing|account)s? (?:is|are|looks?|was|seems?) {_FINE}",
            r"\b(?:enough|plenty of|sufficient|positive) (?:balance|credits?|quota|funds)",
            r"(?:key|密钥|令牌|token) ?(?:都|也|是|试过)*(?:没问题|没有问题|正常|有效|是对的|正确)",
            r"\b(?:api ?)?keys? (?:is|are|was) (?:valid|fine|ok|correct|right|good)",
            r"\b(?:not|isn't|is not|wasn't|no) (?:a |an |any )?"
            r"(?:rate.?limit(?:ing|ed)?|timeouts?|timed out|429|401|403|502|503|504)",
            r"'timeout': [\d.]+|\.started [^;]*?timeout=[\d.]+",  # settings that a debug log prints
            r"has enough quota[^;]*?no need to pre-consume",
            r"(?:没有|没|并未|未|不是|不会|无)(?:出现|遇到|看到|任何)?"
            r"(?:超时|限流|报错|丢字|乱码|重复扣费|扣费|扣两次|断流|截断|429|401)",
            r"(?:怕|担心|害怕)(?:会|被|再|又)*(?:重复|多|双倍|两次)?(?:扣费|扣款|收费|计费|扣钱|扣两次|收两次)",
            r"\b(?:afraid of|fears?|worr(?:ied|ies) about|scared of) (?:being |a |to be )?"
            r"(?:charged|billed|double|second|paying)(?: (?:twice|again|charge|billing|bill))?",
            r"(?:没有|没|无)(?:任何)?(?:预扣|冻结)[^，。,.;；]*",
            r"(?:前|头|问了?|重启了?|测了?|(?:^|[^重])试了?)"  # tries are no rows
            r"(?:\d+|[一二两三四五六七八九十几]+) ?[次遍回]",
            r"\bno (?:exception|errors?) (?:was |is |were )?(?:raised|shown|thrown|at all)",
            r"(?:当成|当作|误判为|误报成|误认为)了?[^，。,.;；]{0,8}",
            r"(?:model|模型)(?:名|id|name)? ?(?:is|没|没有|是|填)?(?:correct|right|写?对了?的|没问题)",
        )
    )
)


_NOT_TAKEN: Final = re2.compile(
    r"预?扣(?:费|款|除|减)?(?:额度|积分|余额)?(?:操作)?失败(?:$|[^的请任也还却])"
    r"|\b(?:failed|unable|could not|cannot) (?:to )?(?:deduct|charge|debit|pre-?consume)\b"
    r"|\b(?:deduction|charge|billing) failed(?:$|[^ ]| [^rctjgvi])"
)


def without_failed_charges(text: str) -> str:
    """Drop "扣费失败": the gateway could not take the quota, so nothing was charged."""
    return str(_NOT_TAKEN.sub(" , ", text))


def without_denials(text: str) -> str:
    """Drop what the writer rules out ("余额充足", "balance is fine"), so that it is not taken for a sign."""
    return str(_DENIALS.sub(" , ", text)) if _DENIALS.search(text) else text
