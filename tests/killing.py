"""A process that kills its children: runs one operation again and again, each time to a random moment.

    python -m tests.killing import FILE
    python -m tests.killing harvest URL
    python -m tests.killing reindex FILE
    python -m tests.killing read FILE

Django is loaded once and each try is a fork, so that 50 kills take seconds. Ten rounds start from
nothing (a reindex and a reading: from a full store); in each, five runs are killed and a sixth ends. What
each round leaves is compared with what an undisturbed run left. Prints one line of JSON; the settings come
from the environment.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROUNDS, KILLS = 10, 5


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
    import django  # noqa: PLC0415

    django.setup()
    from broadsheet.jobs import agenda  # noqa: F401, PLC0415  (loads all that a fork would load again)

    what, argument = sys.argv[1:3]
    operation = _operation(what, argument)
    prepare = _filled(argument) if what in ("reindex", "read") else _nothing
    _in_child(_migrate)
    _in_child(_empty, prepare)
    began = time.monotonic()
    _in_child(operation)
    lasts_s = time.monotonic() - began
    right = _dumped()
    chance = random.Random()
    killed = 0
    for _ in range(ROUNDS):
        if what != "reindex":  # which changes nothing in the store
            _in_child(_empty, prepare)
        reach_s = lasts_s
        for _ in range(KILLS):
            while not _kill(operation, chance.uniform(0.0, reach_s)):
                reach_s *= 0.7  # it ended first: what a run had done the next one has not to do
            killed += 1
            if what == "reindex":  # the live index answers all the while
                _in_child(_answers)
        _in_child(operation)
        _same(_dumped(), right)
    print(json.dumps({"killed": killed, "papers": len(right["papers"]), "lasts_s": lasts_s}))  # noqa: T201


def _same(left: dict[str, Any], right: dict[str, Any]) -> None:
    for name, value in right.items():
        if left[name] != value:
            sys.exit(f"{name} differ: {len(left[name])} instead of {len(value)}: {_first(left[name], value)}")


def _first(left: list[Any], right: list[Any]) -> str:
    missing = [row for row in right if row not in left][:2]
    extra = [row for row in left if row not in right][:2]
    return f"missing {missing}, extra {extra}"


def _kill(operation: Callable[[], None], after_s: float) -> bool:
    """Whether the child was still at work when it was killed."""
    child = _fork(operation)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)  # a child that has ended waits for us, so its number is still its own
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _in_child(*steps: Callable[[], None]) -> None:
    for step in steps:
        _, status = os.waitpid(_fork(step), 0)
        if status:
            sys.exit(f"{step.__name__} failed with status {status}")


def _fork(step: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        step()
        sys.stdout.flush()
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  (a child must not go on as the parent)
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        os._exit(1)


def _nothing() -> None:
    """The store stays empty."""


def _migrate() -> None:
    from broadsheet.cli import prepare  # noqa: PLC0415

    prepare.migrate()


def _empty() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from broadsheet import wiring  # noqa: PLC0415

    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(wiring.data_folder() / "index", ignore_errors=True)


def _filled(path: str) -> Callable[[], None]:
    def fill() -> None:
        _silently("import", path)

    return fill


def _answers() -> None:
    from broadsheet import wiring  # noqa: PLC0415
    from broadsheet.index.query import read  # noqa: PLC0415
    from broadsheet.store.models import Paper  # noqa: PLC0415

    assert wiring.words_index().search(read("thing"), limit=1).total == Paper.objects.count()


def _operation(what: str, argument: str) -> Callable[[], None]:
    if what == "harvest":
        return lambda: _harvest(argument)
    if what == "read":
        return _read
    return lambda: _silently("import", argument) if what == "import" else _silently("reindex")


def _read() -> None:
    """In batches so small that a kill falls between them too."""
    from broadsheet.jobs import reading  # noqa: PLC0415

    reading.AT_ONCE = 40
    reading.catch_up()


def _silently(command: str, *arguments: str) -> None:
    from django.core.management import call_command  # noqa: PLC0415

    with Path(os.devnull).open("w") as nowhere:
        call_command(command, *arguments, stdout=nowhere, stderr=nowhere)


def _harvest(url: str) -> None:
    from broadsheet import wiring  # noqa: PLC0415
    from broadsheet.jobs import agenda  # noqa: PLC0415
    from broadsheet.jobs.steps import fetch  # noqa: PLC0415
    from broadsheet.lib.http import PoliteClient  # noqa: PLC0415
    from broadsheet.sources.arxiv_oai import ArxivOai  # noqa: PLC0415
    from tests.fakes.clock import FakeClock  # noqa: PLC0415

    clock = FakeClock()
    client = PoliteClient(wiring.data_folder() / "pace", clock, usual_gap=timedelta(0))
    fetch(ArxivOai(client, ("cs.LG", "cs.AI"), url), wiring.words_index(), agenda.meaning(), clock=clock)


def _dumped() -> dict[str, Any]:
    """All that the store and the index hold, without numbers that depend on how often it was tried."""
    path = Path(os.environ["BROADSHEET_DATA"]) / "dump.json"

    def dump() -> None:
        path.write_text(json.dumps(_state(), default=str))

    _in_child(dump)
    state: dict[str, Any] = json.loads(path.read_text())
    return state


def _state() -> dict[str, Any]:
    from broadsheet import wiring  # noqa: PLC0415
    from broadsheet.store import models  # noqa: PLC0415

    left_out = {"id", "first_seen_at", "change_no"}
    columns = [field.attname for field in models.Paper._meta.concrete_fields if field.attname not in left_out]
    keys = dict(models.Paper.objects.values_list("pk", "key"))
    return {
        "papers": list(map(list, models.Paper.objects.order_by("key").values_list(*columns))),
        "tellers": _rows(models.PaperSource, "paper__key", "source", "digest"),
        "links": _rows(models.Link, "paper__key", "url", "kind"),
        "listings": _rows(models.Listing, "paper__key", "day", "kind"),
        "signals": _rows(models.Signal, "paper__key", "kind", "day", "value"),
        "places": _rows(models.Place, "edition__kind", "edition__start", "rank", "paper__key"),
        "readings": _rows(models.Reading, "paper__key", "reader", "names", "one_line"),
        "claims": _rows(models.Claim, "paper__key", "place", "value", "quote", "start"),
        "stale": _rows(models.StaleWindow, "kind", "start"),
        "embedded": sorted(
            keys.get(paper_id, f"unknown {paper_id}") for paper_id in wiring.vectors_index().ids()
        ),
        "indexed": sorted(
            keys.get(paper_id, f"unknown {paper_id}") for paper_id in wiring.words_index().ids()
        ),
    }


def _rows(model: Any, *columns: str) -> list[list[Any]]:
    return [list(row) for row in model.objects.order_by(*columns).values_list(*columns)]


if __name__ == "__main__":
    main()
