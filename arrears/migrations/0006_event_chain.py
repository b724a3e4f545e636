"""Chains the events of each claim: what is changed or taken away behind the application's back leaves a broken link.

digest = sha256(digest of the event before it, content of the event). arrears/chain.py checks with the same function.
"""

import django.db.models.deletion
from django.db import migrations, models

# Content as a JSON array, so that no two contents read the same; instants in microseconds, days from 1970, so that
# no setting of a session changes them. Not IMMUTABLE, or the planner could not unfold it where it is used.
DIGEST = """
CREATE FUNCTION arrears_event_digest(
    previous bytea, seq integer, id uuid, claim_id uuid, kind text, actor_id uuid, actor_post text,
    "at" timestamptz, happened_on date, stage text, level text, facts jsonb
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(previous || convert_to(json_build_array(
        seq, id, claim_id, kind, actor_id, actor_post, (extract(epoch FROM "at") * 1000000)::bigint,
        happened_on - date '1970-01-01', stage, level, facts::text
    )::text, 'UTF8'))
$$;
"""
# What was there before is taken as it is, in the order in which it has been shown.
BACKFILL = """
CREATE AGGREGATE arrears_event_chain(
    integer, uuid, uuid, text, uuid, text, timestamptz, date, text, text, jsonb
) (sfunc = arrears_event_digest, stype = bytea, initcond = '');
ALTER TABLE arrears_event DISABLE TRIGGER append_only;
UPDATE arrears_event AS kept SET seq = linked.place, digest = linked.link FROM (
    SELECT id, place, arrears_event_chain(
        place, id, claim_id, kind, actor_id, actor_post, "at", happened_on, stage, level, facts
    ) OVER (PARTITION BY claim_id ORDER BY place) AS link
    FROM (
        SELECT *, row_number() OVER (PARTITION BY claim_id ORDER BY "at", id)::integer AS place FROM arrears_event
    ) AS placed
) AS linked WHERE kept.id = linked.id;
ALTER TABLE arrears_event ENABLE TRIGGER append_only;
DROP AGGREGATE arrears_event_chain(integer, uuid, uuid, text, uuid, text, timestamptz, date, text, text, jsonb);
"""
# Two who write to one claim take turns by its row, which a verb or a sweep holds already: a lock of another kind
# could be waited for crosswise. The last event is asked for in a query of its own, after the wait, so that it sees
# what the other one wrote; it also sees the rows that the same statement has inserted before this one. A session
# keeps the plan it made while the tables were small: it must never be one that reads them whole.
LINK = """
CREATE FUNCTION arrears_event_link() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    last_seq integer;
    last_digest bytea;
BEGIN
    PERFORM 1 FROM arrears_claim WHERE id = NEW.claim_id FOR NO KEY UPDATE;
    SELECT seq, digest INTO last_seq, last_digest FROM arrears_event
        WHERE claim_id = NEW.claim_id ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last_seq, 0) + 1;
    NEW.digest := arrears_event_digest(
        coalesce(last_digest, ''), NEW.seq, NEW.id, NEW.claim_id, NEW.kind, NEW.actor_id, NEW.actor_post,
        NEW."at", NEW.happened_on, NEW.stage, NEW.level, NEW.facts
    );
    RETURN NEW;
END $$;
CREATE TRIGGER chained BEFORE INSERT ON arrears_event FOR EACH ROW EXECUTE FUNCTION arrears_event_link();
"""
UNLINK = """
DROP TRIGGER chained ON arrears_event;
DROP FUNCTION arrears_event_link();
"""
FORGET = """
DROP FUNCTION arrears_event_digest(
    bytea, integer, uuid, uuid, text, uuid, text, timestamptz, date, text, text, jsonb
);
"""


class Migration(migrations.Migration):
    dependencies = [("arrears", "0005_escalation")]

    operations = [
        migrations.AlterField(  # every index on events begins with the claim
            "event", "claim",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="arrears.claim"
            ),
        ),
        migrations.AddField("event", "seq", models.PositiveIntegerField(db_default=0, editable=False)),
        migrations.AddField("event", "digest", models.BinaryField(db_default=b"", max_length=32)),
        migrations.RunSQL(DIGEST, FORGET),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AddConstraint("event", models.UniqueConstraint(fields=("claim", "seq"), name="event_chain")),
        migrations.RunSQL(LINK, UNLINK),
    ]  # fmt: skip
