"""The day of the first limit that binds, beside the earliest day of all: past it a claim is overdue (逾期)."""

from django.db import migrations, models

# What may run as a claim's own limit at this point: of the law, or of an agreement.
LIMITS = "('JC-ACCEPT', 'JC-INVEST', 'AGREED-PAY')"
BACKFILL = f"""
    UPDATE arrears_claim AS claim SET limit_on = clock.due_on
    FROM (
        SELECT claim_id, min(due_on) AS due_on FROM arrears_clock
        WHERE ended_on IS NULL AND about_id IS NULL AND rule_id IN {LIMITS} GROUP BY claim_id
    ) AS clock WHERE clock.claim_id = claim.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0009_carried'),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name='limit_on',
            field=models.DateField(blank=True, null=True, verbose_name='法定或约定期限'),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
