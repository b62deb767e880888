"""Makes two stored rows one when they turn out to be the same paper."""

from django.db.models import Exists, OuterRef

from broadsheet.domain.paper import Listing
from broadsheet.store import likes
from broadsheet.store.drafts import Draft
from broadsheet.store.merge import FIELDS
from broadsheet.store.models import ClaimReport, Correction, FormerKey, Paper, Place, Reading


def absorb(stays: Draft, goes: Draft) -> None:
    """Give `stays` all that `goes` had, and delete the row; its keys lead on."""
    for name in FIELDS:
        origin = goes.paper.origins.get(name)
        if origin is not None:
            stays.merge_field(name, getattr(goes.paper, name), goes.tellers[origin])
    for source, teller in goes.tellers.items():
        if source not in stays.tellers:
            stays.tellers[source] = teller
            stays.digests[source] = goes.digests[source]
            stays.new_tellers.add(source)
    for url, link in goes.links.items():
        stays.add_link(link, goes.new_links.get(url, next(iter(goes.tellers), "")))
    for (list_name, day), kind in goes.listings.items():
        stays.add_listing(Listing(list_name, day, kind))
    for (signal, day), value in goes.signals.items():
        if (signal, day) not in stays.signals:
            stays.add_signal(signal, day, value)
    stays.days_before |= goes.days_before
    stays.changed.add("first_seen_at")
    stays.paper.first_seen_at = min(stays.paper.first_seen_at, goes.paper.first_seen_at)
    stays.former_keys |= goes.former_keys
    if goes.paper.pk is not None:
        stays.gone_ids.append(goes.paper.pk)
        FormerKey.objects.filter(paper_id=goes.paper.pk).update(paper_id=stays.paper.pk)
        _hand_over_places(stays.pk, goes.paper.pk)
        _hand_over_corrections(stays.pk, goes.paper.pk)
        likes.hand_over(stays.pk, goes.paper.pk)
        Paper.objects.filter(pk=goes.paper.pk).delete()


def _hand_over_places(stays_id: int, goes_id: int) -> None:
    """What was printed stays as it was printed, under the paper's better name."""
    held = Place.objects.filter(edition=OuterRef("edition"), paper_id=stays_id)
    Place.objects.filter(paper_id=goes_id).exclude(Exists(held)).update(paper_id=stays_id)


def _hand_over_corrections(stays_id: int, goes_id: int) -> None:
    """What was read of either is read again; what people said of it is laid upon what is read then."""
    ClaimReport.objects.filter(paper_id=goes_id).update(paper_id=stays_id)
    if Correction.objects.filter(paper_id=goes_id).update(paper_id=stays_id):
        Reading.objects.filter(paper_id=stays_id).update(text_hash="")
