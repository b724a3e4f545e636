
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0039_reply_links'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('paper_id', models.UUIDField(null=True)),
                ('what', models.CharField(max_length=12, verbose_name='送达什么')),
                ('title', models.CharField(max_length=120, verbose_name='文书名称和文号')),
                ('made_on', models.DateField(verbose_name='文书日期')),
                ('e_address', models.CharField(blank=True, max_length=120, verbose_name='电子送达地址')),
                ('is_fled', models.BooleanField(default=False, verbose_name='下落不明')),
                ('is_held', models.BooleanField(default=False, verbose_name='军人或者被监禁')),
                ('state', models.CharField(choices=[('waiting', '待送达'), ('served', '已送达'), ('dropped', '不再送达')], default='waiting', max_length=8, verbose_name='状态')),
                ('method', models.CharField(blank=True, max_length=12, verbose_name='送达方式')),
                ('deemed_on', models.DateField(null=True, verbose_name='送达日期')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('level', models.CharField(choices=[('township', '乡镇级'), ('county', '县级'), ('city', '市级')], max_length=10, verbose_name='负责层级')),
                ('serve_by', models.DateField(verbose_name='最迟送达日期')),
                ('received_on', models.DateField()),
                ('due_on', models.DateField(verbose_name='下一步的日期')),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField()),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='arrears.claim')),
                ('claimant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='arrears.claimant', verbose_name='劳动者')),
                ('consent', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arrears.evidence')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('respondent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='arrears.respondent', verbose_name='被申请方')),
                ('server', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to=settings.AUTH_USER_MODEL, verbose_name='送达人')),
            ],
            options={
                'ordering': ['made_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('method', models.CharField(max_length=12, verbose_name='送达方式')),
                ('state', models.CharField(choices=[('sent', '已发出，等结果'), ('served', '已送达'), ('failed', '没有送到'), ('overtaken', '已另行送达')], max_length=9)),
                ('on', models.DateField(verbose_name='日期')),
                ('at', models.TimeField(null=True, verbose_name='时间')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='地点')),
                ('received_by', models.CharField(blank=True, max_length=60, verbose_name='谁签收的')),
                ('witness', models.CharField(blank=True, max_length=60, verbose_name='见证人')),
                ('tracking', models.CharField(blank=True, max_length=40, verbose_name='邮寄单号')),
                ('unit', models.CharField(blank=True, max_length=120, verbose_name='受托或者转交的单位')),
                ('system_at', models.DateTimeField(null=True, verbose_name='系统显示的送达时间')),
                ('published_in', models.CharField(blank=True, max_length=120, verbose_name='在哪里公告')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='原因和经过')),
                ('reason', models.CharField(blank=True, choices=[('refused', '当面拒收'), ('absent', '没有人在'), ('moved', '地址不对，或者已经搬走'), ('unknown', '下落不明'), ('returned', '退回，或者没有结果'), ('other', '其他原因')], max_length=10, verbose_name='没有送到的原因')),
                ('check_on', models.DateField(null=True)),
                ('deemed_on', models.DateField(null=True, verbose_name='送达日期')),
                ('recorded_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='arrears.service')),
            ],
            options={
                'ordering': ['recorded_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('receipt', '送达回证'), ('recording', '照片或者录像'), ('screenshot', '送达成功的截图'), ('return_slip', '邮寄回执'), ('publication', '公告的照片或者刊样')], max_length=12)),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='arrears.attempt')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arrears.evidence')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('attempt', 'kind', 'evidence'), name='a_proof_once')],
            },
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at'], name='service_next'),
        ),
        migrations.AddIndex(
            model_name='service',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_on', 'id'], name='service_waiting'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('next_at', None), _connector='XOR'), name='waiting_service_is_called'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('respondent', None), ('claimant', None), _connector='XOR'), name='service_has_one_receiver'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'served'), _negated=True), ('deemed_on__isnull', False), _connector='OR'), name='served_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'sent')), fields=('service', 'method'), name='one_of_a_way_under_way'),
        ),
    ]
