"""Finding a site, an employer or a worker again while somebody types.

`arrears_grams` gives every pair of neighbouring characters of a name: trigrams find nothing in two Chinese characters.
It squeezes a name as arrears/search.py does.
"""

from django.db import migrations, models

GRAMS = r"""
CREATE FUNCTION arrears_grams(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_agg(DISTINCT substr(squeezed, place, 2)), '{}') FROM (
        SELECT regexp_replace(lower(name), '[[:space:]·,，、。.\-—_/\\()（）]+', '', 'g') AS squeezed
    ) AS plain, generate_series(1, length(squeezed) - 1) AS place
$$;
CREATE INDEX employer_name_grams ON arrears_employer USING gin (arrears_grams(name));
CREATE INDEX site_name_grams ON arrears_site USING gin (arrears_grams(name));
"""
UNDO = """
DROP INDEX site_name_grams;
DROP INDEX employer_name_grams;
DROP FUNCTION arrears_grams(text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('arrears', '0007_liability'),
    ]

    operations = [
        migrations.RunSQL(GRAMS, UNDO),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('site__isnull', False)), fields=['site', '-received_on', '-id'], name='claim_site_new'),
        ),
        migrations.AddIndex(
            model_name='claimant',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='claimant_phone'),
        ),
        migrations.AddIndex(
            model_name='claimant',
            index=models.Index(condition=models.Q(('safe_phone', ''), _negated=True), fields=['safe_phone'], name='claimant_safe_phone'),
        ),
    ]
