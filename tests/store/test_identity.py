"""Which records are of one paper where ids, DOIs and titles cross, in any order and any cut into batches."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from broadsheet.domain.ids import doi_key
from broadsheet.domain.paper import PaperRecord
from broadsheet.store.intake import take_in
from broadsheet.store.models import FormerKey, GonePaper, Paper, Subscription
from tests.makers import NOW, arxiv, listed

pytestmark = pytest.mark.django_db

ORDERS = list(permutations(range(3)))
DOI = "10.1000/xyz"
TITLE = "One title of several words"
PUBLISHED = PaperRecord(source="bibtex", key=doi_key(DOI), title="Published under this name")


def keys_after(records: Sequence[PaperRecord], at_once: int) -> list[str]:
    take_in(records, now=NOW, at_once=at_once)
    return sorted(Paper.objects.values_list("key", flat=True))


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("order", ORDERS)
def test_two_numbers_that_name_one_publication_stay_two(order: tuple[int, ...], at_once: int) -> None:
    records = [PUBLISHED, arxiv("2605.00001", doi=DOI), arxiv("2605.00002", doi=DOI)]

    keys = keys_after([records[place] for place in order], at_once)

    assert keys == ["arxiv:2605.00001", "arxiv:2605.00002"]
    assert FormerKey.objects.count() <= 1


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("order", ORDERS)
def test_three_names_of_one_paper_end_as_one(order: tuple[int, ...], at_once: int) -> None:
    records = [PUBLISHED, listed(TITLE), arxiv("2605.00001", title=TITLE, doi=DOI)]

    keys = keys_after([records[place] for place in order], at_once)

    assert keys == ["arxiv:2605.00001"]
    # Told first, the number has taken in the others before they had a row or a name of their own.
    assert set(FormerKey.objects.values_list("key", flat=True)) <= {PUBLISHED.key, listed(TITLE).key}
    assert not FormerKey.objects.filter(key__in=Paper.objects.values("key")).exists()


def test_what_readers_said_of_a_paper_goes_on_under_its_better_name() -> None:
    take_in([PUBLISHED, listed(TITLE), arxiv("2605.00002")], now=NOW)
    published, named, other = Paper.objects.order_by("pk").values_list("pk", flat=True)
    said = [([published, other], []), ([other], [named]), ([other], [])]
    for number, (more, less) in enumerate(said):
        address = f"a{number}@example.org"
        Subscription.objects.create(address=address, asked_at=NOW, more_like=more, less_like=less)

    take_in([arxiv("2605.00001", title=TITLE, doi=DOI)], now=NOW)

    stays = Paper.objects.exclude(pk=other).get().pk
    kept = Subscription.objects.order_by("pk").values_list("more_like", "less_like")
    assert list(kept) == [([stays, other], []), ([other], [stays]), ([other], [])]


def test_a_publication_of_one_number_with_the_title_of_another_joins_neither_to_the_other() -> None:
    take_in([arxiv("2605.00001", doi=DOI), arxiv("2605.00002", title=TITLE)], now=NOW)

    take_in([PaperRecord(source="bibtex", key=doi_key(DOI), title=TITLE)], now=NOW)

    assert sorted(Paper.objects.values_list("key", flat=True)) == ["arxiv:2605.00001", "arxiv:2605.00002"]
    assert FormerKey.objects.get().paper.key == "arxiv:2605.00001"


def test_a_number_given_again_by_a_restored_database_may_go_again() -> None:
    first = "The title of version one"
    take_in([listed(TITLE), arxiv("2605.00001", title=first)], now=NOW)
    GonePaper.objects.create(paper_id=Paper.objects.get(key__startswith="title:").pk, change_no=1)

    take_in([arxiv("2605.00001", title=TITLE)], now=NOW)

    assert Paper.objects.get().key == "arxiv:2605.00001"
    assert GonePaper.objects.get().change_no == Paper.objects.get().change_no
