import django.db.models.deletion
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):
    dependencies = [("arrears", "0025_sheet_lines")]

    operations = [
        migrations.CreateModel(
            name="SharedPage",
            fields=[
                ("id", models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("people", models.JSONField()),
                ("referral", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="pages", to="arrears.referral")),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("referral", "number"), name="one_shared_page_per_number")],
            },
        ),
    ]
