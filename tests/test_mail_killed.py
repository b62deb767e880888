"""Workers that send digests, killed with SIGKILL at random moments: no address twice, none forgotten."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.mail import run_mail_server
from tests.sites import ROOT, own_site

READERS, KILLS = 600, 40

pytestmark = pytest.mark.slow


def test_killed_workers_send_nothing_twice_and_lose_nothing_unseen(tmp_path: Path) -> None:
    with own_site(tmp_path) as environment, run_mail_server(slow_s=0.02) as server:
        done = subprocess.run(
            [sys.executable, "-m", "tests.mail_killing", server.url, str(READERS), str(KILLS)],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3_000:]
    result = json.loads(done.stdout)
    states: dict[str, str] = result["states"]
    of_kind = {"no": "refused", "spam": "refused", "dropafter": "unknown"}

    assert max(server.taken.values()) == 1
    assert len(states) == READERS
    assert result["killed"] >= KILLS // 2
    for address, state in states.items():
        expected = of_kind.get(address.partition("-")[0], "sent")
        assert state in (expected, "unknown"), address
        if state == "sent":
            assert server.taken[address] == 1, address
    counts = Counter(states.values())
    assert counts["unknown"] <= READERS / 11 + 1 + result["killed"], counts  # one for each kill, at the most
