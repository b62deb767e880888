"""Back-tests the trending formula on a folder of listed papers, and tells the scores of all formulas."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.rank import backtest, records
from broadsheet.rank.backtest import Day, Interval, Score
from broadsheet.sources.files import BadFile
from broadsheet.sources.histories import read_histories

Only = Callable[[Day], bool]


def replayed(folder: Path, since: date | None) -> Iterator[tuple[str, list[Day], list[Score]]]:
    """The scores on all days of a folder, and on those papers whose stars were known. Raises BadFile."""
    papers = read_histories(folder)
    shipped = records.SHIPPED_AS_OF, records.shipped()
    days = [day for day in backtest.replay(papers, shipped) if since is None or day.day >= since]
    if not days:
        raise BadFile(f"{folder} holds no day with two listed papers or more since {since}")
    name = folder.resolve().name
    yield f"{name}, all papers", days, backtest.measure(days)
    starred = [part for day in days if (part := backtest.part_of(day, ~np.isnan(day.stars))) is not None]
    if starred and sum(len(day.final) for day in starred) < sum(len(day.final) for day in days):
        yield f"{name}, papers whose stars were known", starred, backtest.measure(starred)


def as_json(name: str, days: Sequence[Day], scores: Sequence[Score]) -> dict[str, Any]:
    """Every interval as [mean, lower, upper] of 95 % of bootstrap draws over days."""
    return {
        "set": name,
        "formula": backtest.OURS,
        "days": len(days),
        "papers": sum(len(day.final) for day in days),
        "first": days[0].day.isoformat(),
        "last": days[-1].day.isoformat(),
        "has_upvotes_so_far": any(not np.isnan(day.upvotes).all() for day in days),
        "scores": [
            {
                "name": score.name,
                "ndcg@10": _rounded(score.ndcg),
                "tau": _rounded(score.tau),
                "ours_above_ndcg@10": _rounded(score.ndcg_behind),
                "ours_above_tau": _rounded(score.tau_behind),
            }
            for score in scores
        ],
    }


def shown(name: str, days: Sequence[Day], scores: Sequence[Score]) -> str:
    told = as_json(name, days, scores)
    rows = [_row(score) for score in scores]
    note = "" if told["has_upvotes_so_far"] else "\n  * no early upvotes in this data: all papers stand alike"
    return "\n".join(
        [
            f"{name}: {told['papers']:,} papers of {told['days']:,} days, {told['first']} to {told['last']}",
            f"  {'formula':16} {'nDCG@10':>8} {'95 %':>16} {'tau':>7} {'95 %':>16}   "
            f"{'ours above: nDCG':>22} {'tau':>24}",
            *rows,
            note.strip("\n") or f"  mean over days; intervals by bootstrap over days, {_DRAWN}",
            "",
        ]
    )


_DRAWN = "10,000 draws"


def _row(score: Score) -> str:
    mark = "*" if score.name == "upvotes so far" else " "
    behind = "" if score.name == backtest.OURS else f"{_above(score.ndcg_behind)} {_above(score.tau_behind)}"
    return (
        f"  {score.name + mark:16} {score.ndcg[0]:8.3f} {_between(score.ndcg)} {score.tau[0]:7.3f}"
        f" {_between(score.tau)}   {behind}"
    ).rstrip()


def _between(interval: Interval) -> str:
    return f"{interval[1]:7.3f} to {interval[2]:5.3f}"


def _above(interval: Interval) -> str:
    return f"{interval[0]:+6.3f} ({interval[1]:+.3f} to {interval[2]:+.3f})"


def _rounded(interval: Interval) -> list[float]:
    return [round(value, 4) for value in interval]
