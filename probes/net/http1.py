"""Talks HTTP/1.1 for one request, and names what the parser complains about."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import h11
import httpcore

from probes.net.backend import Line
from probes.net.failures import NotAsHttp
from probes.net.transcript import Asked, Transcript
from probes.wire.facts import Failure

_OWN_WORDS = re.compile(r"[\w ,/'-]*")  # of the parser, before it quotes what it was sent
_HEADERS_TOO_LARGE = 431


def talk(asked: Asked, line: Line, transcript: Transcript) -> None:
    """Send the request and read its answer to the end. Raises NotAsHttp, and what the line raises.

    A 101 ends the answer: what follows it is another protocol, and is not read.
    """
    connection = httpcore.HTTP11Connection(_url(asked).origin, line)
    line.every_read_counts = True
    try:
        answer = connection.handle_request(_request(asked, transcript.sent))
        transcript.headers(answer.status, answer.extensions["http_version"].decode("ascii"), answer.headers)
        for piece in answer.iter_stream():
            transcript.take(piece)
    except httpcore.RemoteProtocolError as error:
        raise NotAsHttp(_failure(line, error), _detail(error)) from error


def _failure(line: Line, error: httpcore.RemoteProtocolError) -> Failure:
    """What the parser's complaint means: nonsense, too much, or an answer that stopped too early."""
    cause = error.__cause__
    if isinstance(cause, h11.RemoteProtocolError) and cause.error_status_hint == _HEADERS_TOO_LARGE:
        return Failure.TOO_LARGE
    if not line.ended:
        return Failure.BAD_PROTOCOL
    if line.in_body:
        return Failure.INCOMPLETE_BODY
    return Failure.BAD_PROTOCOL if line.bytes_read else Failure.NO_RESPONSE


def _detail(error: httpcore.RemoteProtocolError) -> str:
    """The complaint without its quotation of the answer."""
    words = _OWN_WORDS.match(str(error))
    return f"http1: {words[0].strip()}" if words else ""


def _url(asked: Asked) -> httpcore.URL:
    url = asked.url
    return httpcore.URL(
        scheme=url.scheme.encode(), host=url.host.encode(), port=url.port, target=asked.target
    )


def _request(asked: Asked, on_sent: Callable[[], None]) -> httpcore.Request:
    def trace(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith("send_request_body.complete"):
            on_sent()

    return httpcore.Request(
        asked.method,
        _url(asked),
        headers=list(asked.fields),
        content=asked.body,
        extensions={"trace": trace},
    )
