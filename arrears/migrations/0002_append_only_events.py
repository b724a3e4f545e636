"""History cannot be edited by accident, nor through the ORM's back doors."""

from django.db import migrations

FORBID = """
CREATE FUNCTION arrears_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'arrears_event is append-only: a correction is another row';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON arrears_event
    FOR EACH ROW EXECUTE FUNCTION arrears_event_is_append_only();
"""
ALLOW = """
DROP TRIGGER append_only ON arrears_event;
DROP FUNCTION arrears_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("arrears", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
