"""Workers that send digests, killed with SIGKILL at random moments: no address twice, none forgotten."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.mail_killing import STATES, table, trial

# MAIL_KILLING="10000 100 30" is the full one, of some ten minutes.
READERS, KILLS, STALL_S = os.environ.get("MAIL_KILLING", "600 20 0.5").split()

pytestmark = pytest.mark.slow


def test_killed_workers_send_nothing_twice_and_lose_nothing_unseen(tmp_path: Path) -> None:
    found = trial(tmp_path, int(READERS), int(KILLS), float(STALL_S))

    counts = Counter(found.states.values())
    by_the_server = sum(address.startswith(("dropafter", "stall")) for address in found.states)
    assert found.faults == [], table(found)
    assert found.killed >= int(KILLS) // 2  # a quick machine has sent all before the last of them
    assert set(counts) <= set(STATES)
    assert counts.total() == int(READERS)
    assert counts["unknown"] <= by_the_server + found.killed, table(found)  # one for each kill, at the most
