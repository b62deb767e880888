"""Several processes write at once: the same papers, in crossed orders, beside the making of editions."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import ROOT, own_site

pytestmark = pytest.mark.slow

START = """
import sys
import django
django.setup()
from broadsheet.cli import prepare
from broadsheet.jobs.upkeep import refresh_editions
from broadsheet.store.intake import take_in
from broadsheet.store.models import Counter, Edition, Paper, StaleWindow
from tests.makers import FRIDAY, NOW, arxiv, daily, listed, upvotes
"""
TAKE_IN = """
records = [
    arxiv(f"2605.{number:05}", announced_on=FRIDAY, listings=daily(), signals=(upvotes(number + turn),))
    for turn in range(2)
    for number in range(300)
]
take_in(records if sys.argv[1] == "0" else records[::-1], now=NOW, at_once=60)
"""
MAKE_EDITIONS = """
for _ in range(15):
    refresh_editions(now=NOW)
"""
TELL = """
refresh_editions(now=NOW)
numbers = sorted(Paper.objects.values_list("change_no", flat=True))
print(len(numbers), len(set(numbers)), numbers[-1] == Counter.objects.get(name="change").value)
print(Edition.objects.get(kind="day", view="latest").paper_count, StaleWindow.objects.count())
"""


def test_writers_at_the_same_time_neither_collide_nor_miss_each_other(tmp_path: Path) -> None:
    with own_site(tmp_path) as env:
        run(env, "prepare.migrate()")

        run(env, TAKE_IN, TAKE_IN, MAKE_EDITIONS)

        assert run(env, TELL) == ["300 300 True", "300 0"]


def run(env: dict[str, str], *scripts: str) -> list[str]:
    """The lines that scripts running at the same time print."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START + script, str(number)],
            env=env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number, script in enumerate(scripts)
    ]
    ended = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0] * len(scripts), ended[0][1] + ended[-1][1]
    return "".join(printed for printed, _ in ended).splitlines()
