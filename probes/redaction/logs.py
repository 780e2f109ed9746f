"""Log lines leave the process masked: the formatter that stands last in the chain."""

import logging

from probes.redaction.engine import ENGINE_LOGGER, Redactor, builtin_redactor


class RedactingFormatter(logging.Formatter):
    """Masks the finished line, with its traceback and stack, whatever put a secret there.

    In LOGGING: {"()": "probes.redaction.logs.RedactingFormatter", "format": …}. It uses the built-in rules:
    a log line must not wait for a database.
    """

    redactor: Redactor | None = None

    def format(self, record: logging.LogRecord) -> str:
        if (
            record.name == ENGINE_LOGGER
        ):  # its own complaint holds a class name only; to mask it could fail again
            return super().format(record)
        # On a copy: formatting keeps `exc_text` on the record, where other handlers would find it unmasked.
        line = super().format(logging.makeLogRecord(record.__dict__))
        return (self.redactor or builtin_redactor()).redact(line).text
