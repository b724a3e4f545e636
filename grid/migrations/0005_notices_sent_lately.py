from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Asked before each message goes out: how many went to the same address lately (grid.digests.gather)."""

    atomic = False

    dependencies = [("grid", "0004_alerts")]

    operations = [
        AddIndexConcurrently(
            "notice",
            models.Index(
                fields=["recipient", "addressee_id", "channel", "-sent_at"],
                condition=models.Q(("state", "sent"), models.Q(("channel", "in_app"), _negated=True)),
                name="notice_sent_lately",
            ),
        ),
    ]
