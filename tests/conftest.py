"""Real servers for the whole session: PostgreSQL and Redis from pip, the lab, a worker, a browser."""

import os
import shutil
import tempfile
from pathlib import Path

import environ
import pytest
from django.conf import settings

from triage.embedded import Servers, ensure_keys, ensure_servers
from triage.settings import broker_url

SERVERS = pytest.StashKey[tuple[Path, Servers]]()
# Nothing here outlives the session, so nothing needs to reach the disk.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


# What DESK_HTTPS=0 sets: the test client and the live server speak plain HTTP on loopback.
PLAIN_HTTP = {
    "SECURE_SSL_REDIRECT": False,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_NAME": "desk_session",
    "CSRF_COOKIE_SECURE": False,
    "CSRF_COOKIE_NAME": "desk_csrf",
}


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before the first connection is made, and never use anybody else's."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    folder.chmod(0o755)
    servers = ensure_servers(folder, settings=FORGETFUL)
    ensure_keys(folder, may_make=True)
    config.stash[SERVERS] = folder, servers
    _use(servers)


def pytest_unconfigure(config: pytest.Config) -> None:
    folder, servers = config.stash[SERVERS]
    servers.leave()
    shutil.rmtree(folder, ignore_errors=True)


def _use(servers: Servers) -> None:
    """Point the settings, which pytest-django has read before us, at the servers of this session."""
    settings.DATABASES["default"].update(environ.Env.db_url_config(servers.database_url))
    settings.REDIS_URL = servers.redis_url
    settings.CELERY_BROKER_URL = broker_url(servers.redis_url)
    settings.CACHES["default"]["LOCATION"] = servers.redis_url
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for key in ("SECRET_KEY", "PROBE_KEY_KEK", "REDACTION_PEPPER"):
        setattr(settings, key, os.environ[key])


@pytest.fixture(scope="session")
def redis_url(pytestconfig: pytest.Config) -> str:
    return pytestconfig.stash[SERVERS][1].redis_url


@pytest.fixture(scope="session", autouse=True)
def _plain_pages() -> None:
    """Pages without TLS, and passwords hashed quickly: nothing here is secret."""
    for name, plain in PLAIN_HTTP.items():
        setattr(settings, name, plain)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
