from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('triage', '0006_verdicts_playbooks_and_incidents'),
    ]

    operations = [
        migrations.AddField(
            model_name='investigation',
            name='surroundings',
            field=models.JSONField(null=True),
        ),
    ]
