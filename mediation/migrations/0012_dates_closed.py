"""Links by which a party says when they cannot come: whoever does not answer by the closing day is asked after once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mediation", "0011_party_contacts")]

    operations = [
        migrations.AddField(model_name="dateslink", name="closed_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="dateslink",
            index=models.Index(condition=models.Q(("answered_at", None), ("closed_at", None)), fields=["expires_on"], name="dates_link_waits"),
        ),
    ]
