from typing import Any

from django.db import migrations, models
from django.utils import timezone


def date_what_is_there(apps: Any, schema_editor: Any) -> None:
    """To whoever harvests, all that was here before changed just now."""
    newest = apps.get_model("store", "Counter").objects.filter(name="change").values_list("value", flat=True).first()
    if newest:
        now = timezone.now().replace(microsecond=0)
        apps.get_model("store", "ChangeTime").objects.create(up_to=newest, at=now)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0007_api'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeTime',
            fields=[
                ('up_to', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunPython(date_what_is_there, migrations.RunPython.noop),
    ]
