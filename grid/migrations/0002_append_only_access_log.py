"""Who looked at what cannot be made undone."""

from django.db import migrations

FORBID = """
CREATE FUNCTION grid_accesslog_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'grid_accesslog is append-only: a correction is another row';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON grid_accesslog
    FOR EACH ROW EXECUTE FUNCTION grid_accesslog_is_append_only();
"""
ALLOW = """
DROP TRIGGER append_only ON grid_accesslog;
DROP FUNCTION grid_accesslog_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("grid", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
