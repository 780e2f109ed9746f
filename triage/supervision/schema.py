"""Brings the tables up to date before something uses them."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Any number that nobody else takes: it keeps two doors from migrating at the same time.
_MIGRATING = 0x7121A6E


def migrate_if_due(*, empty_only: bool) -> None:
    """Apply what is pending; with `empty_only`, touch no database that already holds tables."""
    if not _is_due(empty_only):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            if _is_due(empty_only):
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def _is_due(empty_only: bool) -> bool:
    if empty_only and connection.introspection.table_names():
        return False
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
