"""Whom of a party the house writes to. Links that are there were handed over by somebody."""

import django.db.models.deletion
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):
    dependencies = [("mediation", "0010_online_kept")]

    operations = [
        migrations.CreateModel(
            name="PartyContact",
            fields=[
                ("id", models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("party_id", models.UUIDField()),
                ("capacity", models.CharField(choices=[("self", "当事人"), ("agent", "代理人")], max_length=5)),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="通知谁")),
                ("phone", models.CharField(blank=True, max_length=32, verbose_name="手机号")),
                ("email", models.EmailField(blank=True, max_length=120, verbose_name="电子邮箱")),
                ("language", models.CharField(choices=[("zh-hans", "中文"), ("en", "English")], default="zh-hans", max_length=10, verbose_name="用哪种语言通知")),
                ("may_write", models.BooleanField(default=True, verbose_name="可以发短信、邮件")),
                ("stopped_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("mediation", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="party_contacts", to="mediation.mediation")),
            ],
            options={"ordering": ["-capacity", "id"]},
        ),
        migrations.AddConstraint(
            model_name="partycontact",
            constraint=models.UniqueConstraint(fields=("mediation", "party_id", "capacity"), name="one_contact_per_party_and_capacity"),
        ),
        migrations.RemoveConstraint(model_name="hearinglink", name="one_hearing_link_per_party"),
        migrations.AddField(
            model_name="hearinglink",
            name="sent_to",
            field=models.CharField(blank=True, choices=[("self", "当事人"), ("agent", "代理人")], default="", max_length=5),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="hearinglink",
            constraint=models.UniqueConstraint(condition=models.Q(("attendance__isnull", False)), fields=("attendance", "sent_to"), name="one_hearing_link_per_party"),
        ),
    ]
