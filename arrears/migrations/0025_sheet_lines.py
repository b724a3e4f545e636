import django.db.models.deletion
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):
    dependencies = [("arrears", "0024_sources")]

    operations = [
        migrations.AddField(model_name="wagesheet", name="summary", field=models.TextField(blank=True, default=""), preserve_default=False),
        migrations.CreateModel(
            name="SheetLine",
            fields=[
                ("id", models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("table", models.PositiveSmallIntegerField()),
                ("line", models.PositiveIntegerField()),
                ("verdict", models.CharField(max_length=7)),
                ("is_remarked", models.BooleanField()),
                ("id_index", models.CharField(blank=True, max_length=64)),
                ("sealed", models.TextField()),
                ("sheet", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="arrears.wagesheet")),
            ],
            options={
                "ordering": ["table", "line"],
                "constraints": [models.UniqueConstraint(fields=("sheet", "table", "line"), name="one_row_per_line_of_a_sheet")],
            },
        ),
    ]
