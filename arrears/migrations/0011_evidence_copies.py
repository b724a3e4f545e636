"""Evidence: its version, what the virus scanner said of it, and the redacted copy beside the original."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import arrears.models.evidence
import grid.ids


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0010_claim_limit'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RedactedCopy',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('extension', models.CharField(max_length=8)),
                ('mime', models.CharField(max_length=80)),
                ('size', models.PositiveIntegerField(verbose_name='大小')),
                ('sha256', models.CharField(max_length=64)),
                ('scan', models.CharField(choices=[('waiting', '未查毒'), ('clean', '已查毒'), ('infected', '查出病毒，已隔离'), ('unscannable', '无法查毒')], default='waiting', max_length=12, verbose_name='查毒')),
                ('scanned_at', models.DateTimeField(null=True)),
                ('threat', models.CharField(blank=True, max_length=120)),
                ('added_at', models.DateTimeField(verbose_name='添加时间')),
                ('file', models.FileField(max_length=200, upload_to=arrears.models.evidence.redacted_as)),
                ('is_drawn', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['added_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='evidence',
            name='scan',
            field=models.CharField(choices=[('waiting', '未查毒'), ('clean', '已查毒'), ('infected', '查出病毒，已隔离'), ('unscannable', '无法查毒')], default='waiting', max_length=12, verbose_name='查毒'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='scanned_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='evidence',
            name='threat',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='evidence',
            name='version',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(condition=models.Q(('scan', 'waiting')), fields=['added_at'], name='evidence_to_scan'),
        ),
        migrations.AddField(
            model_name='redactedcopy',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='redactedcopy',
            name='evidence',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redacted', to='arrears.evidence'),
        ),
        migrations.AddIndex(
            model_name='redactedcopy',
            index=models.Index(condition=models.Q(('scan', 'waiting')), fields=['added_at'], name='redacted_to_scan'),
        ),
    ]
