from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('triage', '0004_charges_and_connectors'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(
                condition=models.Q(('task_key', ''), models.Q(('ref_charge_id', ''), _negated=True)),
                fields=['source', 'ref_charge_id'],
                name='charge_named',
            ),
        ),
    ]
