import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grid.ids

PERSON = {'null': True, 'on_delete': django.db.models.deletion.PROTECT, 'to': settings.AUTH_USER_MODEL}


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('arrears', '0047_authority_until'),
        ('mediation', '0017_agreement_copies'),
    ]

    operations = [
        migrations.AddField(
            model_name='mediation',
            name='marks_asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='mediation',
            index=models.Index(condition=models.Q(('ended_on__isnull', False), ('marks_asked_at', None)), fields=['ended_on'], name='mediation_to_ask_about'),
        ),
        migrations.AddIndex(
            model_name='mediation',
            index=models.Index(condition=models.Q(('ended_on__isnull', False)), fields=['mediator', 'ended_on'], name='mediation_results'),
        ),
        migrations.CreateModel(
            name='MarkLink',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(related_name='+', **PERSON)),
                ('mediation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mark_links', to='mediation.mediation')),
                ('respondent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='arrears.respondent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('mediation', 'respondent'), name='one_mark_link_per_respondent')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('stars', models.PositiveSmallIntegerField(verbose_name='打了几分')),
                ('lowest', models.PositiveSmallIntegerField()),
                ('text', models.TextField(blank=True, verbose_name='说了什么')),
                ('way', models.CharField(choices=[('track', '查询页面'), ('link', '评价链接'), ('paper', '书面'), ('phone', '电话')], max_length=8, verbose_name='怎样说的')),
                ('said_on', models.DateField(verbose_name='评价日期')),
                ('said_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(null=True)),
                ('changes', models.PositiveSmallIntegerField(default=0)),
                ('level', models.CharField(blank=True, choices=[('township', '乡镇级'), ('county', '县级'), ('city', '市级')], max_length=10, verbose_name='负责层级')),
                ('received_on', models.DateField(null=True)),
                ('due_on', models.DateField(null=True, verbose_name='回看期限')),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('looked_at', models.DateTimeField(null=True)),
                ('finding', models.TextField(blank=True, verbose_name='查明的情况')),
                ('done', models.TextField(blank=True, verbose_name='怎样处理')),
                ('claimant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arrears.claimant')),
                ('looked_by', models.ForeignKey(related_name='+', **PERSON)),
                ('looker', models.ForeignKey(related_name='marks_to_look', verbose_name='由谁回看', **PERSON)),
                ('mediation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='mediation.mediation')),
                ('mediator', models.ForeignKey(related_name='+', **PERSON)),
                ('respondent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='arrears.respondent')),
                ('taken_by', models.ForeignKey(related_name='+', verbose_name='记录人', **PERSON)),
            ],
            options={
                'ordering': ['-said_at', '-id'],
                'indexes': [
                    models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='mark_next'),
                    models.Index(fields=['mediator', 'said_on'], name='mark_mediator'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('claimant__isnull', False)), fields=('mediation', 'claimant'), name='one_mark_per_worker'),
                    models.UniqueConstraint(condition=models.Q(('respondent__isnull', False)), fields=('mediation', 'respondent'), name='one_mark_per_respondent'),
                    models.CheckConstraint(condition=models.Q(('claimant', None), ('respondent', None), _connector='XOR'), name='mark_of_one_party'),
                    models.CheckConstraint(condition=models.Q(('lowest__lte', models.F('stars')), ('lowest__range', (1, 5)), ('stars__range', (1, 5))), name='mark_one_to_five'),
                    models.CheckConstraint(condition=models.Q(models.Q(('looked_at', None), ('lowest__lte', 2)), ('next_at', None), _connector='XOR'), name='low_mark_is_called'),
                ],
            },
        ),
    ]
