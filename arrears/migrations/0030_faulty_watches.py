from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("arrears", "0029_promise_of_one_worker"),
    ]

    operations = [
        migrations.AddField(
            model_name="watch",
            name="faulty_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="watch",
            index=models.Index(condition=models.Q(("faulty_since__isnull", False)), fields=["faulty_since"], name="watch_faulty"),
        ),
    ]
