"""Reports from outside, their files and history, and the sources whose work orders come in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0014_owed_papers'),
        ('grid', '0005_notices_sent_lately'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('public_number', models.CharField(default=grid.ids.public_number, max_length=16, unique=True, verbose_name='查询号')),
                ('once', models.CharField(max_length=64, null=True, unique=True)),
                ('external_number', models.CharField(blank=True, max_length=60, verbose_name='来源编号')),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('channel', models.CharField(choices=[('patrol', '网格巡查'), ('window', '窗口来访'), ('phone', '来电'), ('hotline', '12345 热线'), ('letter', '来信'), ('online', '网上'), ('referred', '其他单位转来'), ('ledger', '历史台账导入')], default='online', max_length=10, verbose_name='来源')),
                ('city_code', models.CharField(blank=True, db_collation='C', default='', max_length=4)),
                ('county_code', models.CharField(blank=True, db_collation='C', default='', max_length=6)),
                ('township_code', models.CharField(blank=True, db_collation='C', default='', max_length=9)),
                ('village_code', models.CharField(blank=True, db_collation='C', default='', max_length=12)),
                ('kind', models.CharField(choices=[('construction', '建筑工地（盖楼、修路、装修等）'), ('other', '其他工作（工厂、商店、饭店等）')], max_length=12, verbose_name='哪种工作')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, max_length=32, verbose_name='电话')),
                ('contact_rule', models.CharField(choices=[('open', '可以发短信告知进展'), ('discreet', '短信只说“您咨询的事项有新进展”，不提欠薪和单位'), ('none', '不要发短信，由网格员当面告知')], default='open', max_length=10, verbose_name='联系方式要求')),
                ('employer', models.CharField(blank=True, max_length=120, verbose_name='谁欠钱')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='在哪里干活')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='大约欠多少（元）')),
                ('people', models.PositiveIntegerField(null=True, verbose_name='几个人')),
                ('story', models.TextField(blank=True, verbose_name='事情经过')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('received_on', models.DateField(verbose_name='收到日期')),
                ('due_on', models.DateField(verbose_name='答复期限')),
                ('answer_by', models.DateField(null=True, verbose_name='来源要求的期限')),
                ('level', models.CharField(choices=[('township', '乡镇级'), ('county', '县级'), ('city', '市级')], default='township', max_length=10, verbose_name='负责层级')),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('waiting', '待处理'), ('accepted', '已登记为案件'), ('joined', '并入在办案件'), ('declined', '不登记')], default='waiting', max_length=10, verbose_name='状态')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='处理时间')),
                ('reason', models.TextField(blank=True, verbose_name='理由')),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='arrears.claim', verbose_name='案件')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='grid.region', verbose_name='所属地区')),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='arrears.site', verbose_name='工地')),
            ],
            options={
                'ordering': ['-received_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReportEvent',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='arrears.report')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='来源名称')),
                ('channel', models.CharField(choices=[('patrol', '网格巡查'), ('window', '窗口来访'), ('phone', '来电'), ('hotline', '12345 热线'), ('letter', '来信'), ('online', '网上'), ('referred', '其他单位转来'), ('ledger', '历史台账导入')], default='hotline', max_length=10, verbose_name='来源')),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('token_end', models.CharField(max_length=4)),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.region', verbose_name='所属地区')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='report',
            name='source',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='arrears.source', verbose_name='来源单位'),
        ),
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('original_name', models.CharField(max_length=200)),
                ('file', models.FileField(max_length=200, upload_to='')),
                ('extension', models.CharField(max_length=8)),
                ('mime', models.CharField(max_length=80)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField()),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='arrears.report')),
            ],
            options={
                'ordering': ['added_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('report', 'sha256'), name='same_file_once_per_report')],
            },
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at'], name='report_next'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['township_code', 'due_on'], name='report_waiting'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('source', 'external_number'), name='one_report_per_external_number'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('next_at', None), _connector='XOR'), name='waiting_report_is_called'),
        ),
    ]
