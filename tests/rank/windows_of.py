"""Windows of made-up papers, each told in one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from broadsheet.domain.paper import PaperRecord
from broadsheet.domain.pick import Candidates, Pick, Ranked, Readings
from broadsheet.domain.signal import NUMBERS, SignalKind
from broadsheet.rank import usual
from broadsheet.rank.records import NO_RECORDS, Records
from broadsheet.rank.windows import Basis, rank_window
from broadsheet.sources.sample import sample_edition

DAY = date(2026, 5, 22)
BASIS = Basis(usual.prior(), NO_RECORDS)
Series = Mapping[SignalKind, Sequence[tuple[int, int]]]  # (days after DAY, total)


@dataclass(frozen=True)
class Made:
    """A paper listed on DAY."""

    number: int
    series: Series = field(default_factory=dict)
    days_old: int = 2
    category: str = ""
    authors: tuple[str, ...] = ()
    sharers: float = 1.0
    has_old_code: bool = False

    def counted(self, kind: SignalKind, *readings: tuple[int, int]) -> "Made":
        return Made(
            self.number,
            {**self.series, kind: readings},
            self.days_old,
            self.category,
            self.authors,
            self.sharers,
            self.has_old_code,
        )


def window_of(papers: Sequence[Made], since: date = DAY - timedelta(days=1)) -> Candidates:
    flat = [
        (row, NUMBERS[kind], DAY.toordinal() + after, total)
        for row, paper in enumerate(papers)
        for kind, readings in paper.series.items()
        for after, total in readings
    ]
    return Candidates(
        since=since,
        known_on=DAY + timedelta(days=1),
        paper_ids=[paper.number for paper in papers],
        dated_on=[DAY - timedelta(days=paper.days_old) for paper in papers],
        listed_on=[DAY] * len(papers),
        categories=[paper.category for paper in papers],
        authors=[paper.authors for paper in papers],
        readings=Readings(*np.array(flat, np.int64).reshape(-1, 4).T),
        sharers=np.array([paper.sharers for paper in papers], np.float64),
        old_code=np.array([row for row, paper in enumerate(papers) if paper.has_old_code], np.int64),
    )


def ranked(papers: Sequence[Made], records: Records = NO_RECORDS, most: int = 500) -> Ranked:
    return rank_window(window_of(papers), most, Basis(BASIS.usual, records))


def order(papers: Sequence[Made], records: Records = NO_RECORDS) -> list[int]:
    return [pick.paper_id for pick in ranked(papers, records).picks]


def place(papers: Sequence[Made], number: int) -> int:
    return order(papers).index(number) + 1


def pick_of(papers: Sequence[Made], number: int) -> Pick:
    return next(pick for pick in ranked(papers).picks if pick.paper_id == number)


def real_days() -> list[list[Made]]:
    """The five days of the sample edition, as a day after: thirty papers each, most of them with code."""
    days: dict[date, list[Made]] = {}
    for number, record in enumerate(sample_edition(), 1):
        if isinstance(record, PaperRecord) and record.listings and record.submitted_at:
            on = record.listings[0].day
            series: dict[SignalKind, list[tuple[int, int]]] = {}
            for one in record.signals:
                series.setdefault(one.kind, [])[:] = [(1, one.value)]  # the newest count
            old = (on - record.submitted_at.date()).days
            days.setdefault(on, []).append(Made(number, dict(series), old, authors=record.authors))
    return list(days.values())
