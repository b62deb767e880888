"""What a subscription wants more and less of. A handle of an earlier generation changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from broadsheet.domain.ids import PaperKey
from broadsheet.domain.likes import Like, Likes, with_like, with_other, without_like
from broadsheet.domain.subscription import SubscriptionState
from broadsheet.store.models import Paper, Subscription
from broadsheet.store.subscriptions import Handle

_GETS_MAIL = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


@dataclass(frozen=True, slots=True)
class Liked:
    paper_id: int
    key: str
    title: str


def likes_of(row: Subscription) -> Likes:
    """As stored; what is no id of a paper is left out."""
    return Likes(_ids(row.more_like), _ids(row.less_like))


def like(handle: Handle, paper_id: int, which: Like) -> bool:
    """False where nothing is sent any more. Saying it twice is saying it once."""
    return _change(handle, lambda likes: with_like(likes, paper_id, which))


def forget(handle: Handle, paper_id: int) -> bool:
    return _change(handle, lambda likes: without_like(likes, paper_id))


def hand_over(stays_id: int, goes_id: int) -> None:
    """In a transaction: of two papers that turned out to be one, what was said of the one that goes."""
    as_text = {name: Cast(f"{name}_like", TextField()) for name in Like}
    holds = Q(more__contains=str(goes_id)) | Q(less__contains=str(goes_id))  # among others, seldom
    maybe = Subscription.objects.alias(**as_text).filter(holds).order_by("pk")
    pks = [row.pk for row in maybe if goes_id in (*likes_of(row).more, *likes_of(row).less)]
    for row in Subscription.objects.filter(pk__in=pks).order_by("pk").select_for_update():
        likes = with_other(likes_of(row), goes_id, stays_id)
        same = Subscription.objects.filter(pk=row.pk)
        same.update(more_like=list(likes.more), less_like=list(likes.less))


def paper_named(key: PaperKey) -> Liked | None:
    """By the key that it has, or once had."""
    for held in (Paper.objects.filter(key=key), Paper.objects.filter(former_keys__key=key)):
        row = held.values_list("pk", "key", "title").first()  # one after the other: both at once read all
        if row:
            return Liked(*row)
    return None


def shown(handle: Handle) -> dict[Like, list[Liked]]:
    """The newest first, of papers that are still here."""
    row = Subscription.objects.filter(pk=handle.id, generation=handle.generation).first()
    likes = likes_of(row) if row else Likes()
    papers = Paper.objects.filter(pk__in=(*likes.more, *likes.less)).values_list("pk", "key", "title")
    known = {pk: Liked(pk, key, title) for pk, key, title in papers}
    return {
        which: [known[pk] for pk in reversed(ids) if pk in known]
        for which, ids in ((Like.MORE, likes.more), (Like.LESS, likes.less))
    }


def _change(handle: Handle, changed: Callable[[Likes], Likes]) -> bool:
    with transaction.atomic():
        going = Subscription.objects.filter(pk=handle.id, generation=handle.generation, state__in=_GETS_MAIL)
        row = going.select_for_update().first()
        if row is None:
            return False
        likes = changed(likes_of(row))
        return bool(going.update(more_like=list(likes.more), less_like=list(likes.less)))


def _ids(stored: Sequence[object]) -> tuple[int, ...]:
    return tuple(one for one in stored if isinstance(one, int))
