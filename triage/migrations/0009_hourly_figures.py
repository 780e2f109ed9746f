from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("triage", "0008_history_entries"),
    ]

    operations: ClassVar[list[Operation]] = []
