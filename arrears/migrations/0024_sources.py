"""The offices whose work orders come in: tokens, what they are told, files in and out. No Source was ever made before this."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0023_figures'),
        ('grid', '0005_notices_sent_lately'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderSheet',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('tables', models.TextField()),
                ('answers', models.TextField()),
                ('uploaded_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Returned',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('cause', models.UUIDField()),
                ('state', models.CharField(choices=[('received', '已收到'), ('routed', '已转交承办的乡镇（街道）'), ('registered', '已登记为案件'), ('joined', '已并入在办案件'), ('declined', '不登记为案件'), ('reconsidered', '撤销“不登记”，重新处理'), ('accepted', '已受理'), ('rejected', '不予受理'), ('handling', '办理中'), ('referred', '已移送协同单位'), ('referral_recalled', '移送已撤回，继续办理'), ('referral_declined', '协同单位退回，继续办理'), ('referral_concluded', '协同单位已办结'), ('suspended', '中止办理'), ('resumed', '恢复办理'), ('settled', '已达成清偿方案'), ('breached', '对方未按约付款，恢复办理'), ('paid', '已清偿'), ('closed', '已办结'), ('concluded', '终止办理'), ('transferred', '已移送有管辖权的单位'), ('withdrawn', '劳动者撤回'), ('merged', '已并入另一案件'), ('split', '已另立案件'), ('reopened', '重新办理')], max_length=20)),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
                ('way', models.CharField(choices=[('none', '不回传'), ('file', '导出文件交换'), ('pull', '对方用接口来取'), ('webhook', '推送到对方接口')], max_length=8)),
                ('standing', models.CharField(choices=[('waits', '待回传'), ('sending', '正在回传'), ('sent', '已回传'), ('failed', '回传失败')], default='waits', max_length=8)),
                ('position', models.BigIntegerField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReturnFile',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField()),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SourceRecord',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=16)),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SourceToken',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('end', models.CharField(max_length=4)),
                ('made_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.AlterModelOptions(
            name='source',
            options={'ordering': ['region', 'name']},
        ),
        migrations.RemoveField(
            model_name='source',
            name='token_digest',
        ),
        migrations.RemoveField(
            model_name='source',
            name='token_end',
        ),
        migrations.AddField(
            model_name='report',
            name='as_told',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='report',
            name='told_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='code',
            field=models.CharField(default='source', max_length=24, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z][a-z0-9-]{1,23}\\Z', '代码用小写字母、数字和短横，以字母开头，例如 suqian-12345。')], verbose_name='代码'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='source',
            name='failures',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='source',
            name='is_verified',
            field=models.BooleanField(default=False, verbose_name='已对照原文核实'),
        ),
        migrations.AddField(
            model_name='source',
            name='last_error',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='source',
            name='reply_basis',
            field=models.CharField(blank=True, max_length=200, verbose_name='天数的依据'),
        ),
        migrations.AddField(
            model_name='source',
            name='reply_days',
            field=models.PositiveSmallIntegerField(null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='要求几天内答复'),
        ),
        migrations.AddField(
            model_name='source',
            name='reply_unit',
            field=models.CharField(choices=[('working', '个工作日'), ('calendar', '日')], default='working', max_length=8, verbose_name='天数怎么算'),
        ),
        migrations.AddField(
            model_name='source',
            name='retry_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='source',
            name='return_way',
            field=models.CharField(choices=[('none', '不回传'), ('file', '导出文件交换'), ('pull', '对方用接口来取'), ('webhook', '推送到对方接口')], default='none', max_length=8, verbose_name='怎样回传'),
        ),
        migrations.AddField(
            model_name='source',
            name='secret_sealed',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='source',
            name='url_sealed',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='source',
            name='wording',
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='source',
            name='channel',
            field=models.CharField(choices=[('window', '窗口来访'), ('phone', '来电'), ('hotline', '12345 热线'), ('letter', '来信'), ('online', '网上'), ('referred', '其他单位转来')], default='hotline', max_length=10, verbose_name='来源'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('source__isnull', False)), fields=['source', '-received_at'], name='report_of_source'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('source__isnull', False)), fields=['external_number'], name='report_by_external'),
        ),
        migrations.AddField(
            model_name='ordersheet',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ordersheet',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arrears.source'),
        ),
        migrations.AddField(
            model_name='returned',
            name='claim',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arrears.claim'),
        ),
        migrations.AddField(
            model_name='returned',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returned', to='arrears.report'),
        ),
        migrations.AddField(
            model_name='returned',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returned', to='arrears.source'),
        ),
        migrations.AddField(
            model_name='returnfile',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='returnfile',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='arrears.source'),
        ),
        migrations.AddField(
            model_name='returned',
            name='file',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='arrears.returnfile'),
        ),
        migrations.AddField(
            model_name='sourcerecord',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sourcerecord',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='arrears.source'),
        ),
        migrations.AddField(
            model_name='sourcetoken',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sourcetoken',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sourcetoken',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='arrears.source'),
        ),
        migrations.AddConstraint(
            model_name='ordersheet',
            constraint=models.UniqueConstraint(fields=('source', 'person'), name='one_order_sheet_each'),
        ),
        migrations.AddIndex(
            model_name='returned',
            index=models.Index(condition=models.Q(('standing', 'waits'), ('way', 'webhook')), fields=['next_try_at', 'id'], name='returned_due'),
        ),
        migrations.AddIndex(
            model_name='returned',
            index=models.Index(condition=models.Q(('standing', 'sending')), fields=['claimed_at'], name='returned_stuck'),
        ),
        migrations.AddIndex(
            model_name='returned',
            index=models.Index(condition=models.Q(('standing', 'sent'), _negated=True), fields=['source', 'standing'], name='returned_open'),
        ),
        migrations.AddIndex(
            model_name='returned',
            index=models.Index(condition=models.Q(('standing', 'sent')), fields=['source', '-sent_at'], name='returned_last'),
        ),
        migrations.AddIndex(
            model_name='returned',
            index=models.Index(condition=models.Q(('position', None)), fields=['source', 'id'], name='returned_unplaced'),
        ),
        migrations.AddConstraint(
            model_name='returned',
            constraint=models.UniqueConstraint(fields=('report', 'cause'), name='told_once'),
        ),
        migrations.AddConstraint(
            model_name='returned',
            constraint=models.UniqueConstraint(fields=('source', 'position'), name='one_place_in_feed'),
        ),
    ]
