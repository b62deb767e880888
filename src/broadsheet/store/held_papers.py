"""Finds papers by the keys that browsers keep, perhaps since before a paper got a better one."""

from collections.abc import Sequence

from broadsheet.domain.ids import PaperKey
from broadsheet.store.models import FormerKey, Paper
from broadsheet.store.page_values import Facts
from broadsheet.store.pages import papers_by_ids
from broadsheet.store.paper_page import other_name


def held_key(key: PaperKey) -> PaperKey | None:
    """The key under which we hold it today; None when we do not."""
    if Paper.objects.filter(key=key).exists():
        return key
    other = other_name(key)
    return PaperKey(other) if other else None


def papers_by_keys(keys: Sequence[PaperKey]) -> dict[PaperKey, Facts]:
    """In the order of the keys, without those we do not hold. Seven queries; one more for DOIs of others."""
    ids = dict(FormerKey.objects.filter(key__in=keys).values_list("key", "paper_id"))
    ids |= dict(Paper.objects.filter(key__in=keys).values_list("key", "pk"))
    dois = [key.removeprefix("doi:") for key in keys if key.startswith("doi:") and key not in ids]
    if dois:
        rows = Paper.objects.filter(doi__in=dois).order_by("-id").values_list("doi", "pk")
        ids |= {f"doi:{doi}": pk for doi, pk in rows}
    papers = {paper.paper_id: paper for paper in papers_by_ids(list(set(ids.values())))}
    return {key: papers[ids[key]] for key in keys if ids.get(key) in papers}
