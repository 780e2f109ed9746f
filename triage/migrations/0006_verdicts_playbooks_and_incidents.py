import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('probes', '0003_redaction_workshop'),
        ('triage', '0005_charge_named'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict_code', models.CharField(max_length=60, verbose_name='class')),
                ('model', models.CharField(blank=True, max_length=200, verbose_name='model')),
                ('owner', models.CharField(blank=True, max_length=20, verbose_name='owner')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('counted', models.JSONField(blank=True, default=dict)),
                ('last_seen_at', models.DateTimeField(verbose_name='last seen')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PlaybookRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, verbose_name='class')),
                ('number', models.PositiveIntegerField(verbose_name='revision')),
                ('zh', models.JSONField()),
                ('en', models.JSONField()),
                ('reason', models.TextField(verbose_name='why')),
                ('source', models.CharField(blank=True, max_length=500, verbose_name='source')),
                ('recheck_on', models.DateField(verbose_name='to be checked again on')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'in force'), ('superseded', 'replaced'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, verbose_name='state')),
                ('written_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['code', '-number'],
            },
        ),
        migrations.CreateModel(
            name='VerdictCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, verbose_name='class')),
                ('owner', models.CharField(max_length=20, verbose_name='owner')),
                ('reason', models.TextField(verbose_name='why')),
                ('corrected_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='ticket',
            name='zone',
            field=models.CharField(blank=True, max_length=40, verbose_name="the customer's time zone"),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['endpoint', '-created_at'], name='ticket_endpoint'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('account_ref', ''), _negated=True), fields=['account_ref', '-created_at'], name='ticket_account'),
        ),
        migrations.AddField(
            model_name='incident',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='incident',
            name='endpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='probes.endpoint', verbose_name='endpoint'),
        ),
        migrations.AddField(
            model_name='incident',
            name='opened_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='investigation',
            name='incident',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='investigations', to='triage.incident'),
        ),
        migrations.AddIndex(
            model_name='investigation',
            index=models.Index(fields=['-concluded_at', 'verdict_code'], name='investigation_recent'),
        ),
        migrations.AddField(
            model_name='playbookrevision',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='playbookrevision',
            name='written_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verdictcorrection',
            name='corrected_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verdictcorrection',
            name='investigation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='triage.investigation'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('endpoint', 'verdict_code', 'model'), name='one_open_incident_per_signature'),
        ),
        migrations.AddConstraint(
            model_name='playbookrevision',
            constraint=models.UniqueConstraint(fields=('code', 'number'), name='one_playbook_revision_per_number'),
        ),
        migrations.AddConstraint(
            model_name='playbookrevision',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('code',), name='one_playbook_in_force'),
        ),
        migrations.AddConstraint(
            model_name='playbookrevision',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('code',), name='one_playbook_draft'),
        ),
    ]
