"""The log of requests: a refusal is one line, since nothing of the desk's is broken by it."""

import logging

from django.core.exceptions import PermissionDenied


class RefusalsInOneLine(logging.Filter):
    """Drops the traceback of what somebody may not do; Django logs it as if it were a fault.

    Read before the apps are loaded, so nothing of them may be imported here.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = record.exc_text = None
        return True
