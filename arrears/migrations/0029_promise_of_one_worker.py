import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0028_words_of_drafts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='owed',
            name='claimant',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owed_papers', to='arrears.claimant', verbose_name='劳动者'),
        ),
        migrations.RemoveConstraint(
            model_name='owed',
            name='one_open_owed_paper',
        ),
        migrations.AddConstraint(
            model_name='owed',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('claim', 'side', 'paper', 'employer', 'claimant'), name='one_open_owed_paper_each', nulls_distinct=False),
        ),
    ]
