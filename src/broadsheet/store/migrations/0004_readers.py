
import broadsheet.domain.returned
import broadsheet.domain.subscription
import broadsheet.store.models.readers
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0003_signals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=320, unique=True)),
                ('shown_address', models.CharField(max_length=320)),
                ('state', models.CharField(default=broadsheet.domain.subscription.SubscriptionState['ASKED'], max_length=12)),
                ('interest', models.JSONField(default=dict)),
                ('more_like', models.JSONField(default=list)),
                ('less_like', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('waits_since', models.DateTimeField(blank=True, null=True)),
                ('covered_until', models.DateField(blank=True, null=True)),
                ('hard_bounces', models.PositiveIntegerField(default=0)),
                ('trouble', models.TextField(blank=True)),
                ('generation', models.PositiveIntegerField(default=broadsheet.store.models.readers.first_generation)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='subscription_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [broadsheet.domain.subscription.SubscriptionState['ASKED'], broadsheet.domain.subscription.SubscriptionState['ACTIVE'], broadsheet.domain.subscription.SubscriptionState['PAUSED'], broadsheet.domain.subscription.SubscriptionState['ENDED']])), name='subscription_state'), models.CheckConstraint(condition=models.Q(('address', ''), _negated=True), name='subscription_has_address')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(blank=True, max_length=255)),
                ('kind', models.CharField(max_length=10)),
                ('start', models.DateField()),
                ('state', models.CharField(default=broadsheet.domain.subscription.DeliveryState['WAITING'], max_length=12)),
                ('run_at', models.DateTimeField()),
                ('lease', models.CharField(blank=True, max_length=32)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('message_id', models.CharField(blank=True, max_length=200)),
                ('answer', models.TextField(blank=True)),
                ('subscription', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='store.subscription')),
            ],
        ),
        migrations.CreateModel(
            name='Returned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(max_length=12)),
                ('way', models.CharField(max_length=20)),
                ('told_at', models.DateTimeField()),
                ('words', models.TextField(blank=True)),
                ('count', models.PositiveIntegerField(default=1)),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='returned', to='store.delivery')),
                ('subscription', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='returned', to='store.subscription')),
            ],
            options={
                'indexes': [models.Index(fields=['told_at'], name='returned_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', [broadsheet.domain.returned.ReturnKind['HARD'], broadsheet.domain.returned.ReturnKind['SOFT'], broadsheet.domain.returned.ReturnKind['COMPLAINT'], broadsheet.domain.returned.ReturnKind['LEFT'], broadsheet.domain.returned.ReturnKind['ASKED'], broadsheet.domain.returned.ReturnKind['UNKNOWN']])), name='returned_kind')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shown_address', models.CharField(max_length=320)),
                ('interest', models.JSONField(default=dict)),
                ('network', models.CharField(max_length=32)),
                ('asked_at', models.DateTimeField()),
                ('run_at', models.DateTimeField(blank=True, null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(default=broadsheet.domain.subscription.DeliveryState['WAITING'], max_length=12)),
                ('answer', models.TextField(blank=True)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='store.subscription')),
            ],
            options={
                'indexes': [models.Index(fields=['asked_at'], name='letter_asked'), models.Index(condition=models.Q(('run_at__isnull', False)), fields=['run_at'], name='letter_due')],
            },
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['state', 'run_at', 'domain'], name='delivery_by_turn'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['kind', 'start', 'state'], name='delivery_of_edition'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['made_at'], name='delivery_made'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('begun_at__isnull', False)), fields=['begun_at', 'domain'], name='delivery_begun'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['message_id'], name='delivery_by_message'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('subscription', 'kind', 'start'), name='one_delivery_an_edition'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', [broadsheet.domain.subscription.DeliveryState['WAITING'], broadsheet.domain.subscription.DeliveryState['SENDING'], broadsheet.domain.subscription.DeliveryState['SENT'], broadsheet.domain.subscription.DeliveryState['REFUSED'], broadsheet.domain.subscription.DeliveryState['EXPIRED'], broadsheet.domain.subscription.DeliveryState['UNKNOWN'], broadsheet.domain.subscription.DeliveryState['EMPTY']])), name='delivery_state_known'),
        ),
    ]
