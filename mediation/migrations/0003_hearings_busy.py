"""Hearings that are there already keep their time: no buffer was asked for when they were arranged, and none is held together
with another."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

FILL = """
UPDATE mediation_hearing SET busy = span, joint = gen_random_uuid();
UPDATE mediation_attendance AS called SET joint = hearing.joint FROM mediation_hearing AS hearing WHERE hearing.id = called.hearing_id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('mediation', '0002_scheduling'),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='hearing',
            name='busy',
            field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
        ),
        migrations.RemoveConstraint(
            model_name='attendance',
            name='party_free',
        ),
        migrations.RemoveConstraint(
            model_name='hearing',
            name='hearing_room_free',
        ),
        migrations.RemoveConstraint(
            model_name='hearing',
            name='hearing_mediator_free',
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('is_live', True)), expressions=[('party_key', '='), ('span', '&&'), ('joint', '<>')], name='party_free'),
        ),
        migrations.AddConstraint(
            model_name='hearing',
            constraint=models.CheckConstraint(condition=models.Q(('busy__contains', models.F('span'))), name='hearing_busy_while_it_lasts'),
        ),
        migrations.AddConstraint(
            model_name='hearing',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'scheduled')), expressions=[('room', '='), ('busy', '&&'), ('joint', '<>')], name='hearing_room_free'),
        ),
        migrations.AddConstraint(
            model_name='hearing',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'scheduled')), expressions=[('mediator', '='), ('busy', '&&'), ('joint', '<>')], name='hearing_mediator_free'),
        ),
    ]
