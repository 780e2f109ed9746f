"""Pastes to try on an empty form: made up, with a key that is masked already."""

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, str]] = {
    "traceback": """\
Traceback (most recent call last):
  File "/usr/lib/python3/site-packages/httpx/_transports/default.py", line 101, in map_httpcore_exceptions
    yield
httpx.ReadTimeout: The read operation timed out

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/bot.py", line 14, in <module>
    client = OpenAI(base_url="https://api.example.com/v1", timeout=60.0, max_retries=2)
  File "/app/bot.py", line 20, in ask
    stream = client.chat.completions.create(model="gpt-4o-mini", stream=True, messages=history)
  File "/usr/lib/python3/site-packages/openai/_base_client.py", line 1014, in request
    raise APITimeoutError(request=request) from err
openai.APITimeoutError: Request timed out.
""",
    "curl": """\
$ curl -v --max-time 120 https://api.example.com/v1/chat/completions \\
    -H "Authorization: Bearer sk-…a1b2" -H "Content-Type: application/json" \\
    -d '{"model": "gpt-4o-mini", "stream": true, "messages": [{"role": "user", "content": "..."}]}'
> POST /v1/chat/completions HTTP/1.1
> Host: api.example.com
> User-Agent: curl/8.5.0
>
< HTTP/1.1 429 Too Many Requests
< Date: Fri, 20 Nov 2026 06:05:01 GMT
< Content-Type: application/json
< X-Oneapi-Request-Id: 20261120140501123456789AbCdEfGh
< Retry-After: 20
<
{"error": {"type": "new_api_error", "code": "upstream_error",
  "message": "当前分组上游负载已饱和，请稍后再试 (request id: 20261120140501123456789AbCdEfGh)"}}
""",
    "template": """\
【问题现象】生成视频扣了两次费
【模型】kling-v2
【Base URL】https://api.example.com/v1
【错误码】504
【请求时间】2026-11-20 14:05:30（北京时间）
【任务ID】task_7f3c2a91b4
【是否流式】否
【客户端】Cherry Studio 1.5.3
【是否走代理】nginx 反代
【重试次数】1
【是否扣费】扣了两次，每次 0.42 元
""",
}
