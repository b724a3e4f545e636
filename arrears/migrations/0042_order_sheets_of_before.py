"""Files of work orders that stood open before 0037 knew one table each; what was said of it becomes what is said of the first
of several, so that nobody corrects a file twice. A row that nothing opens (a key is lost) is left as it is."""

import json

from django.db import migrations

from grid.vault import CannotOpen, open_sealed, seal

ANSWERS = "arrears.OrderSheet.answers"


def name_the_table(apps, schema_editor):
    for row in apps.get_model("arrears", "OrderSheet").objects.filter(result__isnull=True).only("answers").iterator():
        try:
            said = json.loads(open_sealed(row.answers, ANSWERS))
        except CannotOpen:
            continue
        if "parts" in said:
            continue
        part = {"line": said["line"], "depth": said["depth"], "fields": said["fields"], "taken": True}
        row.answers = seal(json.dumps({"parts": [part], "fixes": said["fixes"], "left": said["left"]}, ensure_ascii=False), ANSWERS)
        row.save(update_fields=["answers"])


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0041_service_paper'),
    ]

    operations = [
        migrations.RunPython(name_the_table, migrations.RunPython.noop, elidable=True),
    ]
