"""Runs every bench_*.py beside this file: `python -m tests.bench [part of a name …]`."""

import importlib
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

from triage.embedded import Servers, ensure_keys, ensure_servers

_COUNTED = ("Django", "psycopg", "httpcore", "h11", "orjson", "google-re2", "httpx-sse", "openai")


def main(wanted: list[str]) -> int:
    """0 when every bench ran; each prints its own figures. They share one throw-away PostgreSQL and Redis."""
    names = [name for name in _bench_names() if not wanted or any(part in name for part in wanted)]
    print(_machine())
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        servers = _open_desk(Path(folder))
        try:
            failures = [name for name in names if not _runs(name)]
        finally:
            connections.close_all()
            servers.leave()
    print(f"{len(names) - len(failures)} of {len(names)} benches ran")
    return 1 if failures or not names else 0


def _machine() -> str:
    """What the figures below depend on. A load above the number of processors makes them worthless."""
    packages = ", ".join(f"{name} {version(name)}" for name in _COUNTED)
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    return f"{machine}, load {os.getloadavg()[0]:.1f}\nPython {platform.python_version()}, {packages}"


def _bench_names() -> Iterator[str]:
    return (file.stem for file in sorted(Path(__file__).parent.glob("bench_*.py")))


def _open_desk(folder: Path) -> Servers:
    folder.chmod(0o755)
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="triage.settings", DESK_VAR=str(folder), DESK_HTTPS="0", DEBUG="0"
    )
    servers = ensure_servers(folder)
    ensure_keys(folder, may_make=True)
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    return servers


def _runs(name: str) -> bool:
    print(f"--- {name.removeprefix('bench_').replace('_', ' ')}", flush=True)
    started = time.perf_counter()
    try:
        importlib.import_module(f"tests.bench.{name}").main()
    except Exception:
        traceback.print_exc()
        return False
    print(f"    ({time.perf_counter() - started:.1f} s)", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
