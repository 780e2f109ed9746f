"""Fresh cases: made-up secrets of every kind, in every context and disguise, among harmless things."""

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from probes.redaction.catalogue import RULES
from probes.redaction.rule import Rank
from probes.redaction.samples import expand

KNOWN = {
    f"{rule.name}.{number}": template
    for rule in RULES
    if rule.rank is Rank.SHAPE
    for number, template in enumerate(rule.matches)
    if "«" not in template and "\n" not in template
}
# No rule knows these: their surroundings must give them away.
UNKNOWN = {
    "alnum24": "<an24>",
    "alnum32": "<an32>",
    "alnum40": "<an40>",
    "alnum64": "<an64>",
    "lower36": "<lo36>",
    "hex32": "<hex32>",
    "hex40": "<hex40>",
    "hex64": "<hex64>",
    "base64_40": "<b64:40>",
    "base64_44": "<b64:43>=",
    "urlsafe43": "<u64:43>",
    "uuid": "<uuid>",
    "two_parts": "<an20>.<an43>",
    "id_and_secret": "<uuid>:<hex32>",
    "foreign_prefix": "zq_live_<an32>",
    "foreign_dash": "acme-<an40>",
    "foreign_version": "xyz_v1_<u64:40>",
    "foreign_sk": "qsk-<an40>",
}

CONTEXTS: dict[str, str] = {
    "env": "GATEWAY_API_KEY={s}\nOPENAI_BASE_URL={url}\nMAX_TOKENS=4096\n",
    "env_quoted": 'export LLM_TOKEN="{s}"\nexport MODEL={model}\n',
    "set": "set RELAY_SECRET={s}\r\nset MODEL={model}\r\n",
    "setx": 'setx PROVIDER_API_KEY "{s}"\nsetx MODEL {model}',
    "docker": "docker run -e CHANNEL_KEY={s} -e TZ=Asia/Shanghai {image}",
    "compose": "    environment:\n      - SESSION_SECRET={s}\n      - SQL_MODE=x\n    image: {image}\n",
    "powershell": 'PS C:\\> $env:RELAY_API_KEY = "{s}"\nPS C:\\> codex --model {model}',
    "powershell_net": '[Environment]::SetEnvironmentVariable("RELAY_API_KEY", "{s}", "User")\n{model}',
    "json": '{{"base_url": "{url}", "api_key": "{s}", "model": "{model}", "request_id": "{request}"}}',
    "json_deep": '{{"a": [{{"auth": {{"accessToken": "{s}", "expires_in": 3600}}}}], "task_id": "{task}"}}',
    "json_escaped": 'body="{{\\"clientSecret\\":\\"{s}\\",\\"model\\":\\"{model}\\"}}"',
    "json_pretty": '{{\n  "model": "{model}",\n  "x-api-key": "{s}",\n  "id": "{request}"\n}}',
    "har": '{{"name": "x-api-key", "value": "{s}"}}, {{"name": "x-request-id", "value": "{request}"}}',
    "yaml": "- model_name: {model}\n  litellm_params:\n    api_key: {s}\n    api_base: {url}\n",
    "yaml_env": '  env:\n    - name: RELAY_TOKEN\n      value: "{s}"\n'
    "    - name: MODEL\n      value: {model}\n",
    "toml": '[provider]\napi_key = "{s}"\nmodel = "{model}"\n',
    "properties": "spring.ai.openai.api-key={s}\nspring.ai.openai.chat.model={model}\n",
    "python": 'client = OpenAI(api_key="{s}", base_url="{url}")  # {model}',
    "python_dict": "headers = {{'x-api-key': '{s}', 'X-Trace': '{trace}'}}",
    "js": "const client = new OpenAI({{ apiKey: '{s}', baseURL: '{url}' }}); // {model}",
    "go": 'config := openai.DefaultConfig("x"); config.AuthToken = "{s}" // {model}',
    "java": '.addHeader("Authorization", "Bearer {s}").addHeader("X-Request-Id", "{request}")',
    "php": "$client->setApiKey('{s}'); // {request}",
    "xml": "<config><apiKey>{s}</apiKey><model>{model}</model></config>",
    "html": '<input name="apiKey" type="password" value="{s}"/> <span>{error}</span>',
    "curl": "curl {url}/chat/completions \\\n  -H 'Authorization: Bearer {s}' \\\n"
    '  -d \'{{"model":"{model}"}}\'',
    "curl_key": 'curl -i -X POST "{url}/messages" -H "x-api-key: {s}" --data @body.json\n{status}',
    "flag": "codex --api-key {s} --model {model}",
    "flag_equals": "relay serve --token={s} --model={model}",
    "headers": "> POST /v1/messages HTTP/1.1\n> x-api-key: {s}\n> Accept: */*\n<\n"
    "< cf-ray: {ray}\n< x-request-id: {request}\n",
    "raw_authorization": "> Authorization: {s}\n< x-request-id: {request}\n< retry-after: 12",
    "query": "GET {url}/models/{model}:streamGenerateContent?alt=sse&key={s}&stream=true -> {status}",
    "query_token": "wss://relay.example.cn/v1/realtime?auth_token={s}&model={model}",
    "cookie": "Cookie: theme=dark; session={s}; new-api-user=12; lang=zh-CN\n< cf-ray: {ray}",
    "set_cookie": "< set-cookie: auth_token={s}; Path=/; HttpOnly\n< x-request-id: {request}",
    "traceback": 'Traceback (most recent call last):\n  File "chat.py", line 9\n'
    '    client = OpenAI(api_key="{s}")\n{error}',
    "exception": "AuthenticationError: Error code: 401 - {{'error': {{"
    "'message': 'Incorrect API key provided: {s}',"
    " 'code': '{error}'}}}}",
    "log": '{time} INFO [gateway] upstream={url} auth="Bearer {s}" status=502'
    " cost={amount} request_id={request}",
    "nginx": 'proxy_set_header Authorization "Bearer {s}";\nproxy_buffering on; # nginx/1.22.1',
    "markdown": "| 字段 | 值 |\n| --- | --- |\n| api key | `{s}` |\n| model | {model} |\n| task | {task} |\n",
    "chat": "[10:22] 客服: 请提供模型名\n[10:23] 用户: {model}，我的 api key={s}\n"
    "[10:24] 客服: 请不要发送完整密钥\n",
    "zh_glued": "密钥是{s}麻烦看下为什么401谢谢",
    "zh_colon": "令牌：{s}，一直429，task_id={task}，cf-ray: {ray}",
    "zh_loose": "这个令牌不能用了：{s}，请求ID {request}",
    "zh_key": "客服你好，我的key是 {s} 请求超时，报错 {error}，模型 {model}",
    "zh_secret": "秘钥如下：{s}\n模型 {model}",
    "zh_sentence": "帮忙看看密钥 {s} 为什么报 {error}",
    "en_prose": "my api key is {s} and I always get {status} for {model}",
    "en_token": "The token {s} stopped working, request id {request}",
}
NO_CONTEXT = "客户说 {s} 一直不行，请求ID {request}，模型 {model}"


@dataclass(frozen=True, slots=True)
class Case:
    """A text, the secret that must not survive in it, and what must."""

    text: str
    secret: str
    keep: tuple[str, ...]
    name: str


def harmless(rng: random.Random) -> dict[str, str]:
    """Something of everything that support needs to read."""
    pick = rng.choice
    return {
        "url": pick(("https://api.openai.com/v1", "https://relay.example.cn/v1", "http://localhost:3000/v1")),
        "model": pick(
            (
                "gpt-4o-2024-11-20",
                "Qwen/Qwen3-235B-A22B",
                "claude-sonnet-4-5-20250929",
                "deepseek-v3.2",
                "glm-4.5-air",
            )
        ),
        "request": expand(
            pick(
                (
                    "req_<hex32>",
                    "<uuid>",
                    "20260703537380214994<an8>",
                    "chatcmpl-<an29>",
                    "req_011C<an20>",
                    "gen-1764000000-<an20>",
                )
            ),
            rng,
        ),
        "task": expand(pick(("<uuid>", "cgt-20260115101010-<hex32>", "task_<an24>", "video_<hex32>")), rng),
        "trace": expand("00-<hex32>-<hex16>-01", rng),
        "ray": expand("<hex16>-HKG", rng),
        "image": expand("calciumion/new-api@sha256:<hex64>", rng),
        "error": pick(
            ("insufficient_quota", "invalid_api_key", "openai.APITimeoutError: Request timed out.")
        ),
        "status": pick(("HTTP/2 429", "400 Bad Request", "HTTP/1.1 502 Bad Gateway")),
        "time": pick(("2026-11-05T20:16:02Z", "1761274900", "2026-06-28 03:09:10+08:00")),
        "amount": pick(("0.2835171469 USD", "1.0906787127 USD")),
    }


# --- disguises ---


def _every(secret: str, step: int, between: str) -> str:
    return between.join(secret[i : i + step] for i in range(0, len(secret), step))


def _full_width(secret: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in secret)


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "plain": lambda s, rng: s,
    "zero_width": lambda s, rng: "".join(
        c + rng.choice(("", "", "\u200b", "\u200c", "\u2060", "\ufeff")) for c in s
    ),
    "soft_hyphen": lambda s, rng: _every(s, rng.randint(5, 9), "\u00ad"),
    "bidi": lambda s, rng: "\u202d" + _every(s, 7, "\u200e") + "\u202c",
    "full_width": lambda s, rng: _full_width(s),
    "full_width_partly": lambda s, rng: "".join(_full_width(c) if rng.random() < 0.4 else c for c in s),
    "percent": lambda s, rng: "".join(
        f"%{ord(c):02X}" if rng.random() < 0.5 or not c.isalnum() else c for c in s
    ),
    "percent_all": lambda s, rng: "".join(f"%{ord(c):02x}" for c in s),
    "unicode_escape": lambda s, rng: "".join(f"\\u{ord(c):04x}" if rng.random() < 0.5 else c for c in s),
    "hex_escape": lambda s, rng: "".join(f"\\x{ord(c):02x}" for c in s),
    "entity": lambda s, rng: "".join(f"&#{ord(c)};" if rng.random() < 0.5 else c for c in s),
    "entity_hex": lambda s, rng: "".join(f"&#x{ord(c):x};" for c in s),
    "wrapped": lambda s, rng: _every(s, rng.randint(12, max(12, min(76, len(s) - 9))), "\n"),
    "wrapped_indented": lambda s, rng: _every(s, rng.randint(12, max(12, min(76, len(s) - 9))), "\\\n    "),
    "quoted_printable": lambda s, rng: _every(s, rng.randint(14, 40), "=\n"),
    "sum": lambda s, rng: _every(s, rng.randint(10, 24), '" + "'),
    "sum_lines": lambda s, rng: _every(s, rng.randint(10, 24), '" +\n    "'),
    "dotted_sum": lambda s, rng: _every(s, rng.randint(10, 24), "' . '"),
    "base64": lambda s, rng: base64.b64encode(f"API_KEY={s}\n".encode()).decode(),
    "base64_bare": lambda s, rng: base64.b64encode(s.encode()).decode(),
    "base64_url": lambda s, rng: base64.urlsafe_b64encode(f"Authorization: Bearer {s}".encode()).decode(),
}
_NEEDS_QUOTES = {"sum", "sum_lines", "dotted_sum"}
_QUOTED = [name for name, text in CONTEXTS.items() if '"{s}"' in text or "'{s}'" in text]
_ONE_WORD = {"wrapped", "wrapped_indented", "quoted_printable"}


def positives(rng: random.Random, *, kinds: dict[str, str], contexts: dict[str, str]) -> Iterator[Case]:
    """Each kind in each context, every time in another disguise that can occur there."""
    for kind, template in kinds.items():
        for context, text in contexts.items():
            disguise = rng.choice(disguises_for(context))
            yield positive(rng, kind, template, context, text, disguise)


def positive(rng: random.Random, kind: str, template: str, context: str, text: str, disguise: str) -> Case:
    """One secret in one context under one disguise."""
    secret, around = expand(template, rng), harmless(rng)
    hidden = DISGUISES[disguise](secret, rng)
    keep = tuple(around[name] for name in around if "{" + name + "}" in text)
    return Case(text.format(s=hidden, **around), secret, keep, f"{kind}/{context}/{disguise}")


def disguises_for(context: str) -> list[str]:
    """String concatenation needs quotes around it; escapes and wraps occur wherever text is copied."""
    fitting = [name for name in DISGUISES if name not in _NEEDS_QUOTES or context in _QUOTED]
    return [name for name in fitting if not (context in {"cookie", "set_cookie"} and name in _ONE_WORD)]


# --- what must survive ---

NEGATIVES: tuple[str, ...] = (
    "{label}: «req_<hex32>»",
    "{label}: «req_011C<an20>»",
    "{label}: «<uuid>»",
    "{label}: «20260703537380214994<an8>»",
    "{label}: «chatcmpl-<an29>»",
    '"id":"«msg_01<an22>»","type":"message"',
    '"tool_call_id":"«call_<an24>»"',
    '"tool_call_id":"«toolu_01<an22>»"',
    '"response":{"id":"«resp_<hex48>»"}',
    '"system_fingerprint":"«fp_<hex10>»"',
    "cf-ray: «<hex16>-LAX»",
    "traceparent: «00-<hex32>-<hex16>-01»",
    "X-B3-TraceId: «<hex32>»",
    "x-amz-request-id: «<AN16>»",
    "x-amz-id-2: «<b64:74>==»",
    "X-Amz-Cf-Id: «<u64:54>==»",
    "x-oss-request-id: «<HEX24>»",
    "x-tt-logid: «20261105201602<HEX18>»",
    "eagleeye-traceid: «<hex30>»",
    "x-goog-request-id: «<u64:28>»",
    "openai-organization: «org-<an24>»",
    "openai-project: «proj_<an24>»",
    "任务ID «<uuid>» 重复扣费",
    "任务号 «3<d18>» 卡住",
    "任务 «cgt-20260115101010-<hex32>» 一直 IN_PROGRESS",
    "GET /v1/videos/«video_<hex32>»",
    "GET /v1/images/generations/«<uuid>»",
    "预测 «<lo26>» 状态 starting",
    "扣费单 «chg-<hex20>»",
    "charge_id=«bill_<hex20>» 扣了两次",
    "订单号 «2026110522001<d15>»",
    "commit «<hex40>»",
    "version git-«<hex40>»",
    "image: calciumion/new-api@«sha256:<hex64>»",
    "integrity «sha512-<b64:86>==»",
    "md5: «<hex32>»",
    "sha256 «<hex64>»",
    'ETag: W/"«<hex32>»"',
    'etag: "«<hex32>-12»"',
    "容器 «<hex12>»",
    "usage: «prompt_tokens=76608 completion_tokens=6502»",
    '"usage":{«"input_tokens":12,"cache_read_input_tokens":2048,"output_tokens":77»}',
    "< «x-ratelimit-remaining-tokens: 149984»",
    "< «x-ratelimit-reset-requests: 8.64s»",
    "< «anthropic-ratelimit-tokens-reset: 2026-11-05T20:16:02Z»",
    "«retry-after: 37»",
    "«resetAt: 1762350000000»",
    "cost=«0.2835171469 USD»",
    "时间 «2026-06-28 03:09:10+08:00»",
    "时间 «1760420936666»",
    "客户端 «CherryStudio/1.9.9»",
    "«openai-python 1.58.1»",
    "客户端版本 «v0.8.8.0-alpha.4»",
    "报错 «channel:no_available_key»",
    "报错 «invalid_api_key»",
    "code: «token_limit_exceeded»",
    "«ERR_HTTP2_PROTOCOL_ERROR»",
    "模型 «Qwen/Qwen3-235B-A22B»",
    "model: «meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8»",
    "model=«accounts/fireworks/models/deepseek-v3p1-terminus»",
    "model: «ft:gpt-4o-mini-2024-07-18:acme::AbC123xY»",
    "解析 «dashscope.aliyuncs.com» 失败",
    "«https://contoso.openai.azure.com/openai/deployments/gpt4o/chat/completions?api-version=2024-10-21»",
    'File "«/usr/lib/python3.11/site-packages/openai/_base_client.py»", line 1058',
    "at «/app/node_modules/openai/src/core/streaming.ts:63:12»",
    "«httpx.RemoteProtocolError: peer closed connection without sending complete message body»",
    "«json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)»",
    "脱敏 key：«sk-…b0Cc»",
    "api_key=«sk-***abcd»",
    "key: «sk-proj-abcd****wxyz»",
    "API key «hf_••••••lTT3» 429",
    "Incorrect API key provided: «sk-ab***************wxyz».",
    "Authorization: «Bearer ***»",
    "Authorization: Bearer «{{api_key}}»",
    "Authorization: Bearer «$OPENAI_API_KEY»",
    "把 «YOUR_RELAY_API_KEY» 换成自己的",
    "api_key=«sk-xxx»",
    'api_key=«os.environ["OPENAI_API_KEY"]»',
    "apiKey: «process.env.OPENAI_API_KEY»",
    "«max_tokens: 4096»",
    '"«finish_reason»":"«tool_calls»"',
    "Idempotency-Key: «<uuid>»",
    "prompt_cache_key: «<uuid>»",
    "IP «203.0.113.77» 和 «2001:db8::8a2e:370:7334»",
    "批次 «batch_<hex32>» 文件 «file-<an24>»",
    "«密码错误，请重试»",
    "«密钥无效或已过期»",
    "«Invalid token: token expired at 2026-11-05»",
    "«The API key is required, password is incorrect»",
    "«首 token 3.2s，token 总数 8123»",
    "group: «default» token_name: «prod-main» channel #«12»",
    "data:image/png;base64,«iVBORw0KGgo<b64:80>»",
)
LABELS = (
    "request id",
    "request-id",
    "请求ID",
    "x-request-id",
    "request_id",
    "trace_id",
    "(request id",
    "apim-request-id",
)


def negatives(rng: random.Random) -> Iterator[Case]:
    """Look-alikes, alone and between sentences that speak of keys."""
    for number, template in enumerate(NEGATIVES):
        text = expand(template.replace("{label}", rng.choice(LABELS)), rng)
        for wrapped in (text, f"客户的密钥没有问题，{text}，api key 也换过了", f"{text}\n{text}"):
            yield _negative(wrapped, f"negative.{number}")


def _negative(marked: str, name: str) -> Case:
    keep = tuple(part.partition("»")[0] for part in marked.split("«")[1:])
    return Case(marked.replace("«", "").replace("»", ""), "", keep, name)
