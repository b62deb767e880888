"""How many letters may be asked for in an hour, so that nobody fills the mailboxes of others through us."""

from datetime import datetime, timedelta

from django.db.models import Count, Q

from broadsheet.store.models import Letter

AN_HOUR = timedelta(hours=1)
MOST_PER_NETWORK = 20  # letters an hour
MOST_PER_WIDER = 60  # of the network around it: one customer may have 65,536 networks of IPv6
MOST_OF_SITE = 1_000  # whoever asks: more would spoil the name of the site's mail server
WIDER = 16  # signs, at the beginning of a network's name, that tell the network around it


def are_reached(network: str, now: datetime) -> bool:
    lately = Letter.objects.filter(asked_at__gt=now - AN_HOUR).order_by()
    counts = lately.aggregate(
        of_site=Count("pk"),
        of_wider=Count("pk", filter=Q(network__startswith=network[:WIDER])),
        of_network=Count("pk", filter=Q(network=network)),
    )
    return bool(
        counts["of_site"] >= MOST_OF_SITE
        or counts["of_wider"] >= MOST_PER_WIDER
        or counts["of_network"] >= MOST_PER_NETWORK
    )
