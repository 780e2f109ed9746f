"""The servers that come with the desk: joined, or started first when nobody else runs them."""

import atexit
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from triage.supervision.keeper import ADDRESSES, KEEPER_LOCK, USERS_LOCK
from triage.supervision.keys import export_keys
from triage.supervision.locks import FileLock
from triage.supervision.servers import CannotStart, check_database, check_redis

ROOT = Path(__file__).resolve().parent.parent
STOP_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Servers:
    """The addresses in use. `leave` gives up our share; the last one out stops embedded servers."""

    database_url: str
    redis_url: str
    embedded: bool
    leave: Callable[[], None]


def var_folder() -> Path:
    """Where the desk keeps everything that it makes: DESK_VAR, or var/ beside manage.py."""
    return Path(os.environ.get("DESK_VAR") or ROOT / "var").resolve()


def ensure_servers(var: Path, *, settings: Mapping[str, str] | None = None) -> Servers:
    """Have a PostgreSQL and a Redis, and export DATABASE_URL and REDIS_URL where they are not set.

    `settings` are PostgreSQL's, for whoever is first. CannotStart says in one line why not.
    """
    given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    if given["DATABASE_URL"]:
        check_database(given["DATABASE_URL"])
    if given["REDIS_URL"]:
        check_redis(given["REDIS_URL"])
    if all(given.values()):
        return Servers(given["DATABASE_URL"], given["REDIS_URL"], embedded=False, leave=_nothing_to_leave)
    share = _Share(writable(var))
    addresses = share.join(settings or {})
    atexit.register(share.leave)
    used = {name: given[name] or addresses[name] for name in given}
    os.environ.update(used)
    return Servers(
        used["DATABASE_URL"], used["REDIS_URL"], embedded=not given["DATABASE_URL"], leave=share.leave
    )


def use_running_servers(var: Path) -> None:
    """Join embedded servers that run already, and keep them up while we use them; else do nothing."""
    if not os.environ.get("DATABASE_URL") and (var / ADDRESSES).exists():
        os.environ.setdefault("DESK_HTTPS", "0")
        ensure_servers(var)
        ensure_keys(var, may_make=False)


def ensure_keys(var: Path, *, may_make: bool) -> None:
    """Export the desk's own keys from files under `var`, made first where that is allowed."""
    try:
        export_keys(var / "keys", may_make=may_make)
    except OSError as error:
        raise CannotStart(f"cannot use the keys in {var / 'keys'}: {error.strerror}") from error


def writable(var: Path) -> Path:
    """`var`, made if missing; CannotStart when nothing can be written there."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        trial = var / f".trial.{os.getpid()}"
        trial.write_text("written to see whether it can be\n")
        trial.unlink()
    except OSError as error:
        raise CannotStart(
            f"cannot write to {var}: {error.strerror}; set DESK_VAR to another folder"
        ) from error
    return var


class _Share:
    """Our part in the embedded servers: one shared lock, held until this process ends or leaves."""

    def __init__(self, var: Path) -> None:
        self._var = var
        self._users = FileLock(var / USERS_LOCK)
        self._held = False

    def join(self, settings: Mapping[str, str]) -> dict[str, str]:
        """The addresses of running servers. Waits while earlier ones are still stopping."""
        self._users.share()
        self._held = True
        starters = FileLock(self._var / "start.lock")
        starters.take()
        try:
            if not self._keeper_lives():
                _start_keeper(self._var, settings)
            addresses: dict[str, str] = json.loads((self._var / ADDRESSES).read_text())
        finally:
            starters.close()
        return addresses

    def leave(self) -> None:
        """Give up our part; when nobody else has one, wait until the servers have stopped."""
        if not self._held:
            return
        self._held = False
        we_are_last = self._users.try_take()
        self._users.close()
        if we_are_last:
            self._await_keeper_end()

    def _keeper_lives(self) -> bool:
        """A keeper holds its lock for as long as it lives, however it ends."""
        keeper = FileLock(self._var / KEEPER_LOCK)
        free = keeper.try_take()
        keeper.close()
        return not free and (self._var / ADDRESSES).exists()

    def _await_keeper_end(self) -> None:
        keeper = FileLock(self._var / KEEPER_LOCK)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while not keeper.try_take() and time.monotonic() < deadline:
            time.sleep(0.02)
        keeper.close()


def _start_keeper(var: Path, settings: Mapping[str, str]) -> None:
    words, its_words = os.pipe()
    with (var / "servers.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "triage.supervision.keeper", str(var), json.dumps(dict(settings))],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=its_words,
            stderr=log,
            start_new_session=True,
        )
    os.close(its_words)
    with os.fdopen(words) as lines:
        answer = lines.readline().strip()
    if answer != "ready":
        raise CannotStart(answer or f"the servers did not start; see {var / 'servers.log'}")


def _nothing_to_leave() -> None:
    """Servers that somebody else runs stay as they are."""
