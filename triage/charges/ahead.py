"""Work done ahead: a file is parsed in a thread while the database is busy with what was parsed before."""

import threading
from collections.abc import Generator, Iterable
from queue import Full, Queue
from typing import TypeVar

T = TypeVar("T")

_LOOK_UP_S = 0.1


def ahead(items: Iterable[T], *, most: int) -> Generator[T, None, None]:
    """The same items in the same order, made in a thread of their own, at most `most` of them in advance.

    What making them raises is raised here. Closing the generator ends the thread after the item at hand.
    """
    made: Queue[tuple[T] | BaseException | None] = Queue(most)
    unwanted = threading.Event()

    def put(what: tuple[T] | BaseException | None) -> None:
        while not unwanted.is_set():
            try:
                made.put(what, timeout=_LOOK_UP_S)
            except Full:
                continue
            return

    def make() -> None:
        try:
            for item in items:
                put((item,))
                if unwanted.is_set():
                    return
            put(None)
        except BaseException as error:  # whoever takes the items must hear of it
            put(error)

    maker = threading.Thread(target=make, name="ahead", daemon=True)
    maker.start()
    try:
        while (what := made.get()) is not None:
            if isinstance(what, BaseException):
                raise what
            yield what[0]
    finally:
        unwanted.set()
        maker.join()
