"""Papers that somebody owes a case by a day: promised by the worker, or asked of the employer."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0013_wage_sheet'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Owed',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('side', models.CharField(choices=[('promise', '告知承诺'), ('notice', '举证通知')], max_length=8)),
                ('paper', models.CharField(choices=[('contract', '劳动合同或用工协议'), ('attendance', '考勤记录'), ('wage_sheet', '工资表或工资条'), ('iou', '工资欠条或结算单'), ('transfer', '转账或收款记录'), ('chat', '聊天记录'), ('photo', '现场照片'), ('voice', '录音'), ('identity', '身份证明'), ('other', '其他材料')], max_length=12, verbose_name='材料')),
                ('employer', models.CharField(blank=True, max_length=120, verbose_name='应当提供的单位')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('due_on', models.DateField(verbose_name='最迟日期')),
                ('first_due_on', models.DateField(null=True)),
                ('state', models.CharField(choices=[('open', '待交'), ('kept', '已交'), ('broken', '逾期未交'), ('refused', '拒不提供'), ('waived', '免交'), ('lapsed', '随案终结')], default='open', max_length=8, verbose_name='状态')),
                ('made_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=300, verbose_name='结果')),
                ('came_as', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arrears.evidence')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owed_papers', to='arrears.claim')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arrears.evidence')),
            ],
            options={
                'ordering': ['made_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['due_on'], name='owed_open_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('claim', 'side', 'paper', 'employer'), name='one_open_owed_paper')],
            },
        ),
    ]
