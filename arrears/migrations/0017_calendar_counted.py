"""Whether what a calendar year changes has been counted, how far, and what came out."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0016_field'),
    ]

    operations = [
        migrations.AddField(
            model_name='calendaryear',
            name='counted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='calendaryear',
            name='counts',
            field=models.JSONField(default=dict),
        ),
        migrations.RunSQL("UPDATE arrears_calendaryear SET counted_at = loaded_at", migrations.RunSQL.noop),
    ]
