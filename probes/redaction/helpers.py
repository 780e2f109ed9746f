"""Processes that search texts for another one, with the rules that it has compiled."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType

from probes.redaction.engine import Redactor
from probes.redaction.search import Hit

CAN_HELP = "fork" in multiprocessing.get_all_start_methods()


class Helpers:
    """A pool that starts with the second question: most texts are short."""

    def __init__(self, redactor: Redactor, jobs: int) -> None:
        self._redactor = redactor
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._asked = False

    def __enter__(self) -> "Helpers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def ask(self, text: str) -> Callable[[], list[Hit]]:
        """Begin to search a text; call what comes back for the findings, or for what went wrong."""
        if not CAN_HELP or not self._asked:
            self._asked = True
            return lambda: self._redactor.find(text)
        return self._started().submit(_found, text).result

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._redactor.prepare()  # once, for all that are forked off
            self._pool = ProcessPoolExecutor(
                self._jobs,
                mp_context=multiprocessing.get_context("fork"),
                initializer=_begin,
                initargs=(self._redactor,),
            )
        return self._pool


_own: list[Redactor] = []  # of a helper


def _begin(redactor: Redactor) -> None:
    _own[:] = [redactor]


def _found(text: str) -> list[Hit]:
    return _own[0].find(text)
