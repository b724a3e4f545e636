"""Papers that were replaced before versions were counted get their number."""

from django.db import migrations

VERSIONS = """
WITH RECURSIVE line(id, version) AS (
    SELECT id, 1 FROM arrears_evidence WHERE replaces_id IS NULL
    UNION ALL SELECT later.id, line.version + 1 FROM arrears_evidence later JOIN line ON later.replaces_id = line.id
) UPDATE arrears_evidence SET version = line.version FROM line WHERE line.id = arrears_evidence.id AND line.version > 1
"""


class Migration(migrations.Migration):

    dependencies = [("arrears", "0011_evidence_copies")]

    operations = [migrations.RunSQL(VERSIONS, migrations.RunSQL.noop)]
