import broadsheet.store.models.readers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0005_readings'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='shown_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='feed_key',
            field=models.PositiveIntegerField(default=broadsheet.store.models.readers.first_generation),
        ),
    ]
