import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The row of an attempt is written in one place, below: by the triggers whenever something that it mirrors
# changes, and by the last step of this migration for what is there already.
COLUMNS = {
    "run_id": "r.id",
    "position": "coalesce(a.position, 0)",
    "attempt_id": "a.id",
    "ticket_id": "t.id",
    "endpoint_id": "r.endpoint_id",
    "requested_by_id": "r.requested_by_id",
    "at": "r.queued_at",
    "purpose": "r.purpose",
    "state": "r.state",
    "step": "coalesce(a.step, '')",
    "protocol": "left(coalesce(r.plan -> 'steps' -> a.position::int ->> 'protocol', ''), 30)",
    "model": "r.model",
    "client": "lower(coalesce(t.client, ''))",
    "verdict": "coalesce(c.code, i.verdict_code, '')",
    "machine_verdict": "CASE WHEN c.code <> i.verdict_code THEN i.verdict_code ELSE '' END",
    "owner": "coalesce(c.owner, i.owner, '')",
    "rules_version": "left(coalesce(i.verdict ->> 'rules_version', ''), 40)",
    "status": "CASE WHEN history_number(a.facts -> 'status') BETWEEN 0 AND 32767"
    " THEN history_number(a.facts -> 'status') END",
    "failure": "left(coalesce(a.facts ->> 'failure', ''), 30)",
    "end_mode": "left(coalesce(a.facts ->> 'end_mode', ''), 30)",
    "http_version": "left(coalesce(a.facts ->> 'http_version', ''), 12)",
    "connect_ms": "history_number(a.facts -> 'connect_ms')",
    "first_byte_ms": "history_number(a.facts -> 'first_byte_ms')",
    "first_token_ms": "least(history_number(a.facts -> 'first_content_ms'),"
    " history_number(a.facts -> 'first_reasoning_ms'))",
    "total_ms": "history_number(a.facts -> 'total_ms')",
    "max_gap_ms": "history_number(a.facts -> 'max_gap_ms')",
    "request_ids": "history_texts(a.facts -> 'request_ids') || history_texts(t.request_ids)",
    "key_prints": "CASE WHEN t.masked = '[]' THEN '{}' ELSE ARRAY(SELECT left(told, 200)"
    " FROM jsonb_path_query(t.masked, '$[*].fingerprints[*]') AS seen, LATERAL (SELECT seen #>> '{}') AS s(told)) END",
    "error_text": "left(concat_ws(' ', a.facts ->> 'error_type', a.facts ->> 'error_code',"
    " a.facts ->> 'error_param', a.facts ->> 'error_message', a.facts ->> 'failure_detail',"
    " a.facts ->> 'malformed_sample', CASE WHEN a.facts ? 'error_message' THEN NULL"
    " ELSE left(a.facts ->> 'body_excerpt', 1000) END), 2000)",
}
MIRRORED = [name for name in COLUMNS if name not in ("run_id", "position")]

READERS = """
CREATE FUNCTION history_number(fact jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(fact) = 'number' THEN fact::double precision END
$$;

-- No longer than an index takes.
CREATE FUNCTION history_texts(fact jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(fact) = 'array' AND fact <> '[]'
        THEN ARRAY(SELECT left(told, 200) FROM jsonb_array_elements_text(fact) AS told WHERE told <> '')
        ELSE '{}' END
$$;

-- What a text can be found by: every three characters in a row, and for scripts without spaces every two.
CREATE FUNCTION history_grams(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT substr(small, place, 3)
        FROM lower(left(said, 4000)) AS small, generate_series(1, length(small) - 2) AS place
        UNION ALL
        SELECT substr(small, place, 2)
        FROM lower(left(said, 4000)) AS small, generate_series(1, length(small) - 1) AS place
        WHERE octet_length(small) > length(small)
            AND substr(small, place, 1) COLLATE "C" >= U&'\\2E80'
            AND substr(small, place + 1, 1) COLLATE "C" >= U&'\\2E80'
    )
$$;
"""

WRITE = f"""
CREATE FUNCTION history_write(runs bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever waits here for another writer reads only then, so that the last one writes what holds now.
    PERFORM 1 FROM triage_entry WHERE run_id = ANY (runs) ORDER BY run_id, position FOR UPDATE;
    INSERT INTO triage_entry AS entry ({", ".join(COLUMNS)})
    SELECT {", ".join(COLUMNS.values())}
    FROM probes_run r
    LEFT JOIN probes_attempt a ON a.run_id = r.id
    LEFT JOIN triage_investigation i ON i.run_id = r.id
    LEFT JOIN triage_ticket t ON t.id = i.ticket_id
    LEFT JOIN LATERAL (
        SELECT code, owner FROM triage_verdictcorrection
        WHERE investigation_id = i.id ORDER BY id DESC LIMIT 1
    ) c ON true
    WHERE r.id = ANY (runs)
    ORDER BY r.id, a.position
    ON CONFLICT (run_id, position) DO UPDATE
    SET ({", ".join(MIRRORED)}) = ROW({", ".join(f"EXCLUDED.{name}" for name in MIRRORED)})
    WHERE ({", ".join(f"entry.{name}" for name in MIRRORED)})
        IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in MIRRORED)});
END
$$;
"""

TRIGGERS = """
CREATE FUNCTION history_told_runs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM history_write(ARRAY(SELECT id FROM told));
    RETURN NULL;
END
$$;
CREATE FUNCTION history_told_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM history_write(ARRAY(SELECT DISTINCT run_id FROM told WHERE run_id IS NOT NULL));
    RETURN NULL;
END
$$;
CREATE FUNCTION history_told_corrections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM history_write(ARRAY(
        SELECT i.run_id FROM told JOIN triage_investigation i ON i.id = told.investigation_id
        WHERE i.run_id IS NOT NULL
    ));
    RETURN NULL;
END
$$;
CREATE FUNCTION history_run_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM history_write(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;
CREATE FUNCTION history_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM history_write(ARRAY[NEW.run_id]);
    RETURN NULL;
END
$$;
CREATE FUNCTION history_investigation_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM history_write(ARRAY[OLD.run_id]);
    RETURN NULL;
END
$$;
CREATE FUNCTION history_ticket_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM history_write(ARRAY(
        SELECT run_id FROM triage_investigation WHERE ticket_id = NEW.id AND run_id IS NOT NULL
    ));
    RETURN NULL;
END
$$;

CREATE TRIGGER history_new AFTER INSERT ON probes_run
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION history_told_runs();
CREATE TRIGGER history_new AFTER INSERT ON probes_attempt
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION history_told_parts();
CREATE TRIGGER history_new AFTER INSERT ON triage_investigation
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION history_told_parts();
CREATE TRIGGER history_new AFTER INSERT ON triage_verdictcorrection
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION history_told_corrections();

CREATE TRIGGER history_changed AFTER UPDATE OF state, model, purpose, queued_at, requested_by_id ON probes_run
    FOR EACH ROW WHEN ((OLD.state, OLD.model, OLD.purpose, OLD.queued_at, OLD.requested_by_id)
        IS DISTINCT FROM (NEW.state, NEW.model, NEW.purpose, NEW.queued_at, NEW.requested_by_id))
    EXECUTE FUNCTION history_run_changed();
-- What an attempt shows so far is for its live page alone.
CREATE TRIGGER history_changed AFTER UPDATE OF state, facts ON probes_attempt
    FOR EACH ROW WHEN (NEW.state IN ('done', 'skipped', 'unknown')
        AND (OLD.state, OLD.facts) IS DISTINCT FROM (NEW.state, NEW.facts))
    EXECUTE FUNCTION history_part_changed();
CREATE TRIGGER history_changed AFTER UPDATE OF run_id, verdict, verdict_code, owner ON triage_investigation
    FOR EACH ROW WHEN (NEW.run_id IS NOT NULL AND (OLD.run_id, OLD.verdict, OLD.verdict_code, OLD.owner)
        IS DISTINCT FROM (NEW.run_id, NEW.verdict, NEW.verdict_code, NEW.owner))
    EXECUTE FUNCTION history_part_changed();
CREATE TRIGGER history_gone AFTER DELETE ON triage_investigation
    FOR EACH ROW WHEN (OLD.run_id IS NOT NULL) EXECUTE FUNCTION history_investigation_gone();
CREATE TRIGGER history_changed AFTER UPDATE OF client, request_ids, masked ON triage_ticket
    FOR EACH ROW WHEN ((OLD.client, OLD.request_ids, OLD.masked)
        IS DISTINCT FROM (NEW.client, NEW.request_ids, NEW.masked))
    EXECUTE FUNCTION history_ticket_changed();
"""

SEARCH = """
CREATE INDEX entry_error_grams ON triage_entry USING gin (history_grams(error_text)) WHERE error_text <> '';
CREATE INDEX ticket_error_grams ON triage_ticket USING gin (history_grams(error_text)) WHERE error_text <> '';
"""

UNDO = """
DROP INDEX ticket_error_grams;
DROP TRIGGER history_changed ON triage_ticket;
DROP TRIGGER history_gone ON triage_investigation;
DROP TRIGGER history_changed ON triage_investigation;
DROP TRIGGER history_changed ON probes_attempt;
DROP TRIGGER history_changed ON probes_run;
DROP TRIGGER history_new ON triage_verdictcorrection;
DROP TRIGGER history_new ON triage_investigation;
DROP TRIGGER history_new ON probes_attempt;
DROP TRIGGER history_new ON probes_run;
DROP INDEX entry_error_grams;
DROP FUNCTION history_ticket_changed, history_investigation_gone, history_part_changed, history_run_changed,
    history_told_corrections, history_told_parts, history_told_runs, history_write, history_grams,
    history_texts, history_number;
"""

AT_ONCE = 2000


def fill(apps, schema_editor):
    """Entries for the runs that are there already, a block at a time."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM probes_run")
        (last,) = cursor.fetchone()
        for first in range(1, last + 1, AT_ONCE):
            block = "SELECT history_write(ARRAY(SELECT id FROM probes_run WHERE id >= %s AND id < %s))"
            cursor.execute(block, [first, first + AT_ONCE])


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0007_investigation_surroundings"),
        ("probes", "0004_purposes_replays_and_baselines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('purpose', models.CharField(blank=True, max_length=10)),
                ('state', models.CharField(blank=True, max_length=12)),
                ('step', models.CharField(blank=True, max_length=20)),
                ('protocol', models.CharField(blank=True, max_length=30)),
                ('model', models.CharField(blank=True, max_length=200)),
                ('client', models.CharField(blank=True, max_length=200)),
                ('verdict', models.CharField(blank=True, max_length=60)),
                ('machine_verdict', models.CharField(blank=True, max_length=60)),
                ('owner', models.CharField(blank=True, max_length=20)),
                ('rules_version', models.CharField(blank=True, max_length=40)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('failure', models.CharField(blank=True, max_length=30)),
                ('end_mode', models.CharField(blank=True, max_length=30)),
                ('http_version', models.CharField(blank=True, max_length=12)),
                ('connect_ms', models.FloatField(null=True)),
                ('first_byte_ms', models.FloatField(null=True)),
                ('first_token_ms', models.FloatField(null=True)),
                ('total_ms', models.FloatField(null=True)),
                ('max_gap_ms', models.FloatField(null=True)),
                ('request_ids', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('key_prints', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('error_text', models.TextField(blank=True)),
                ('attempt', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='entry', to='probes.attempt')),
                ('endpoint', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='probes.endpoint')),
                ('requested_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='probes.run')),
                ('ticket', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='entries', to='triage.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['-at', '-id'], name='entry_newest'), models.Index(fields=['endpoint', '-at', '-id'], name='entry_endpoint'), models.Index(fields=['model', '-at', '-id'], name='entry_model'), models.Index(fields=['verdict', '-at', '-id'], name='entry_verdict'), models.Index(condition=models.Q(('machine_verdict', ''), _negated=True), fields=['machine_verdict', '-at', '-id'], name='entry_machine'), models.Index(fields=['owner', '-at', '-id'], name='entry_owner'), models.Index(fields=['status', '-at', '-id'], name='entry_status'), models.Index(fields=['end_mode', '-at', '-id'], name='entry_end_mode'), models.Index(condition=models.Q(('client', ''), _negated=True), fields=['client', '-at', '-id'], name='entry_client'), models.Index(fields=['requested_by', '-at', '-id'], name='entry_asked_by'), models.Index(condition=models.Q(('rules_version', ''), _negated=True), fields=['rules_version', '-at', '-id'], name='entry_rules'), models.Index(fields=['protocol', '-at', '-id'], name='entry_protocol'), models.Index(condition=models.Q(('step__in', ['control', 'stream']), _negated=True), fields=['step', '-at', '-id'], name='entry_step'), models.Index(condition=models.Q(('purpose', 'ticket'), _negated=True), fields=['purpose', '-at', '-id'], name='entry_purpose'), models.Index(condition=models.Q(('state', 'finished'), _negated=True), fields=['state', '-at', '-id'], name='entry_state'), models.Index(condition=models.Q(('http_version', 'HTTP/1.1'), _negated=True), fields=['http_version', '-at', '-id'], name='entry_http'), models.Index(condition=models.Q(('connect_ms__isnull', False)), fields=['connect_ms'], name='entry_connect_ms'), models.Index(condition=models.Q(('first_byte_ms__isnull', False)), fields=['first_byte_ms'], name='entry_first_byte_ms'), models.Index(condition=models.Q(('first_token_ms__isnull', False)), fields=['first_token_ms'], name='entry_first_token_ms'), models.Index(condition=models.Q(('total_ms__isnull', False)), fields=['total_ms'], name='entry_total_ms'), models.Index(condition=models.Q(('max_gap_ms__isnull', False)), fields=['max_gap_ms'], name='entry_max_gap_ms'), django.contrib.postgres.indexes.GinIndex(fields=['request_ids'], name='entry_request_ids'), django.contrib.postgres.indexes.GinIndex(fields=['key_prints'], name='entry_key_prints')],
                'constraints': [models.UniqueConstraint(fields=('run', 'position'), name='entry_once_per_position')],
            },
        ),
        migrations.RunSQL(READERS + WRITE + TRIGGERS + SEARCH, UNDO),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
