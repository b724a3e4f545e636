"""Which workers a proceeding is of, which one it goes on with, and what a title grants each. Those on record name nobody: they are of
the whole claim, as they were."""

import django.db.models.deletion
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0044_payments_reach_whom'),
    ]

    operations = [
        migrations.AddField(
            model_name='proceeding',
            name='continues',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='arrears.proceeding'),
        ),
        migrations.AddField(
            model_name='proceeding',
            name='workers',
            field=models.ManyToManyField(blank=True, related_name='proceedings', to='arrears.claimant', verbose_name='哪些劳动者'),
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='金额')),
                ('claimant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='arrears.claimant')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='arrears.step')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('step', 'claimant'), name='granted_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='granted_nothing_below_zero')],
            },
        ),
    ]
