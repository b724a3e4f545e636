"""When whoever decides on a request for more time is reminded, and how often that has been done."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0017_calendar_counted'),
    ]

    operations = [
        migrations.AddField(
            model_name='extension',
            name='remind_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='extension',
            name='reminded',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='extension',
            index=models.Index(condition=models.Q(('state', 'asked')), fields=['remind_at'], name='extension_to_remind'),
        ),
        migrations.RunSQL(
            "UPDATE arrears_extension SET remind_at = asked_at + interval '2 days' WHERE state = 'asked'", migrations.RunSQL.noop
        ),
    ]
