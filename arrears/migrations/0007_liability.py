"""The facts that decide who must pay and which roads are open, and the log of what interrupted the worker's limit."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0006_event_chain'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Interruption',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('demand', '劳动者向对方主张权利（当面或者电话催要、发消息、发函）'), ('relief', '向有关部门请求权利救济（投诉、举报、申请调解）'), ('consent', '对方同意支付（承诺、对账、写欠条、付了一部分）')], max_length=8, verbose_name='怎样中断')),
                ('happened_on', models.DateField(verbose_name='发生日期')),
                ('proof', models.CharField(max_length=300, verbose_name='凭什么证明')),
                ('source_key', models.CharField(blank=True, max_length=60)),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_because', models.CharField(blank=True, max_length=300, verbose_name='撤销理由')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interruptions', to='arrears.claim')),
                ('evidence', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arrears.evidence')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['happened_on', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(models.Q(('source_key', ''), _negated=True), ('withdrawn_at', None)), fields=('claim', 'source_key'), name='interruption_from_record_once'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_because', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_because', ''), _negated=True)), _connector='OR'), name='interruption_withdrawn_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Situation',
            fields=[
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='situation', serialize=False, to='arrears.claim')),
                ('said', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('unsettled', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='未结清的工程款')),
                ('lender', models.CharField(blank=True, choices=[('owner', '建设单位'), ('general', '施工总承包单位'), ('sub', '分包单位'), ('labour', '劳务公司'), ('foreman', '包工头'), ('dispatch', '劳务派遣单位'), ('employer', '用人单位'), ('investor', '出资人')], max_length=10, verbose_name='被借用名义的单位')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('unsettled', None), ('unsettled__gte', 0), _connector='OR'), name='unsettled_not_negative')],
            },
        ),
    ]
