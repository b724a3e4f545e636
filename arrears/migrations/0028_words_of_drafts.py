from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0027_name_sound'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='draftreceipt',
            name='said',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddIndex(
            model_name='draftreceipt',
            index=models.Index(condition=models.Q(('sealed', ''), _negated=True), fields=['received_at'], name='receipt_with_words'),
        ),
    ]
