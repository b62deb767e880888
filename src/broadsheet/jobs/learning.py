"""Once a day the site learns from its own history: what is usual, and how authors' papers fared."""

from datetime import date, datetime, timedelta

import numpy as np

from broadsheet.domain.signal import SignalKind
from broadsheet.rank import records, usual
from broadsheet.rank.usual import AGES, Observed
from broadsheet.store import learned
from broadsheet.store.candidates import counted_since, settled_upvotes
from broadsheet.store.learned import RECORDS, USUAL

LOOKS_BACK = timedelta(days=180)
NEAR = 0.1  # an age of 33 days is taken for one of 30


def learn_daily(now: datetime) -> bool:
    """Learn what can be learned by today, unless that was done; whether it was."""
    today = now.date()
    if learned.is_there(USUAL, today):
        return False
    learned.keep(RECORDS, today, own_records(today).as_bytes(), now, only_newest=True)
    learned.keep(USUAL, today, usual.learn(observed(today), today).as_bytes(), now)
    return True


def own_records(today: date) -> records.Records:
    """Of papers that were listed since the shipped records end, and whose upvotes have settled."""
    settled = today - timedelta(days=records.SETTLED_AFTER)
    middle = float(np.log2(1 + usual.prior().totals[SignalKind.UPVOTES][-1]))
    return records.learn(settled_upvotes(records.SHIPPED_AS_OF, settled), middle)


def observed(today: date) -> Observed:
    """The counts of the last half year that were read at about one of the ages that medians are kept for."""
    held = counted_since(today - LOOKS_BACK, today)
    told = held.readings
    listed = np.array([day.toordinal() for day in held.listed_on], np.int64)
    ages = told.days - listed[told.rows] if len(told.rows) else np.empty(0, np.int64)
    nearest = np.abs(np.array(AGES)[None, :] - ages[:, None]).argmin(axis=1) if len(ages) else ages
    away = np.abs(np.array(AGES)[nearest] - ages)
    near = (ages >= 0) & (away <= NEAR * np.array(AGES)[nearest])
    rows = told.rows[near]
    return Observed(
        kinds=told.kinds[near],
        ages=nearest[near],
        values=told.values[near].astype(np.float64),
        categories=[held.categories[row] for row in rows],
        papers=rows,
    )
