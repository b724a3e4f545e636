"""Incidents around a claim and each report of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0018_extension_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('gathering', '聚集或者可能聚集'), ('threat', '扬言采取极端行为'), ('many', '涉及三十人以上'), ('media', '媒体或者网络关注')], max_length=12, verbose_name='情形')),
                ('happened_at', models.DateTimeField(verbose_name='发生时间')),
                ('place', models.CharField(max_length=200, verbose_name='地点')),
                ('demand', models.CharField(blank=True, max_length=300, verbose_name='诉求')),
                ('opened_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True, verbose_name='处置结束时间')),
                ('next_due_at', models.DateTimeField(null=True)),
                ('reminded_for', models.DateTimeField(null=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='arrears.claim')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-opened_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='IncidentReport',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('first', '首报'), ('follow', '续报'), ('final', '终报')], max_length=8)),
                ('people', models.PositiveIntegerField(verbose_name='现场人数')),
                ('mood', models.CharField(blank=True, max_length=300, verbose_name='情绪和动向')),
                ('media', models.CharField(blank=True, max_length=300, verbose_name='媒体和网络')),
                ('steps', models.TextField(verbose_name='已采取的措施')),
                ('due_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField()),
                ('told', models.JSONField(default=list)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='arrears.incident')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['sent_at', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(condition=models.Q(('next_due_at__isnull', False)), fields=['next_due_at'], name='incident_report_due'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.UniqueConstraint(condition=models.Q(('next_due_at__isnull', False)), fields=('claim',), name='one_open_incident'),
        ),
    ]
