"""How gunicorn serves the desk; it reads this file by itself when it is started beside it."""

import os

worker_class = "gthread"
workers = 2
threads = 16
# The default of 30 s would outlast the time in which Ctrl-C must have stopped everything.
graceful_timeout = 3
control_socket_disable = True
# A path or a traceback may carry what somebody typed: the formatter of all other logs masks it.
logconfig_dict = {
    "formatters": {
        "line": {
            "()": "probes.redaction.logs.RedactingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "datefmt": "%H:%M:%S",
        },
        "json": {"()": "probes.redaction.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": os.environ.get("LOG_FORMAT") or "line"}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "propagate": True},
        # A line per request holds its whole address, so it leaves by the masking formatter or not at all.
        "gunicorn.access": {
            "level": "INFO",
            "handlers": ["console"] if os.environ.get("ACCESS_LOG") == "1" else [],
            "propagate": False,
        },
    },
}
