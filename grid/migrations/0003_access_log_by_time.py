from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("grid", "0002_append_only_access_log")]

    operations = [
        AddIndexConcurrently("accesslog", models.Index(fields=["-at", "-id"], name="access_newest")),
    ]
