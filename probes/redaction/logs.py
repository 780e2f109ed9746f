"""Log lines leave the process masked: the formatters that stand last in the chain."""

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType

from probes.redaction.engine import ENGINE_LOGGER, Redactor, builtin_redactor
from probes.redaction.log_ids import present_ids


class RedactingFormatter(logging.Formatter):
    """Masks the finished line, with its traceback and stack, whatever put a secret there.

    In LOGGING: {"()": "probes.redaction.logs.RedactingFormatter", "format": …}. It uses the built-in rules:
    a log line must not wait for a database.
    """

    redactor: Redactor | None = None

    def format(self, record: logging.LogRecord) -> str:
        return self._masked(self._line(record), record)

    def _masked(self, text: str, record: logging.LogRecord) -> str:
        if record.name == ENGINE_LOGGER:  # its complaint holds a class name only; to mask it could fail again
            return text
        return (self.redactor or builtin_redactor()).redact(text).text

    def _line(self, record: logging.LogRecord) -> str:
        """The finished line. One that cannot be made would be complained of on stderr with all its arguments.

        Made of a copy: formatting leaves `exc_text` on the record, where other handlers would find it.
        """
        try:
            return super().format(logging.makeLogRecord(record.__dict__))
        except Exception as error:
            return f"{record.levelname} {record.name} a log line could not be made: {type(error).__name__}"


class JsonFormatter(RedactingFormatter):
    """One JSON object a line, with the ids of `log_ids` that stand when it is written.

    Fields: time (ISO 8601, UTC), level, logger, process, message; request, task, ticket and run where known.
    A traceback belongs to the message, line by line. The message is masked before it becomes JSON: in JSON,
    marks of escaping stand inside a secret. What else is in a line, the desk itself gave.
    """

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": self._masked(self._line(record), record),
        }
        return json.dumps({**told, **present_ids()})


def mask_uncaught() -> None:
    """From now on, what nobody catches leaves this process masked too, in every thread."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _masked_farewell
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = lambda args: (
            _masked_farewell(args.exc_type, args.exc_value, args.exc_traceback)
            if args.exc_type is not SystemExit
            else None
        )


def _masked_farewell(
    kind: type[BaseException], error: BaseException | None, where: TracebackType | None
) -> None:
    told = "".join(traceback.format_exception(kind, error, where))
    print(builtin_redactor().redact(told).text, end="", file=sys.stderr)
