"""Models by name: said to be one, or of a family that everybody knows."""

import re
from typing import Final

from triage.tickets.paste.found import Finds, Sighting, Weight
from triage.tickets.paste.values import model

_MODEL_SAID: Final = (
    re.compile(
        r"(?:\bmodels?|模型|deployment)(?: group| name| id)?\s{0,2}(?:[=:：]|is\b|was\b|named|为|是|用的?是?"
        r"|名)?\s{0,2}[`\"'‘“「『]{1,2}([\w./:@+-]{2,100})[`\"'’”」』]"
    ),
    re.compile(
        r"(?:\bmodel(?: group| name)?\s?[=:：]\s?|对于模型\s?|模型\s|for model\s"
        r"|\bmodel\s(?=[a-z]{2,20}[-\d]))[`\"']?([A-Za-z@][\w./:@+-]{2,100})"
    ),
    re.compile(
        r"(?:Rate limit reached for|limit (?:reached )?for|--model[ =]|The model,?"
        r"|model not found[:,]?|access to model)\s{1,2}[`\"']?([A-Za-z][\w./:@-]{2,100})[`\"']?",
        re.IGNORECASE,
    ),
)
_FAMILIES: Final = re.compile(
    r"(?<![\w./@-])((?:gpt-(?:\d[\w.-]*|image[\w.-]*|oss[\w.-]*)|chatgpt-[\w.-]+|o[134](?:-(?:mini|pro"
    r"|preview)[\w.-]*)?(?=[\s,，。;；、/)）]|$)|claude-[\w.-]*\d[\w.-]*|gemini-[\w.-]+|deepseek-(?:chat"
    r"|reasoner|coder|[vr]\d)[\w.-]*"
    r"|qwen[\w.-]*-[\w.-]+|qwen\d[\w.-]*|qwq-[\w.-]+|glm-[\w.-]+|kimi-[\w.-]+|moonshot-[\w.-]+"
    r"|doubao-[\w.-]+|grok-[\w.-]+|sora-?\d[\w.-]*|veo-?\d[\w.-]*|kling-[\w.-]+|dall-e-\d"
    r"|llama-?\d[\w.-]*|mixtral-[\w.-]+|mistral-[\w.-]+"
    r"|text-embedding-[\w.-]+|whisper-\d|ernie-[\w.-]+|hunyuan-[\w.-]+|abab[\w.-]+|minimax-[\w.-]+"
    r"|seedream-[\w.-]+|suno-[\w.-]+|flux-[\w.-]+|hailuo-[\w.-]+|wan\d[\w.-]*"
    r"|codestral-[\w.-]+))(?![\w/@])",
    re.IGNORECASE,
)
_NO_MODEL: Final = re.compile(
    r"(?:not|does|is|has|the|error|name|group|list|capacity|response|provider|supports?|may|cannot"
    r"|could|was|for|and|you|your|type|param|config|id|code|output|input)$",
    re.IGNORECASE,
)


def read_models(line: str, number: int) -> Finds:
    for pattern in _MODEL_SAID:
        for match in list(pattern.finditer(line))[:4]:
            said = model(match[1].rstrip(".-:"))
            if said and _is_name(said, match.group()):
                yield Sighting("model", said, number, Weight.NAMED)
    for match in list(_FAMILIES.finditer(line))[:6]:
        if said := model(match[1].rstrip(".-:")):
            yield Sighting("model", said, number, Weight.HINT)


def _is_name(said: str, told: str) -> bool:
    """Whether a word behind "model" is one: it looks like it, or stands in quotation marks."""
    return not _NO_MODEL.match(said) and bool(re.search(r"[\d/-]", said) or re.search(r"[`'\"]", told))
