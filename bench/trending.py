"""What the weights of the trending formula rest on: python -m bench.trending --data DIR [--write]

Fits the weights of stars, authors' record and age to how papers ended, with intervals by bootstrap over
days, and back-tests the published formula and the other sites' on the same days. --write keeps the table
and the authors' records as what the package ships; without it the run ends with 1 when ours has fallen below
the kept table.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from broadsheet.cli.evaluate.replaying import as_json, shown
from broadsheet.domain.signal import SignalKind
from broadsheet.rank import backtest, orders, records, trending
from broadsheet.rank.backtest import Day
from broadsheet.sources.histories import Followed, read_histories

Floats = NDArray[np.float64]
PRIOR = Path(trending.__file__).parent / "prior"
RIDGE = 5.0
DRAWS = 1_000
TOLERATED = 0.005
NAMES = ("stars", "record", "age")
_STARS, _RECORD = trending.KINDS.index(SignalKind.STARS), trending.KINDS.index(trending.RECORD)


def main(words: Sequence[str] | None = None) -> int:
    arguments = _arguments(words)
    papers = read_histories(arguments.data)
    days = list(backtest.replay(papers, (date.max, records.NO_RECORDS)))  # nothing shipped: it knows the end
    starred = [day for day in days if not np.isnan(day.stars).all()]
    print(f"{len(papers):,} papers of {len(days)} days; stars are known on {len(starred)} of them\n")
    _show_weights(starred)
    scores = backtest.measure(starred)
    print(shown("back-test, days with stars", starred, scores))
    _show_parts(starred)
    if arguments.write:
        _write(papers, starred, scores)
        return 0
    return _compared(starred, scores)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Learn the weights of the trending formula.")
    parser.add_argument("--data", type=Path, required=True, help="a folder of listed papers and their ends")
    parser.add_argument("--write", action="store_true", help="keep what the package ships")
    return parser.parse_args(words)


def _show_weights(days: Sequence[Day]) -> None:
    """Ridge regression of log2(1 + final upvotes) on the terms, both less their day's mean."""
    fitted = _fit(days)
    chance = np.random.default_rng(1)
    draws = [_fit([days[at] for at in chance.integers(0, len(days), len(days))]) for _ in range(DRAWS)]
    low, high = np.quantile(np.array(draws), [0.025, 0.975], axis=0)
    published = (trending.WEIGHTS[SignalKind.STARS], trending.WEIGHTS[trending.RECORD], trending.AGE_WEIGHT)
    print("weights        fitted   95 % of bootstrap   published")
    for row in zip(NAMES, fitted, low, high, published, strict=True):
        print("  {:10} {:8.2f}     {:5.2f} to {:5.2f}   {:9.2f}".format(*row))
    left_out = [_both(_terms(day) @ _fit([*days[:at], *days[at + 1 :]]), day) for at, day in enumerate(days)]
    ndcg, tau = np.mean(left_out, axis=0)
    print(f"  fitted without the day that is scored: nDCG@10 {ndcg:.3f}, tau {tau:.3f}\n")


def _fit(days: Sequence[Day]) -> Floats:
    terms = [_terms(day) for day in days]
    ends = [np.log2(1 + day.final) for day in days]
    x = np.concatenate([one - one.mean(axis=0) for one in terms])
    y = np.concatenate([one - one.mean() for one in ends])
    found: Floats = np.linalg.solve(x.T @ x + RIDGE * np.eye(len(NAMES)), x.T @ y)
    return found


def _terms(day: Day) -> Floats:
    """(papers, 3) doublings of stars, bent at the knee as the formula bends them, of the record, of age."""
    doublings = trending.doublings_of(day.field.gains, day.field.usual)
    stars = trending.bent(doublings[:, _STARS], np.array(trending.KNEES[SignalKind.STARS]))
    return np.column_stack([stars, doublings[:, _RECORD], -np.log2(1 + day.field.ages)])


def _both(scores: Floats, day: Day) -> tuple[float, float]:
    return orders.ndcg(scores, day.final), orders.tau(scores, day.final)


def _show_parts(days: Sequence[Day]) -> None:
    """What each part of the formula adds: it is left out, all else the same."""
    print("without ...      nDCG@10     tau")
    for name, scorer in _parts().items():
        ndcg, tau = np.mean([_both(scorer(day), day) for day in days], axis=0)
        print(f"  {name:12} {ndcg:9.3f} {tau:8.3f}")


def _parts() -> dict[str, Callable[[Day], Floats]]:
    return {
        "nothing": partial(_without, ()),
        "stars": partial(_without, (_STARS,)),
        "record": partial(_without, (_RECORD,)),
        "age": partial(_without, (), ages=False),
    }


def _without(columns: Sequence[int], day: Day, *, ages: bool = True) -> Floats:
    order = trending.rank(day.field)
    kept = [column for column in range(len(trending.KINDS)) if column not in columns]
    scores: Floats = order.terms[:, kept].sum(axis=1) + (order.age_terms if ages else 0)
    return scores


def _compared(days: Sequence[Day], scores: Sequence[backtest.Score]) -> int:
    """1 when ours is worse than in the kept table of the same days."""
    kept = orjson.loads((PRIOR / "backtest.json").read_bytes())
    found = as_json("development", days, scores)
    if any(kept[name] != found[name] for name in ("days", "papers", "first", "last")):
        print("\nother days than those of the kept table: nothing to compare with")
        return 0
    before, now = kept["scores"][0], found["scores"][0]
    fallen = [name for name in ("ndcg@10", "tau") if now[name][0] < before[name][0] - TOLERATED]
    for name in fallen:
        print(f"\nWORSE: {name} is {now[name][0]}, the kept table has {before[name][0]}")
    return int(bool(fallen))


def _write(papers: Sequence[Followed], days: Sequence[Day], scores: Sequence[backtest.Score]) -> None:
    told = records.learn((paper.authors, paper.final_upvotes) for paper in papers)
    (PRIOR / "records.npz").write_bytes(told.as_bytes())
    newest = max(paper.listed_on for paper in papers)
    if newest != records.SHIPPED_AS_OF:
        print(f"set SHIPPED_AS_OF in rank/records.py to {newest}")
    table = orjson.dumps(as_json("development", days, scores), option=orjson.OPT_INDENT_2)
    (PRIOR / "backtest.json").write_bytes(table + b"\n")
    print(f"\nwritten: {len(told.keys):,} authors, and the table, to {PRIOR.name}/")


if __name__ == "__main__":
    sys.exit(main())
