"""Log lines."""

import io
import json
import logging
import random
import subprocess
import sys

import pytest

from probes.redaction.engine import Redactor
from probes.redaction.log_ids import begin_with, log_ids, note_ids
from probes.redaction.logs import JsonFormatter, RedactingFormatter
from probes.redaction.samples import expand

KEY = expand("sk-proj-<an48>", random.Random(5))


def written(
    *handlers_after: logging.Handler, formatter: logging.Formatter | None = None
) -> tuple[logging.Logger, io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter or RedactingFormatter("%(levelname)s %(message)s"))
    logger = logging.Logger("test")
    for each in (handler, *handlers_after):
        logger.addHandler(each)
    return logger, out


def test_arguments_and_tracebacks_are_masked_in_the_finished_line() -> None:
    logger, out = written()

    try:
        raise ValueError(f"refused {KEY}")
    except ValueError:
        logger.exception("for %s", KEY)

    assert KEY not in out.getvalue()
    assert out.getvalue().startswith(f"ERROR for sk-proj-…{KEY[-4:]}\nTraceback")
    assert f"ValueError: refused sk-proj-…{KEY[-4:]}" in out.getvalue()


def test_the_traceback_is_not_left_on_the_record_for_other_handlers() -> None:
    records: list[logging.LogRecord] = []
    keeper = logging.Handler()
    keeper.emit = records.append  # type: ignore[method-assign]
    logger, _ = written(keeper)

    try:
        raise ValueError(KEY)
    except ValueError:
        logger.exception("failed")

    assert records[0].exc_text is None


def test_a_redactor_that_fails_withholds_the_line_and_says_so_once() -> None:
    root, out = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(RedactingFormatter("%(message)s"))
    handler.formatter.redactor = Redactor.withholding()
    root.addHandler(handler)
    try:
        logging.getLogger("somebody").error("refused %s", KEY)
    finally:
        root.removeHandler(handler)

    assert KEY not in out.getvalue()
    assert out.getvalue().count("redaction failed") == 1
    assert "[withheld]" in out.getvalue()


def test_a_line_that_cannot_be_made_is_named_without_its_arguments(capsys) -> None:
    logger, out = written()

    logger.error("%d pieces", KEY)

    assert out.getvalue() == "ERROR test a log line could not be made: TypeError\n"
    assert KEY not in capsys.readouterr().err


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError(key)",
        "import threading; t = threading.Thread(target=lambda: open(key)); t.start(); t.join()",
        "def inner(pasted): raise KeyError({'authorization': pasted})\ninner(key)",
    ],
)
def test_what_nobody_catches_leaves_the_process_masked(code) -> None:
    begin = (
        "from probes.redaction.logs import mask_uncaught\nmask_uncaught()\nimport sys\nkey = sys.argv[1]\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", f"{begin}key = sys.argv[1]\n{code}", KEY], capture_output=True, text=True
    )

    assert "Traceback" in ended.stderr
    assert KEY not in ended.stderr


def json_lines(out: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_json_line_carries_the_ids_that_stand_and_no_longer_ones() -> None:
    logger, out = written(formatter=JsonFormatter())
    begin_with({})  # whatever this process did before

    with log_ids(request="9f2c"):
        note_ids(ticket="T-000012", run=None)
        logger.warning("slow: %s s", 3)
    logger.warning("later")

    first, second = json_lines(out)
    assert first["message"] == "slow: 3 s"
    assert (first["level"], first["request"], first["ticket"]) == ("WARNING", "9f2c", "T-000012")
    assert "run" not in first
    assert not {"request", "ticket"} & set(second)


def test_a_json_line_is_masked_inside_quotes_and_tracebacks_and_stays_one_line() -> None:
    logger, out = written(formatter=JsonFormatter())

    try:
        raise ValueError(f'{{"api_key": "{KEY}"}}\u2028next')
    except ValueError:
        logger.exception('sent {"authorization": "Bearer %s"}', KEY)

    (line,) = json_lines(out)
    assert KEY not in out.getvalue()
    assert KEY[:20] not in out.getvalue()
    assert "ValueError" in line["message"]
    assert line["message"].startswith('sent {"authorization"')


def test_a_json_line_that_cannot_be_made_says_so_without_its_arguments() -> None:
    logger, out = written(formatter=JsonFormatter())

    logger.warning("%d things", KEY)

    assert json_lines(out)[0]["message"] == "WARNING test a log line could not be made: TypeError"
