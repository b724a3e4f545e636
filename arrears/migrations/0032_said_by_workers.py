"""Questions, objections and ratings get rows of their own, from the events that were there; slips; reports' files are scanned."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grid.ids

OPEN = ("registered", "accepted", "handling", "settled", "paid")
ABOVE = {"township": "county", "county": "city", "city": "city"}


def rows_of_what_was_said(apps, schema_editor):
    event = apps.get_model("arrears", "Event")
    answered = set(event.objects.filter(kind="answered").values_list("facts__ask", flat=True))
    make(apps, "Question", event.objects.filter(kind="ask"), lambda row: {
        "answer_by": row.facts["answer_by"], "state": "answered" if str(row.pk) in answered else "open" if row.claim.stage in OPEN else "dropped",
        "ended_at": None,
    })
    make(apps, "Rating", event.objects.filter(kind="rated"), lambda row: {
        "stars": row.facts["stars"], "rated_on": row.happened_on, "handler_id": row.claim.handler_id,
        **{name: getattr(row.claim, name) for name in ("city_code", "county_code", "township_code", "village_code")},
    })
    make(apps, "Objection", event.objects.filter(kind="objected"), lambda row: {
        "level": ABOVE[row.claim.level], "received_on": row.happened_on, "due_on": row.facts["answer_by"],
        **({"state": "reopened", "next_at": None} if is_over(event, row) else {"state": "waiting", "next_at": row.at}),
    })


def is_over(event, row):
    return event.objects.filter(claim=row.claim, kind="reopen", at__gt=row.at).exists()


def make(apps, name, events, facts):
    model = apps.get_model("arrears", name)
    rows = events.select_related("claim").order_by("at", "pk").iterator(chunk_size=1000)
    model.objects.bulk_create((model(claim_id=row.claim_id, event_id=row.pk, **facts(row)) for row in rows), batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0031_limit_entries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[('township', '乡镇级'), ('county', '县级'), ('city', '市级')], max_length=10, verbose_name='负责层级')),
                ('received_on', models.DateField(verbose_name='收到日期')),
                ('due_on', models.DateField(verbose_name='答复期限')),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('waiting', '待答复'), ('upheld', '维持办理结果'), ('reopened', '重新办理')], default='waiting', max_length=10, verbose_name='状态')),
                ('reply', models.TextField(blank=True, verbose_name='答复')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='答复时间')),
            ],
            options={
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('answer_by', models.DateField(verbose_name='请在哪天前回答')),
                ('reminded_at', models.DateTimeField(null=True)),
                ('state', models.CharField(default='open', max_length=10)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['event__at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('stars', models.PositiveSmallIntegerField(verbose_name='打了几分')),
                ('city_code', models.CharField(blank=True, db_collation='C', default='', max_length=4)),
                ('county_code', models.CharField(blank=True, db_collation='C', default='', max_length=6)),
                ('township_code', models.CharField(blank=True, db_collation='C', default='', max_length=9)),
                ('village_code', models.CharField(blank=True, db_collation='C', default='', max_length=12)),
                ('rated_on', models.DateField(verbose_name='评价日期')),
                ('looked_at', models.DateTimeField(null=True)),
                ('finding', models.TextField(blank=True, verbose_name='回看情况')),
            ],
            options={
                'ordering': ['-rated_on', '-id'],
            },
        ),
        migrations.AddField(
            model_name='claimant',
            name='slip',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='report',
            name='reach',
            field=models.CharField(choices=[('own', '我自己的手机'), ('others', '家人、工友的手机'), ('none', '没有手机')], default='own', max_length=10, verbose_name='怎样联系'),
        ),
        migrations.AddField(
            model_name='report',
            name='reach_note',
            field=models.CharField(blank=True, max_length=120, verbose_name='谁的手机，或者在哪里找得到'),
        ),
        migrations.AddField(
            model_name='report',
            name='slip',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='scan',
            field=models.CharField(choices=[('waiting', '未查毒'), ('clean', '已查毒'), ('infected', '查出病毒，已隔离'), ('unscannable', '无法查毒')], default='waiting', max_length=12, verbose_name='查毒'),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='scanned_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='threat',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name='reportfile',
            name='added_at',
            field=models.DateTimeField(verbose_name='添加时间'),
        ),
        migrations.AlterField(
            model_name='reportfile',
            name='size',
            field=models.PositiveIntegerField(verbose_name='大小'),
        ),
        migrations.AddIndex(
            model_name='reportfile',
            index=models.Index(condition=models.Q(('scan', 'waiting')), fields=['added_at'], name='report_file_to_scan'),
        ),
        migrations.AddField(
            model_name='objection',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='objection',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objections', to='arrears.claim'),
        ),
        migrations.AddField(
            model_name='objection',
            name='event',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='objection', to='arrears.event'),
        ),
        migrations.AddField(
            model_name='question',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='arrears.claim'),
        ),
        migrations.AddField(
            model_name='question',
            name='event',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='question', to='arrears.event'),
        ),
        migrations.AddField(
            model_name='rating',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='arrears.claim'),
        ),
        migrations.AddField(
            model_name='rating',
            name='event',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rating', to='arrears.event'),
        ),
        migrations.AddField(
            model_name='rating',
            name='handler',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rating',
            name='looked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at'], name='objection_next'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('claim',), name='one_objection_waits'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('next_at', None), _connector='XOR'), name='waiting_objection_is_called'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('reminded_at', None), ('state', 'open')), fields=['answer_by'], name='question_to_remind'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['city_code', 'rated_on'], name='rating_city'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['county_code', 'rated_on'], name='rating_county'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(condition=models.Q(('looked_at', None), ('stars__lte', 2)), fields=['county_code'], name='rating_to_look_at'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('stars__range', (1, 5))), name='one_to_five_stars'),
        ),
        migrations.RunPython(rows_of_what_was_said, migrations.RunPython.noop, elidable=True),
    ]
