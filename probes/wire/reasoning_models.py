"""Which models think before they write, and how much room their thoughts need."""

import re
from dataclasses import dataclass

# Tokens, beside those of the answer. Hidden thoughts count against the same limit, and a short counting
# task has been seen to cost some hundreds of them, rarely more than two thousand.
ROOM_TO_THINK = 4000


@dataclass(frozen=True, slots=True)
class _Family:
    names: re.Pattern[str]  # searched in the lower-case name
    refuses_max_tokens: bool = False  # takes max_completion_tokens alone in chat completions


def _family(names: str, *, refuses_max_tokens: bool = False) -> _Family:
    """A name may stand behind a vendor's ("openai/o3") and before a date or size ("o3-2025-04-16")."""
    return _Family(re.compile(rf"(?:^|[/:_.-])(?:{names})"), refuses_max_tokens)


_FAMILIES = (
    _family(r"o[1-9](?![a-z0-9])", refuses_max_tokens=True),
    _family(r"gpt-5", refuses_max_tokens=True),
    _family(r"gpt-oss|codex-mini|computer-use"),
    _family(r"deepseek-(?:reasoner|r\d)|r1(?![a-z0-9])"),
    _family(r"qwq|qvq|qwen3(?!.*(?:instruct|coder|embed|rerank))"),
    _family(r"magistral|glm-z1|glm-(?:4\.[5-9]|[5-9])|kimi-k2\.[5-9]"),
    _family(r"gemini-(?:2\.5|[3-9])(?!.*(?:lite|embed))"),
    _family(r"grok-(?:3-mini|4)(?!.*non-reasoning)"),
    _family(r"minimax-m[12]|hunyuan-t1|step-r1|step-3|ernie-x1|skywork-o1|marco-o1|exaone-deep|spark-x1"),
    _family(r"think(?:ing|er)?(?![a-z])|reason(?:er|ing)(?![a-z])"),
)
_NOT_THINKING = re.compile(r"non-?(?:think|reason)|no-?think|gpt-5(?:\.\d)?-chat")


def thinks(model: str) -> bool:
    """By its name alone, on the generous side: unused room costs nothing, and a cut thought is no answer."""
    name = model.lower()
    return not _NOT_THINKING.search(name) and any(family.names.search(name) for family in _FAMILIES)


def output_limit(model: str, answer_tokens: int) -> int:
    """What to ask for, so that `answer_tokens` of visible answer remain."""
    return answer_tokens + (ROOM_TO_THINK if thinks(model) else 0)


def refuses_max_tokens(model: str) -> bool:
    """A probe with max_tokens would fail there for a reason that the customer does not have."""
    name = model.lower()
    return any(family.refuses_max_tokens and family.names.search(name) for family in _FAMILIES)
