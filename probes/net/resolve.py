"""Turns a host name into addresses, once, within a time that getaddrinfo itself does not keep."""

import socket
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread

Lookup = Callable[[str, int], Sequence[str]]
"""(name, port) -> addresses; raises OSError when the name has none."""

DNS_TIMEOUT_S = 5.0


def system_lookup(name: str, port: int) -> Sequence[str]:
    """Ask the system's resolver once. Raises OSError."""
    answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(sockaddr[0]) for *_, sockaddr in answers]


def resolve(name: str, port: int, *, within_s: float, lookup: Lookup) -> tuple[str, ...]:
    """The addresses of `name`, each once. Raises OSError or UnicodeError; TimeoutError after `within_s`.

    A number in any spelling is its own answer. The look-up runs in a thread of its own, because nothing can
    interrupt getaddrinfo; a thread that comes too late ends with the system's own resolver timeout.
    """
    if numeric := _numeric(name, port):
        return (numeric,)
    answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()
    Thread(target=_ask, args=(lookup, name, port, answers), daemon=True, name="resolve").start()
    try:
        answer = answers.get(timeout=within_s)
    except Empty:
        raise TimeoutError("the resolver did not answer") from None
    if isinstance(answer, Exception):
        raise answer
    if not answer:
        raise OSError("the resolver knows no address")
    return tuple(dict.fromkeys(answer))


def _ask(lookup: Lookup, name: str, port: int, answers: SimpleQueue[Sequence[str] | Exception]) -> None:
    try:
        answers.put(lookup(name, port))
    except Exception as error:
        answers.put(error)


def _numeric(name: str, port: int) -> str:
    """The address that `name` spells as a number, by the same libc that would connect; empty for a name."""
    try:
        (*_, sockaddr), *_ = socket.getaddrinfo(
            name, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    except (OSError, UnicodeError):
        return ""
    return str(sockaddr[0])


def absolute(name: str, *, as_written: bool) -> str:
    """`name` with the dot that keeps search domains out.

    Names without a dot and those an admin excepted stay as written: they live in /etc/hosts, which has no
    such dot. So do numbers, which a dot would turn into names.
    """
    return name if as_written or "." not in name or _numeric(name, 0) else f"{name}."
