from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("triage", "0007_investigation_surroundings"),
        ("probes", "0004_purposes_replays_and_baselines"),
    ]

    operations: ClassVar[list[Operation]] = []
