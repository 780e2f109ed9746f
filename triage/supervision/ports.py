"""Which loopback port a program may have."""

import socket
import time

from triage.supervision.servers import CannotStart

# What a killed desk leaves behind needs a moment to let go of its port.
PATIENCE_S = 3.0


def claim_port(port: int) -> int:
    """`port` if it is free now or soon; CannotStart when another program keeps it."""
    deadline = time.monotonic() + PATIENCE_S
    while not _is_free(port):
        if time.monotonic() > deadline:
            raise CannotStart(
                f"port {port} of 127.0.0.1 is taken by another program;"
                " choose one with --port, or with make run PORT=9000"
            )
        time.sleep(0.1)
    return port


def free_port(preferred: int) -> int:
    """`preferred` if it is free, else any free one."""
    return preferred if _is_free(preferred) else _any_free()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
