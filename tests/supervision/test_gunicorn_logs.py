"""What gunicorn writes about requests is masked, whatever its command line asks for."""

import logging
import runpy

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from triage.embedded import ROOT

KEY = "sk-proj-" + "a1B2c3D4" * 6
LOGGERS = ("gunicorn.access", "gunicorn.error")


@pytest.fixture(autouse=True)
def _others_keep_their_handlers():
    root = logging.getLogger()
    kept = {log: (log.handlers[:], log.level) for log in (root, *map(logging.getLogger, LOGGERS))}
    yield
    for log, (handlers, level) in kept.items():
        log.handlers[:] = handlers
        log.setLevel(level)


def written(capsys, monkeypatch, *, asked: str) -> str:
    """What a request's line looks like where it leaves."""
    monkeypatch.setenv("ACCESS_LOG", asked)
    config = Config()
    config.set("logconfig_dict", runpy.run_path(str(ROOT / "gunicorn.conf.py"))["logconfig_dict"])
    config.set("accesslog", "-")  # the operator asks for a log of requests too
    logger = Logger(config)
    logger.access_log.info('127.0.0.1 "GET /?q=%s HTTP/1.1" 302', KEY)
    for handler in logger.access_log.handlers:
        handler.flush()
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_a_line_about_a_request_is_masked(capsys, monkeypatch):
    line = written(capsys, monkeypatch, asked="1")

    assert f"GET /?q=sk-proj-…{KEY[-4:]} HTTP/1.1" in line
    assert KEY not in line


def test_nobody_asked_nothing_is_written(capsys, monkeypatch):
    assert written(capsys, monkeypatch, asked="") == ""
