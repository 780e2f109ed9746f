"""The process that owns the embedded servers: it starts them, and stops them when their last user is gone.

Users hold a shared file lock. The kernel drops it even for a killed process, so the keeper needs no list
of process numbers to know that nobody is left.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from triage.supervision.locks import FileLock
from triage.supervision.servers import CannotStart, Postgres, Redis
from triage.supervision.supervisor import GaveUp, Supervisor

START_TIMEOUT_S = 40.0
LARGEST_LOG = 5_000_000

USERS_LOCK = "users.lock"
KEEPER_LOCK = "keeper.lock"
ADDRESSES = "servers.json"


def main(var: Path, settings: Mapping[str, str]) -> int:
    """Serve until the last user leaves. The first line on stdout is `ready` or the reason why not."""
    alone = FileLock(var / KEEPER_LOCK)
    alone.take()  # a predecessor may still be stopping its servers
    users = FileLock(var / USERS_LOCK)
    try:
        _serve(var, users, settings)
    except (CannotStart, GaveUp, OSError) as error:
        _tell_starter(str(error))
        return 1
    return 0


def _serve(var: Path, users: FileLock, settings: Mapping[str, str]) -> None:
    postgres, redis = Postgres(var, settings=settings), Redis(var)
    postgres.prepare()
    redis.prepare()
    log = _Log(var / "servers.log")
    supervisor = Supervisor([postgres.program(), redis.program()], say=log.say)
    try:
        _wait_for_answers(supervisor, postgres, redis)
        _write_whole(var / ADDRESSES, json.dumps({"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}))
        _tell_starter("ready")
        supervisor.run_until(users.try_take)
    finally:
        (var / ADDRESSES).unlink(missing_ok=True)
        supervisor.stop()


def _wait_for_answers(supervisor: Supervisor, postgres: Postgres, redis: Redis) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    supervisor.tick(0)
    while not (postgres.answers() and redis.answers()):
        supervisor.tick(0.05)
        if time.monotonic() > deadline:
            raise CannotStart(f"PostgreSQL or Redis did not answer within {START_TIMEOUT_S:.0f} s")


class _Log:
    """What the servers say, with the time, in a file that starts anew when it has grown large."""

    def __init__(self, path: Path) -> None:
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        self._file = path.open("a", buffering=1)

    def say(self, name: str, line: str) -> None:
        self._file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {name}: {line}\n")


def _write_whole(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(path)


def _tell_starter(line: str) -> None:
    """Say one line and hang up: the starter goes on, or may even end, while the keeper works."""
    print(" ".join(line.split()), flush=True)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 1)
    os.dup2(silence, 2)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main(Path(sys.argv[1]), json.loads(sys.argv[2])))
