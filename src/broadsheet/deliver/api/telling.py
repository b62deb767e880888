"""Turns what the store holds into what answers hold."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from broadsheet import wiring
from broadsheet.deliver.api import schemas
from broadsheet.deliver.likeness import Similar
from broadsheet.deliver.lists import page_path
from broadsheet.domain import pick
from broadsheet.domain.addresses import paper_url
from broadsheet.domain.edition import Window
from broadsheet.domain.ids import paper_ref
from broadsheet.domain.reading import Claim
from broadsheet.domain.signal import CROWDS
from broadsheet.store.claims import About, ClaimRow
from broadsheet.store.page_values import EditionHead, Facts, PaperPage, Placed, Stood
from broadsheet.store.paging import EditionLine, NameLine
from broadsheet.store.subscriptions import Held


def paper(facts: Facts) -> schemas.Paper:
    return schemas.Paper(**_paper(facts))


def _paper(facts: Facts) -> dict[str, Any]:
    totals = {kind: facts.latest(kind) for kind in facts.series}
    return {
        "id": paper_ref(facts.key),
        "url": paper_url(wiring.site_url(), facts.key),
        "title": facts.title,
        "abstract": facts.abstract,
        "summary": facts.summary,
        "one_line": facts.one_line,
        "authors": list(facts.authors),
        "categories": list(facts.categories),
        "date": facts.dated_on,
        "is_withdrawn": facts.is_withdrawn,
        "code": facts.code or None,
        "project": facts.project or None,
        "signals": {str(kind): total for kind, total in totals.items() if total is not None},
    }


def place(placed: Placed) -> schemas.Place:
    return schemas.Place(
        **_paper(placed.paper),
        rank=placed.rank,
        score=placed.score,
        reason=placed.reason,
        terms=_terms(placed.terms),
    )


def _terms(terms: Sequence[pick.Term]) -> list[schemas.Term]:
    return [schemas.Term(**term._asdict()) for term in terms]


def hit(facts: Facts, rank: int, score: float, reason: str) -> schemas.Hit:
    return schemas.Hit(**_paper(facts), rank=rank, score=score, reason=reason)


def similar(one: Similar) -> schemas.Hit:
    return hit(one.paper, one.rank, one.score, one.why)


def whole_paper(page: PaperPage) -> schemas.WholePaper:
    return schemas.WholePaper(
        **_paper(page.paper),
        kind=page.kind or None,
        names=list(page.names),
        keywords=list(page.keywords),
        sizes=[schemas.Size(value=value, what=what) for value, what in page.sizes],
        claims=[schemas.Figure(**_figure(one.claim)) for one in page.paper.claims],
        links=[schemas.Link(kind=kind, url=url) for kind, url in page.links],
        links_read=[schemas.Link(kind=kind, url=url) for kind, url in page.links_read],
        submitted_at=page.submitted_at,
        announced_on=page.announced_on,
        updated_on=page.updated_on,
        version=page.version,
        comments=page.comments,
        journal_ref=page.journal_ref,
        doi=page.doi or None,
        licence=page.licence or None,
        first_seen_at=page.first_seen_at,
        listings=[schemas.Listed(list=name, day=day, kind=kind) for name, day, kind in page.listings],
        editions=[_stood(one) for one in page.stood],
        sources=page.told_by,
    )


def _stood(stood: Stood) -> schemas.Stood:
    return schemas.Stood(
        edition=f"{stood.window.kind}/{stood.window.slug}",
        rank=stood.rank,
        paper_count=stood.paper_count,
        field_rank=stood.field_rank,
        score=stood.score,
        reason=stood.reason,
        terms=_terms(stood.terms),
        formula=stood.formula,
        is_printed=stood.is_printed,
    )


def signals(page: PaperPage) -> schemas.Signals:
    series = [
        schemas.Series(
            kind=kind, crowd=CROWDS[kind], points=[schemas.Point(day=day, value=value) for day, value in told]
        )
        for kind, told in page.paper.series.items()
    ]
    return schemas.Signals(id=paper_ref(page.paper.key), series=series)


def _figure(claim: Claim) -> dict[str, Any]:
    return {
        "value": claim.value,
        "value_max": claim.value_max,
        "unit": claim.unit,
        "metric": claim.metric or None,
        "subject": claim.subject or None,
        "dataset": claim.dataset or None,
        "baseline": claim.baseline or None,
        "bound": claim.bound,
        "direction": claim.direction,
        "quote": claim.quote.text,
        "start": claim.quote.start,
        "end": claim.quote.end,
    }


def claim(row: ClaimRow) -> schemas.Claim:
    number = row.claimed.claim_id
    return schemas.Claim(
        **_figure(row.claimed.claim),
        id=number,
        url=f"{wiring.site_url()}/claim/{number}",
        paper=paper_ref(row.key),
        title=row.title,
        date=row.dated_on,
        is_corrected=row.claimed.is_corrected,
        is_withdrawn=row.is_withdrawn,
    )


def name(line: NameLine, about: About) -> schemas.Name:
    url = f"{wiring.site_url()}/{about}/{quote(line.name, safe='')}"
    return schemas.Name(id=line.key, name=line.name, claims=line.claims, url=url)


def edition(head: EditionHead) -> schemas.Edition:
    more: dict[str, Any] = {"paper_count": head.paper_count, "formula": head.formula, "made_at": head.made_at}
    return schemas.Edition(**_window(head.window), **more, is_printed=head.printed_at is not None)


def edition_line(line: EditionLine) -> schemas.Edition:
    more: dict[str, Any] = {"paper_count": line.paper_count, "formula": line.formula, "made_at": line.made_at}
    return schemas.Edition(**_window(line.window), **more, is_printed=line.is_printed)


def _window(window: Window) -> dict[str, Any]:
    return {
        "id": f"{window.kind}/{window.slug}",
        "kind": window.kind,
        "slug": window.slug,
        "title": window.title,
        "url": f"{wiring.site_url()}{page_path(window)}",
        "start": window.start,
        "end": window.end,
    }


def subscription(held: Held) -> schemas.Subscription:
    return schemas.Subscription(
        id="subscription",
        address=held.address,
        state=held.state,
        interest=schemas.Interest(**held.interest.as_json()),
        due_at=held.due_at,
        trouble=held.trouble,
    )
