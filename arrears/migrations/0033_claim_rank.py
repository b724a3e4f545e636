from django.db import migrations, models
from django.db.models import Case, Q, Value, When

OPEN = ("registered", "accepted", "handling", "settled", "paid")
LEVELS = ("city", "county", "township")


class Migration(migrations.Migration):
    dependencies = [("arrears", "0032_said_by_workers")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="rank",
            field=models.GeneratedField(
                db_persist=True,
                expression=Case(When(Q(("worker_count__gte", 10), models.Q(("sensitive", ""), _negated=True), _connector="OR"), then=Value(0)), default=Value(1)),
                output_field=models.PositiveSmallIntegerField(),
            ),
        ),
        *(
            migrations.AddIndex(
                model_name="claim",
                index=models.Index(condition=Q(("stage__in", OPEN)), fields=[f"{level}_code", "due_on", "rank", "id"], name=f"claim_{level}_first"),
            )
            for level in LEVELS
        ),
        *(migrations.RemoveIndex(model_name="claim", name=f"claim_{level}_due") for level in LEVELS),
    ]
