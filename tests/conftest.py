"""Real servers for the whole session: PostgreSQL and Redis from pip, the lab, a worker, a browser."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import environ
import hypothesis
import pytest
import redis
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from probes.lab.server import Lab
from tests.journeys.desk import is_idle
from tests.supervision.worker import Worker
from triage.embedded import Servers, ensure_keys, ensure_servers
from triage.settings import broker_url

# The same inputs in every run; `--hypothesis-profile=search` looks for new ones.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("steady")

_FAREWELL_S = 3.0
SERVERS = pytest.StashKey[tuple[Path, Servers]]()
# Nothing here outlives the session, so nothing needs to reach the disk.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


CHROMIUM_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--crash-matrix", choices=("quick", "full"), default="quick", help="how often each fault strikes"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before the first connection is made, and never use anybody else's."""
    if _only_hands_out_tests(config):
        return
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    folder.chmod(0o755)
    servers = ensure_servers(folder, settings=FORGETFUL)
    ensure_keys(folder, may_make=True)
    config.stash[SERVERS] = folder, servers
    _use(servers)


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS in config.stash:
        folder, servers = config.stash[SERVERS]
        servers.leave()
        shutil.rmtree(folder, ignore_errors=True)


def _only_hands_out_tests(config: pytest.Config) -> bool:
    """With `-n`, each process that runs tests has servers of its own; the one above them needs none."""
    return bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")


def _use(servers: Servers) -> None:
    """Point the settings, which pytest-django has read before us, at the servers of this session."""
    settings.DATABASES["default"].update(environ.Env.db_url_config(servers.database_url))
    settings.REDIS_URL = servers.redis_url
    settings.CELERY_BROKER_URL = broker_url(servers.redis_url)
    settings.CACHES["default"]["LOCATION"] = servers.redis_url
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for key in ("SECRET_KEY", "PROBE_KEY_KEK", "REDACTION_PEPPER"):
        setattr(settings, key, os.environ[key])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that opens a browser is slow, wherever it stands."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


@pytest.fixture(scope="session")
def redis_url(pytestconfig: pytest.Config) -> str:
    """The Redis of this session: queue, pacing and cache."""
    return pytestconfig.stash[SERVERS][1].redis_url


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """One lab for the session; it counts what it was sent."""
    with Lab() as lab:
        yield lab


@pytest.fixture(scope="session")
def worker_process(django_db_setup: None, pytestconfig: pytest.Config) -> Iterator[Worker]:
    """One worker for the session, so that a test pays for its start only after it killed it."""
    folder, _servers = pytestconfig.stash[SERVERS]
    worker = Worker(folder / "worker.log")
    yield worker
    worker.stop()


@pytest.fixture
def worker(transactional_db: None, worker_process: Worker, redis_url: str) -> Iterator[Worker]:
    """A running Celery worker that sees the test's rows, with nothing left over in its queues."""
    with closing(redis.Redis.from_url(redis_url)) as client:
        client.flushdb()
        worker_process.ensure_running()
        yield worker_process
        client.flushdb()
    _let_finish(worker_process)


def _let_finish(worker: Worker) -> None:
    """Before the tables are emptied: a worker in the middle of writing would lock them against that."""
    deadline = time.monotonic() + _FAREWELL_S
    while worker.is_running and not is_idle():
        if time.monotonic() > deadline:
            worker.kill()
        time.sleep(0.05)


@pytest.fixture
def desk(live_server: LiveServer, worker: Worker) -> str:
    """The address of the pages, with a worker behind them."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; Playwright's event loop lives in this thread, which Django would otherwise refuse."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium fonts-noto-cjk")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh profile, in Chinese, the time zone of the desk."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
