"""Which workers a referral is about, where it is not about all of the claim. Those sent before are about all."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0042_order_sheets_of_before'),
    ]

    operations = [
        migrations.AddField(
            model_name='referral',
            name='only',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), null=True, size=None),
        ),
    ]
