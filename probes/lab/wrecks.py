"""Answers that break HTTP itself, or never become one."""

import zlib
from collections.abc import Mapping

from probes.lab.answering import Performer
from probes.lab.call import EVENTS, JSON, Call, gateway_headers
from probes.lab.framing import Line, head

_MEBIBYTE = b" " * (1024 * 1024)


async def _reset_at_once(call: Call, line: Line) -> None:
    line.reset()


async def _close_at_once(call: Call, line: Line) -> None:
    """Nothing to say: the server closes every connection that its performer left unfinished."""


async def _never_answer(call: Call, line: Line) -> None:
    await line.rest(call.arg)


async def _endless_headers(call: Call, line: Line) -> None:
    await line.raw(head(200, gateway_headers(call, JSON)).removesuffix(b"\r\n"))
    for number in range(int(call.arg * 20)):
        await line.raw(f"x-filler-{number}: {call.nonce}\r\n".encode())
        await line.rest(0.05)


async def _bad_status_line(call: Call, line: Line) -> None:
    await line.raw(b"ICY OK 200\r\ncontent-type: text/plain\r\n\r\nhello")


async def _fewer_than_counted(call: Call, line: Line) -> None:
    body = b'{"id":"chatcmpl-lab","object":"chat.completion",'
    headers = (*gateway_headers(call, JSON), ("content-length", str(len(body) + 500)))
    await line.raw(head(200, headers) + body)


async def _bad_chunk_size(call: Call, line: Line) -> None:
    await line.start(200, gateway_headers(call, EVENTS if call.stream else JSON))
    await line.raw(b"zz\r\nnot a chunk\r\n")


async def _gzip_bomb(call: Call, line: Line) -> None:
    """The same compressed MiB again and again: a full flush makes every repetition valid."""
    packer = zlib.compressobj(wbits=31)
    opening = packer.compress(_MEBIBYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    repeated = packer.compress(_MEBIBYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    content_type = EVENTS if call.stream else JSON
    await line.start(200, (*gateway_headers(call, content_type), ("content-encoding", "gzip")))
    await line.send(opening)
    for _ in range(max(int(call.arg) - 1, 0)):
        await line.send(repeated)
    await line.end()


PERFORMERS: Mapping[str, Performer] = {
    "reset_before_headers": _reset_at_once,
    "close_before_headers": _close_at_once,
    "never_answers": _never_answer,
    "endless_headers": _endless_headers,
    "bad_status_line": _bad_status_line,
    "wrong_content_length": _fewer_than_counted,
    "bad_chunk_size": _bad_chunk_size,
    "gzip_bomb": _gzip_bomb,
}
