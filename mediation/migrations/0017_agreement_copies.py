import django.db.models.deletion
from django.db import migrations, models

import grid.ids


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0047_authority_until'),
        ('mediation', '0016_people_of_room'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgreementCopy',
            fields=[
                ('id', models.UUIDField(default=grid.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='mediation.agreement')),
                ('service', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_copy', to='arrears.service')),
            ],
            options={
                'ordering': ['agreement', 'id'],
            },
        ),
    ]
