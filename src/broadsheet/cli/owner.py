"""The owner's one-time link as an address; only the terminal of this machine prints one."""

from urllib.parse import urlencode

from django.urls import reverse

from broadsheet import wiring
from broadsheet.store.owner import new_link


def fresh_link() -> str:
    """Replaces a link that was not used yet."""
    token = new_link(wiring.clock().now())
    return f"{wiring.site_url()}{reverse('owner-claim')}?{urlencode({'token': token})}"
