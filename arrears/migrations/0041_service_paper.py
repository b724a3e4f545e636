"""The id of the paper that is served becomes a reference to it. It was filled by no page until now, so none can dangle."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0040_serving'),
    ]

    operations = [
        migrations.RenameField(model_name='service', old_name='paper_id', new_name='paper'),
        migrations.AlterField(
            model_name='service',
            name='paper',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='arrears.paper'),
        ),
    ]
