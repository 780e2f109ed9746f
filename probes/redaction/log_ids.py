"""In whose name a log line is written: ids of request, task, ticket and run that this thread works for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_NOBODY: Mapping[str, str] = {}
_IDS: ContextVar[Mapping[str, str]] = ContextVar("log_ids", default=_NOBODY)


def present_ids() -> Mapping[str, str]:
    """Name -> id, such as {"ticket": "T-000012", "run": "34"}: only ids that the desk gave itself."""
    return _IDS.get()


@contextmanager
def log_ids(**ids: str) -> Iterator[None]:
    """Every line written inside carries these ids too."""
    before = _IDS.set({**_IDS.get(), **ids})
    try:
        yield
    finally:
        _IDS.reset(before)


def note_ids(**ids: object) -> None:
    """The same until this piece of work is over, see `begin_with`; None is no id."""
    _IDS.set({**_IDS.get(), **{name: str(one) for name, one in ids.items() if one is not None}})


def begin_with(ids: Mapping[str, str]) -> None:
    """From now on these and no others: for a thread that takes up one piece of work after another."""
    _IDS.set(ids)
