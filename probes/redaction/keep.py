"""What support needs and no rule may take: ids, hashes, model names, versions, keys already masked."""

import re
from dataclasses import dataclass

from probes.redaction.randomness import looks_random
from probes.redaction.wordlist import words


@dataclass(frozen=True, slots=True)
class Keep:
    """A shape that survives unless a credential's own shape or name claims it."""

    name: str
    pattern: str
    samples: tuple[str, ...]


_ID_PREFIXES = words(
    "req request requestid chatcmpl cmpl msg msgbatch call toolu srvtoolu mcptoolu resp rs fc ci ws fp",
    "run step thread asst batch file vs vsf ft ftjob ftckpt org proj user event evt task imgtask video",
    "vid gen cgt img image job pred prediction ch chg charge bill billing txn trx order ord pi cs cus sub",
    "prod price acct invoice inv trace span modr conv conversation session prompt embd rerank eval",
    "chatcmpl-tool aud audio upload part wf node pod container src cntr citation refund re log evtlog",
    "message item response completion generation deployment deploy model run_step ticket case incident",
    "ray transaction payment operation op projects locations publishers mj vidgen i2v t2v",
)
_MODELS = words(
    "gpt o1 o3 o4 chatgpt claude gemini gemma palm qwen qwq qvq deepseek llama glm chatglm cogview",
    "cogvideox codegeex kimi moonshot doubao seedream seedance seed minimax abab hailuo baichuan yi ernie",
    "hunyuan spark step mistral mixtral codestral ministral pixtral magistral command grok sonar phi nova",
    "titan jamba dbrx flux sora veo imagen dall-e whisper tts text-embedding bge jina-embeddings jina-",
    "reranker rerank wan wanx kling vidu runway gen3 gen4 midjourney mj suno stable-diffusion sdxl sd3",
    "nemotron granite solar wizardlm internlm internvl minicpm mimo longcat ling ring qianfan davinci",
    "babbage curie ada omni-moderation computer-use meta-llama black-forest-labs accounts/fireworks ft:",
)


def _any_of(choices: frozenset[str]) -> str:
    return "|".join(sorted(choices, key=lambda word: (-len(word), word)))


SHAPES = (
    Keep("uuid", r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?", ("<uuid>",)),
    Keep(
        "prefixed_id",
        rf"(?:{_any_of(_ID_PREFIXES)})[-_:][A-Za-z0-9_\-.:]+",
        (
            "req_<hex32>",
            "chatcmpl-<an29>",
            "msg_01<an22>",
            "call_<an24>",
            "toolu_01<an22>",
            "resp_<hex48>",
            "file-<an24>",
            "org-<an24>",
            "proj_<an24>",
            "cgt-20260115101010-<hex32>",
            "gen-1764000000-<an20>",
            "task_<an24>",
        ),
    ),
    # Resources of clouds and objects of payment services, whose prefixes alone are too short to tell.
    Keep(
        "resource_id",
        r"(?:dep|srv|evm|crn|dpg)-[A-Za-z0-9]{20}|(?:vpc|subnet|eni|sg|vol|snap|rtb|rtbassoc|igw|nat|eipalloc|eipassoc|ami|i|lb|acl|pcx|tgw|vgw|cgw|vpce|lt|dopt|fs"
        r"|fsap)-[0-9a-f]{8,17}|(?:in|il|ii|si|pm|po|dp|du|py|seti|src|card|ba|txr|tr|fee|mandate|pst|plink|promo|qt|rcpt"
        r"|link|evt|cus|sub|price|prod|re|acct|txn)_[A-Za-z0-9]{14,24}",
        ("vpc-0<hex16>", "sg-<hex17>", "in_1<an23>", "pm_1<an23>", "si_<an14>"),
    ),
    Keep(
        "gateway_request_id",
        r"20\d{12,21}[A-Za-z0-9]{6,12}",
        ("20260703537380214994<an8>", "20261105201602<d9><an8>"),
    ),
    Keep(
        "number",
        r"[-+]?[\d.,:/\-TZ +]+",
        ("3692148457303155290", "1760420936666", "0.1353357358", "2026-07-05T14:11:55Z"),
    ),
    Keep("hash", r"(?:0x)?(?:[0-9a-f]{7,128}|[0-9A-F]{7,128})", ("<hex7>", "<hex40>", "<hex64>", "<HEX32>")),
    Keep(
        "digest",
        r"(?i:sha-?\d{1,3}|md5|git|blake\w*|xxh\w*|crc\w*)[-:=][A-Za-z0-9+/=_-]+",
        ("sha256:<hex64>", "sha512-<b64:86>==", "git-<hex40>"),
    ),
    Keep(
        "version",
        r"[vV]?\d{1,5}(?:\.\d{1,8}){1,4}(?:[-+.][A-Za-z0-9.]{1,24})?",
        ("v2.49.2", "0.9.3-alpha.2", "1.77.2-stable"),
    ),
    Keep("traceparent", r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", ("00-<hex32>-<hex16>-01",)),
    Keep("cf_ray", r"[0-9a-f]{16}-[A-Z]{3}", ("<hex16>-HKG",)),
    Keep(
        "aws_trace",
        r"(?:Root=)?1-[0-9a-f]{8}-[0-9a-f]{24}(?:[;:].*)?",
        ("Root=1-<hex8>-<hex24>", "1-<hex8>-<hex24>"),
    ),
    Keep(
        "model",
        rf"(?i:(?:[a-z][a-z0-9.]*[-/@])*(?:{_any_of(_MODELS)})(?:[-_./:@0-9][A-Za-z0-9._:/@-]*)?)",
        (
            "gpt-4o-2024-11-20",
            "Qwen/Qwen3-235B-A22B",
            "claude-sonnet-4-5-20250929",
            "doubao-seedream-4-0-250828",
            "black-forest-labs/flux-1.1-pro",
            "meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8",
        ),
    ),
    Keep(
        "host",
        r"(?i:(?:[a-z0-9-]{1,63}\.)+[a-z]{2,12})(?::\d+)?",
        ("aiplatform.googleapis.com", "10-0-3-7.rds.example.cn"),
    ),
    Keep(
        "path",
        r"(?:[A-Za-z]:)?[\\/.~]*(?:[A-Za-z_.@-][\w.@-]{0,40}[\\/])+[\w.@-]*",
        ("/usr/lib/python3.11/site-packages/openai/_base_client.py", "C:/Users/dev/app/main.py"),
    ),
    Keep(
        "words",
        r"[A-Za-z]{1,20}(?:[-_.:/ ][A-Za-z]{1,24}\d{0,3})*",
        ("insufficient_quota", "channel:no_available_key"),
    ),
    Keep(
        "product",
        r"[A-Za-z][A-Za-z.+_-]{1,30}[/ -]v?\d+(?:\.[0-9A-Za-z]+)*(?:-[a-z0-9.]+)?",
        ("CherryStudio/1.9.9", "openai-python 1.58.1", "nginx/1.22.1"),
    ),
    Keep("error_code", r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", ("ERR_HTTP2_PROTOCOL_ERROR",)),
)

# The last words before a value that say what it is.
_ID_NAMES = (
    r"(?:request|req|response|resp|trace|span|task|job|message|msg|chat|completion|tool|call|batch|file|thread|run|conversation"
    r"|conv|charge|order|bill|transaction|trade|invoice|event|log|ray|correlation|operation|organization|org|project|account"
    r"|user|customer|container|image|pod|node|device|client|tenant|deployment|model|channel|generation|prediction|video"
    r"|session|group|prompt|previous|parent|root|amz|oss|cos|obs|tt|eagleeye|b3|cf|apim|ms|goog|upload|index|host|cache)"
)
LABELS = (
    rf"(?i:{_ID_NAMES}[\w.]*[-_ ]?(?:id(?:[-_]?2)?|uuid|no|num|number|logid|sn|token_count|fingerprint))",
    r"(?i:\b(?:id|uuid|guid|rid|logid|traceid|spanid|requestid|request|trace|traceparent|tracestate|x-trace|ray|nonce|etag"
    r"|if-none-match|integrity|checksum|digest|commit|revision|rev|version|sha-?\d*|md5|hash|build|fingerprint|cursor"
    r"|image|container|pod|model|file|batch|task|job|deployment|seed|boundary|thoughtSignature|thought_signature"
    r"|encrypted_content|reasoning_content|b64_json|content-md5|idempotency-key|prompt_cache_key|logprobs|sec-websocket-key"
    r"|sec-websocket-accept|signature|public_?key|pbk|kid|jti|x5t|nonce_?str|url|uri|path|filename|cost|usage|amount|price))",
    r"(?:编号|任务|任务号|请求|请求号|订单|订单号|单号|工单|流水|流水号|扣费单|账单|容器|镜像|版本|哈希|校验|模型|消息|文件|批次|会话"
    r"|预测|日志|追踪|链路|时间|金额|费用|提交)(?:(?i:id)|号)?",
)
_LABEL_BEFORE = re.compile(
    rf"(?:{'|'.join(LABELS)})[\"'`\\]*\s*[:=：是为>]?\s*[\\\"'`(\[]*(?:(?:W/)?\\*[\"']|sha\d+[-:]|git-|[a-z]+[_-])?$|;base64,$"
    # a line of go.sum, a public key of SSH
    r"|\bh1:$|\b(?:sk-)?(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-[\w-]{1,30})(?:@openssh\.com)? $",
    re.ASCII,
)
_WORDY = frozenset({"model", "path", "words", "product", "host"})
_ANY = re.compile("|".join(f"(?P<{keep.name}>{keep.pattern})" for keep in SHAPES), re.ASCII)
_LONGEST = 256  # characters; nothing longer is an id or a name
_REACH = 48  # characters before a value in which its name stands
_VENDOR_ID = re.compile(f"{SHAPES[1].pattern}|{SHAPES[2].pattern}", re.ASCII)

_MASK_MARK = re.compile(r"…|\*{2,}|•{2,}|●{2,}|·{3,}|█{2,}|\.{3,}|[xX]{4,}|#{4,}|_{4,}|-{6,}(?!-)")
_PLACEHOLDER = re.compile(
    r"\[[^\]]*\]?|\$.*|%[A-Za-z_]+%?|\{+.*|<.*|[A-Za-z]{0,4}[-_]?[xX]{3,}"
    r"|(?i:(?:[a-z]{1,6}[-_])?(?:your|my|the|insert|enter|replace|example|dummy|fake|placeholder|redacted|masked|hidden|changeme"
    r"|todo|test|here)(?:[-_ ].*)?)"
    r"|[A-Z]+(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|SECRET|PASSWORD|PWD|PASS)|(?:os|process|self|config|settings|env|import|var|local|st|secrets|System|this|params|ctx|args)[._\[].*",
    re.ASCII,
)
_RUN = re.compile(r"[A-Za-z0-9]+")
_CROSSES = re.compile(r"[xX]{4,}")
_PARTS = re.compile(r"[-_./:@\\\\ ]")


def is_masked(value: str) -> bool:
    """True for what somebody has masked already, and for stand-ins such as sk-xxx, ${KEY} or YOUR_API_KEY."""
    if _PLACEHOLDER.fullmatch(value):
        return max(map(len, _RUN.findall(value)), default=0) < 20 and not looks_random(value, rate=0.3)
    return has_mask(value)


def has_mask(value: str) -> bool:
    """True for what somebody has masked already: a mark stands for the most of it."""
    return _MASK_MARK.search(value) is not None and all(_is_hidden(run) for run in _RUN.findall(value))


def is_vendor_id(value: str) -> bool:
    """True for ids with a vendor's own prefix (req_…, chatcmpl-…): not secrets, even beside the word key."""
    return _VENDOR_ID.fullmatch(value) is not None


def is_kept(value: str, before: str) -> bool:
    """True for a value whose shape, or the words before it, say that it is needed and harmless."""
    return has_kept_shape(value) or is_named_harmless(before)


def has_kept_shape(value: str) -> bool:
    """True for ids, numbers, hashes, and for names, hosts and paths without a random part."""
    return kept_shape(value) is not None


def kept_shape(value: str) -> str | None:
    """The name of the kept shape that a value has, if any."""
    found = _ANY.fullmatch(value) if len(value) <= _LONGEST else None
    if found is None or (
        found.lastgroup in _WORDY and any(_is_random_part(part) for part in _PARTS.split(value))
    ):
        return None
    return found.lastgroup


def is_named_harmless(before: str) -> bool:
    """True when the text before a value ends in the name of an id, a hash, a version, an amount."""
    return _LABEL_BEFORE.search(before[-_REACH:]) is not None


def _is_random_part(part: str) -> bool:
    return looks_random(part, least=14, rate=0.3)


def _is_hidden(run: str) -> bool:
    """Whether what is left of a run without its crosses is too short to use."""
    return max(map(len, _CROSSES.split(run))) < 12
