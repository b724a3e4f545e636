"""A long file of work orders is imported by a task; what another office attaches to its order has that office's own number."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0036_support_cases'),
    ]

    operations = [
        migrations.AddField(
            model_name='ordersheet',
            name='asked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='ordersheet',
            name='refused',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='ordersheet',
            name='result',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='ordersheet',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='reportfile',
            name='external_number',
            field=models.CharField(blank=True, max_length=60, verbose_name='来源的文件编号'),
        ),
        migrations.AlterField(
            model_name='returned',
            name='state',
            field=models.CharField(choices=[('received', '已收到'), ('routed', '已转交承办的乡镇（街道）'), ('registered', '已登记为案件'), ('joined', '已并入在办案件'), ('declined', '不登记为案件'), ('reconsidered', '撤销“不登记”，重新处理'), ('accepted', '已受理'), ('rejected', '不予受理'), ('handling', '办理中'), ('answered', '承办单位答复'), ('referred', '已移送协同单位'), ('referral_recalled', '移送已撤回，继续办理'), ('referral_declined', '协同单位退回，继续办理'), ('referral_concluded', '协同单位已办结'), ('suspended', '中止办理'), ('resumed', '恢复办理'), ('settled', '已达成清偿方案'), ('breached', '对方未按约付款，恢复办理'), ('paid', '已清偿'), ('closed', '已办结'), ('concluded', '终止办理'), ('transferred', '已移送有管辖权的单位'), ('withdrawn', '劳动者撤回'), ('merged', '已并入另一案件'), ('split', '已另立案件'), ('reopened', '重新办理')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='ordersheet',
            index=models.Index(condition=models.Q(('asked_at__isnull', False)), fields=['asked_at'], name='order_sheet_asked'),
        ),
        migrations.AddConstraint(
            model_name='reportfile',
            constraint=models.UniqueConstraint(condition=models.Q(('external_number', ''), _negated=True), fields=('report', 'external_number'), name='one_file_per_external_number'),
        ),
    ]
