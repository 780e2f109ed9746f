"""What was asked of the lab, counted: the proof that a probe was sent once."""

from collections import Counter, defaultdict
from threading import Lock
from typing import Any, NamedTuple

from probes.lab.framing import Request


class Kind(NamedTuple):
    """Requests that are counted together. `probe` is the X-Probe-Id header, empty without one."""

    method: str
    path: str
    model: str
    probe: str


class Counters:
    """Counts of requests; may be read from another thread than the lab's."""

    def __init__(self) -> None:
        self._counts: Counter[Kind] = Counter()
        self._lock = Lock()

    def count(self, request: Request, model: str) -> int:
        """Add one request; returns the how-manieth POST of this model to this path it is."""
        with self._lock:
            self._counts[
                Kind(request.method, request.path, model, request.headers.get("x-probe-id", ""))
            ] += 1
        return self.posts(path=request.path, model=model)

    def posts(self, *, path: str | None = None, model: str | None = None, probe: str | None = None) -> int:
        """How many POSTs came in; None means any."""
        wanted = ("POST", path, model, probe)
        rows = self._rows()
        return sum(
            n for kind, n in rows if all(want in (None, got) for want, got in zip(wanted, kind, strict=True))
        )

    def as_json(self) -> dict[str, Any]:
        """Counts by path and model (`posts`), by X-Probe-Id, path and model (`probes`), by path (`gets`)."""
        posts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        probes: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        gets: Counter[str] = Counter()
        for kind, number in self._rows():
            if kind.method != "POST":
                gets[kind.path] += number
                continue
            posts[kind.path][kind.model] += number
            if kind.probe:
                probes[kind.probe][kind.path][kind.model] += number
        return {"total_posts": self.posts(), "posts": posts, "probes": probes, "gets": gets}

    def reset(self) -> None:
        with self._lock:
            self._counts.clear()

    def _rows(self) -> list[tuple[Kind, int]]:
        with self._lock:
            return list(self._counts.items())
