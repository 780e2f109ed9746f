"""What people say in their own words, and what code says in arguments: numbers, yes and no, names."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from triage.tickets.paste.arguments import read_arguments
from triage.tickets.paste.clients import client_in, read_user_agent
from triage.tickets.paste.found import Finds, IdSeen, Mark, Role, Sighting, Weight, Why
from triage.tickets.paste.lines import Text
from triage.tickets.paste.logs import is_log
from triage.tickets.paste.moments import moments_in
from triage.tickets.paste.stacks import NAMED_STATUSES, STATUSES
from triage.tickets.paste.values import masked_keys, model, number_text, seconds
from triage.verdicts.intake import read_count

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

_TIMEOUT_SAID: Final = re.compile(
    r"(?:(?:客户端|我们|SDK|请求)?的?超时(?:时间|设置)?(?:设|配|是|为|了|的|成|到| ?[(（]){0,4}"
    r"|timeout (?:is|was|set to|of"
    r"|=)(?: set to)?)\s{0,2}(\d{1,6}(?:\.\d{1,3})?)\s{0,2}(毫秒|ms|s(?:ec(?:ond)?s?)?\b|秒"
    r"|m(?:in(?:ute)?s?)?\b|分钟)"
)
_ENDED: Final = re.compile(
    r"(?:(?:跑|等|卡|过|输出|生成|转圈)了?(?:大概|大约|差不多|到|约)?|大约|大概|每次|约|都是"
    r"|after|waits?(?:ed)? (?:for )?"
    r"|at (?:about|around|exactly) |for |took|耗时|用时|≈|~)\s{0,2}(?:about |around |exactly |roughly "
    r"|approximately |到|第)?\s?(\d{1,5}(?:\.\d{1,3})?)\s{0,2}(ms|s(?:ec(?:ond)?s?)?\b|秒钟?"
    r"|m(?:in(?:ute)?s?)?\b|分钟)(?:左右|多)?(?P<tail>.{0,16})"
)
_CUT: Final = re.compile(
    r"断|超时|失败|报错|没了|中断|挂|卡住|报|停|cut|drop|disconnect"
    r"|time[ds]? ?out|fail|abort|close|stop|error|breaks?"
    r"|dies|then",
    re.IGNORECASE,
)
_CUT_FIRST: Final = re.compile(
    r"(?:cuts?|drops?|dropped|disconnect(?:s|ed)?|dies|died|stops?|stopped|fails?|failed|breaks?|ends?"
    r"|closed?|times? out|timed out|aborts?|hangs?) (?:off |at |after |in |exactly |about |around "
    r"|roughly )*(\d{1,5}(?:\.\d{1,3})?) ?(ms|s(?:ec(?:ond)?s?)?\b|m(?:in(?:ute)?s?)?\b)"
)
_FIRST: Final = re.compile(
    r"(?:首字|首 ?token|首包|第一个字|TTFT|TTFB|first (?:token|byte|chunk|words?)(?: (?:came|arrived|arrives"
    r"|appears|shows up|after|took|takes))*)\s{0,2}(?:要|用了?|等了?"
    r"|花了?|到达|延迟|时间|耗时|大概|约|：|:|=|after|in|≈"
    r"|~|\s){0,4}\s?(\d{1,5}(?:\.\d{1,3})?) ?(ms|s(?:ec(?:ond)?s?)?\b|秒|m(?:in(?:ute)?s?)?\b|分钟)",
    re.IGNORECASE,
)
_RETRIED: Final = re.compile(
    r"(?:重试|重发|retried|retry(?:ing)?|retries|re-?sent|tried)\s?(?:了|过|it|about|up to|共|again)?\s{0,2}"
    r"(\d{1,4}|[一二两三四五六七八九十几]|three|five)\s?(?:次|遍|times?\b|x\b)"
    r"|\b(?:retried|re-?sent) (once|twice)|\bretrying (\d{1,3})/\d"
    r"|(?<!max )(\d{1,4}|[一二两三四五六七八九十]|two|three|five) ?(?:次重试|retries\b)",
    re.IGNORECASE,
)
_NOT_RETRIED: Final = re.compile(
    r"(?:没有?|未|不)(?:做|进行|有)?重试|no retr(?:y|ies)|not retried|without retr|没重发", re.IGNORECASE
)
_CONCURRENCY: Final = re.compile(
    r"(?<!limit )(?<!organization )(?<!max )(?:并发(?:数|量|请求)?(?:是"
    r"|为|开到|开了|开|约|大概|大约|：|:|=)?\s?"
    r"|concurrency(?: of| is|=|:)? ?|Semaphore\("
    r"|max_workers ?= ?)(\d{1,6})(?!\d| ?(?:秒|s\b|%))|(\d{1,6}) ?(?:个|路|线程|的)? ?(?:并发|线程|协程"
    r"|parallel (?:requests|workers|calls)|concurrent|workers|threads|requests (?:in parallel"
    r"|at (?:the same time|once))|at the same time)",
    re.IGNORECASE,
)
_NO_PROXY: Final = re.compile(
    r"(?:没有?|未|不|无)(?:走|用|使用|经过|开|挂|任何|设置?)?(?:任何)?(?:代理|梯子|vpn"
    r"|反代)|直连|\bno (?:proxy|vpn)"
    r"|not? (?:behind|using|via|through)(?: a| any)? (?:proxy|vpn)|direct(?:ly)? connect|without (?:a "
    r"|any )?(?:proxy|vpn)|--noproxy|direct connection",
    re.IGNORECASE,
)
_PROXY: Final = re.compile(
    r"(?:走|用|挂|开|经过|通过|使用|套)了?(?:一层|个|的是|公司|我们的?|自己的?"
    r"|自建的?)?\s?(nginx|cloudflare|clash|v2ray|公司代理|代理"
    r"|梯子|vpn|反代|cdn|cf)|\b(?:behind|through|via|using)(?: (?:a|an|our|the|their))? ?((?:corporate "
    r"|company |http |https |socks5? |reverse )?(?:proxy|vpn|nginx|cloudflare|squid|zscaler|caddy"
    r"|traefik|haproxy))|(nginx|caddy|cloudflare) ?(?:反代|反向代理|reverse prox)",
    re.IGNORECASE,
)
_NOT_STREAM: Final = re.compile(
    r"非流式|不(?:是|用|开|走)流式|没有?(?:开|用)流式|流式(?:关|没开)"
    r"|stream\s?[=:]\s?[\"']?(?:false|False|0)\b"
    r"|non-?streaming|streaming (?:is )?(?:off|disabled)|without stream"
)
_STREAM: Final = re.compile(
    r"(?<!非)流式|打字机|stream\s?[=:]\s?[\"']?(?:true|True|1)\b|\bstreaming\b|\bSSE\b|event-stream"
    r"|(?<!up)(?<!down)stream (?:mode|response|request|error"
    r"|disconnected|closed|ended|interrupted|cut|stops?|breaks?)",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile(
    r"(?:\bstream\s?=\s?[Ff]alse|非流式|关(?:闭|掉|了)?流式(?:输出)?)(?: ?(?:时|后|的话"
    r"|模式|下|请求|调用))?\s?(?:[:：,，]|是|却|就|也"
    r"|it |the same (?:request )?|is )?\s{0,2}((?:就|也|都|是|一切|完全|回复"
    r"|also |works?|fails?|ok|fine|正常|没问题|同样"
    r"|可以|能|不行|一样|失败|still |has |same)[^。;；\n,，]{0,40})",
    re.IGNORECASE,
)
_CONTROL_AFTER: Final = re.compile(
    r"((?:works?|is fine|is ok|no problem|succeeds?)(?: [a-z]{1,10}){0,2}) "
    r"(?:without stream(?:ing)?|with stream ?= ?false|(?:in|with) non-?stream\w{0,6})",
    re.IGNORECASE,
)
_NOT_CHARGED: Final = re.compile(
    r"(?:没有?|未|并未|没被)(?:被)?扣(?:费|款|钱)?|不扣费"
    r"|not (?:been )?(?:charged|billed)|no charge"
    r"|weren't charged"
    r"|wasn't charged",
    re.IGNORECASE,
)
_CHARGED: Final = re.compile(
    r"(?:被|还是|照样|都|也|又)?(?:重复|多)?扣了? ?(?:费|款|钱|两|三|2|3|好几|多|\d)[^，。,;；\n]{0,24}"
    r"|计费了"
    r"|[^，。,;；\n]{0,10}(?:两笔|双倍)扣费|(?:was|were|been|got|still|also|being) (?:charged"
    r"|billed)[^.,;\n]{0,40}|(?:charged|billed) (?:twice|double|two|three|again|for)[^.,;\n]{0,40}"
    r"|double[- ](?:charged|billed)",
    re.IGNORECASE,
)
_TASK: Final = re.compile(r"\b((?:task|video|imgtask|cgt|vidgen)[_-][A-Za-z0-9_-]{6,80})\b")
_ID: Final = re.compile(
    r"(?:(?:request|req|trace|log)[ _-]?ids?|请求\s?(?:id|编号|号)|x-(?:request|oneapi-request)-id"
    r"|\bray id)[\"']?\s{0,2}(?:[:：=]|is\b)?\s{0,2}[\"'`]?([A-Za-z0-9][\w.:-]{5,127})",
    re.IGNORECASE,
)
_RAW_ID: Final = re.compile(
    r"(?<![\w.:-])((?:req|msg)_[A-Za-z0-9]{12,60}|20\d{12}\d{6,9}[A-Za-z0-9]{6,12})(?![\w-])"
)
_RAY: Final = re.compile(
    r"(?:cf-?ray|Ray ID)(?:\W|<[^<>]{0,80}>){0,8}([0-9a-f]{16}(?:-[A-Z]{3})?)", re.IGNORECASE
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


def find_prose(text: Text) -> Finds:
    lines, gap = text.scanned()
    if gap:
        yield Mark(*gap, Role.LEFT_OUT, Why.TOO_LONG)
    for number, line in lines:
        if is_log(line):
            continue
        low = line.lower()
        for signs, reader in _READERS:
            if not signs or any(sign in low for sign in signs):
                yield from reader(line, number)
        yield from _moments(line, number, text.now)


_ID_SIGN: Final = re.compile(r"[Ii][Dd]|[Rr][Aa][Yy]|req_|msg_|请求|20\d{12}")


def find_ids(text: Text) -> Finds:
    """Ids that any line names, also those inside documents and errors."""
    for number, line in enumerate(text.lines, start=1):
        if not _ID_SIGN.search(line):
            continue
        places = [("text", match[1], match.start()) for match in _ID.finditer(line)]
        places += [("text", match[1], match.start()) for match in _RAW_ID.finditer(line)]
        places += [("cf-ray", match[1], match.start()) for match in _RAY.finditer(line)]
        for place, value, _at in sorted(places, key=lambda one: one[2]):
            if re.search(r"\d", value):
                yield IdSeen(place, value.rstrip(".:-"), number)


def _status(line: str, number: int) -> Finds:
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


def _error_names(line: str, number: int) -> Finds:
    for match in list(NAMED_STATUSES.finditer(line))[:4]:
        yield Sighting("status_code", STATUSES[match[1]], number, Weight.HINT + 4)
    for match in list(_ERROR_TYPE.finditer(line))[:4]:
        field = "error_type" if match[1].endswith("_error") else "error_code"
        yield Sighting(field, match[1], number, Weight.HINT)


def _models(line: str, number: int) -> Finds:
    for pattern in _MODEL_SAID:
        for match in list(pattern.finditer(line))[:4]:
            said = model(match[1].rstrip(".-:"))
            if (
                said
                and not _NO_MODEL.match(said)
                and (
                    re.search(r"[\d/-]", said)
                    or "`" in match.group()
                    or "'" in match.group()
                    or '"' in match.group()
                )
            ):
                yield Sighting("model", said, number, Weight.NAMED)
    for match in list(_FAMILIES.finditer(line))[:6]:
        if said := model(match[1].rstrip(".-:")):
            yield Sighting("model", said, number, Weight.HINT)


def _settings(line: str, number: int) -> Finds:
    """What was tried with stream=false is not how the request was sent."""
    return read_arguments(_CONTROL.sub(" ", line), number)


def _durations(line: str, number: int) -> Finds:
    firsts = [match.span() for match in _FIRST.finditer(line)]
    for match in _FIRST.finditer(line):
        yield Sighting("first_output_s", seconds(f"{match[1]} {match[2]}"), number, Weight.HINT + 10)
    limits = [match.span() for match in _TIMEOUT_SAID.finditer(line)]
    for match in _TIMEOUT_SAID.finditer(line):
        yield Sighting("client_timeout_s", seconds(f"{match[1]} {match[2]}"), number, Weight.HINT + 10)
    for match in _CUT_FIRST.finditer(line):
        yield Sighting("elapsed_s", seconds(f"{match[1]} {match[2]}"), number, Weight.HINT + 10)
    for match in _ENDED.finditer(line):
        start = match.start(1)
        if any(low <= start < high for low, high in (*firsts, *limits)):
            continue
        beside = line[max(0, match.start() - 40) : match.start()] + match["tail"]
        if _CUT.search(beside) and (took := seconds(f"{match[1]} {match[2]}")):
            yield Sighting("elapsed_s", took, number, Weight.HINT + 5)


def _retries(line: str, number: int) -> Finds:
    if _NOT_RETRIED.search(line):
        yield Sighting("retried", "no", number, Weight.HINT + 5)
        return
    if match := _RETRIED.search(line):
        said = next(part for part in match.groups() if part).lower()
        count = {"three": 3, "five": 5, "two": 2}.get(said) or read_count(said)
        yield Sighting("retried", "yes", number, Weight.HINT + 5)
        if count and count <= 1000:
            yield Sighting("retry_count", str(count), number, Weight.HINT + 5)


def _load(line: str, number: int) -> Finds:
    if match := _CONCURRENCY.search(line):
        said = match[1] or match[2]
        if 0 < int(said) <= 100_000:
            yield Sighting("concurrency", number_text(int(said)), number, Weight.HINT + 5)


def _proxy(line: str, number: int) -> Finds:
    if _NO_PROXY.search(line):
        yield Sighting("via_proxy", "no", number, Weight.HINT + 4)
    if match := _PROXY.search(_NO_PROXY.sub(" ", line)):
        yield Sighting("via_proxy", "yes", number, Weight.HINT + 5)
        yield Sighting(
            "via_proxy_text", next(part for part in match.groups() if part), number, Weight.HINT + 5
        )


def _streams(line: str, number: int) -> Finds:
    if control := _CONTROL_AFTER.search(line):
        yield Sighting("control_text", control[1], number, Weight.HINT + 10)
        yield Sighting("stream", "yes", number, Weight.HINT + 10)
        return
    if control := _CONTROL.search(line):
        yield Sighting("control_text", control[1].strip(), number, Weight.HINT + 10)
        line = line[: control.start()] + line[control.end() :]
        yield Sighting("stream", "yes", number, Weight.HINT - 5)
    if _NOT_STREAM.search(line):
        yield Sighting("stream", "no", number, Weight.HINT + 10)
    elif _STREAM.search(line):
        yield Sighting("stream", "yes", number, Weight.HINT)


def _charges(line: str, number: int) -> Finds:
    if _NOT_CHARGED.search(line):
        yield Sighting("charged", "no", number, Weight.HINT + 5)
    elif match := _CHARGED.search(line):
        yield Sighting("charged", "yes", number, Weight.HINT + 5)
        yield Sighting("charged_text", match.group().strip(), number, Weight.HINT + 5)


def _tasks(line: str, number: int) -> Finds:
    for match in list(_TASK.finditer(line))[:6]:
        if re.search(r"\d", match[1]):
            yield Sighting("task_id", match[1], number, Weight.HINT)


def _keys(line: str, number: int) -> Finds:
    for key in masked_keys(line)[:2]:
        yield Sighting("key_hint", key, number, Weight.NAMED)


_AGENT_SIGN: Final = re.compile(r"[A-Za-z_]/v?\d")


def _programs(line: str, number: int) -> Finds:
    if _AGENT_SIGN.search(line):
        yield from read_user_agent(line, number)
    if named := client_in(line):
        title, version, weight = named
        yield Sighting("client", title, number, weight)
        if version:
            yield Sighting("client_version", version, number, Weight.HINT)


def _moments(line: str, number: int, now: datetime | None) -> Finds:
    for moment in list(moments_in(line, now=now))[:4]:
        yield Sighting("occurred_at", moment.text, number, Weight.HINT - 5, moment.remark)
        if moment.zone:
            yield Sighting("zone", moment.zone, number, Weight.HINT - 5)


def _machine(line: str, number: int) -> Finds:
    if _MACHINE.search(line) or _MARKUP.search(line) or _LEADING.match(line):
        yield Mark(number, number, Role.STORY)


# A reader looks at lines with one of its signs; without signs, at every line.
_READERS: Final[tuple[tuple[tuple[str, ...], Callable[[str, int], Finds]], ...]] = (
    ((), _status),
    (("_", "error", "exception"), _error_names),
    ((), _models),
    (("=", ":", "：", "(", "@", "版本", "version"), _settings),
    (tuple("0123456789"), _durations),
    (("重", "retr", "sent", "tried"), _retries),
    (
        (
            "并发",
            "concurr",
            "parallel",
            "worker",
            "线程",
            "协程",
            "semaphore",
            "same time",
            "threads",
            "at once",
        ),
        _load,
    ),
    (("代理", "梯", "vpn", "prox", "直连", "反代", "direct", "nginx", "clash", "cdn", "cf", "v2ray"), _proxy),
    (("cloudflare", "squid", "zscaler", "caddy", "traefik"), _proxy),
    (("stream", "流式", "sse", "打字机"), _streams),
    (("扣", "charg", "bill", "计费"), _charges),
    (("task", "video", "cgt", "vidgen"), _tasks),
    (("…", "**", ".."), _keys),
    ((), _programs),
    ((), _machine),
)
