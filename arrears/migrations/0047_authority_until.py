"""Until when a representative's authority holds, where the paper says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("arrears", "0046_signatures_of_whom")]

    operations = [
        migrations.AddField("authority", "until", models.DateField(blank=True, null=True, verbose_name="授权期限至")),
        migrations.AddConstraint(
            "authority",
            models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("given_on")), _connector="OR"), name="authority_ends_after_it_began"
            ),
        ),
    ]
