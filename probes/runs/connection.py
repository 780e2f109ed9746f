"""Database connections of threads that wait on the network most of the time."""

from django.db import connection


def let_go() -> None:
    """Close this thread's connection; the next query opens another.

    Hundreds of threads wait at once, and PostgreSQL grants about a hundred connections. An open
    transaction keeps its connection: what called us will end it.
    """
    if not connection.in_atomic_block:
        connection.close()
