"""Says that lists show something else of papers, to pages kept ready and to programs that ask again."""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from broadsheet.store.changes import take_mark
from broadsheet.store.models import Edition, Place


def show_anew(paper_ids: Sequence[int]) -> None:
    """In the transaction of what has changed of them, be it their texts or what was read out of them."""
    take_mark()
    editions = Place.objects.filter(paper_id__in=paper_ids).values("edition_id")
    Edition.objects.filter(pk__in=editions).update(readings_no=F("readings_no") + 1, shown_at=timezone.now())
