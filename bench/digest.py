"""How long personal digests take to compose: python -m bench.digest [PAPERS] [--digests 100000]

An edition of 500 papers, and readers of whom three in ten take it as it is; the others have categories,
words, authors, searches, likes and lengths of their own. Each digest is made whole, to the bytes that a mail
server would get, and dropped. PAPERS is a file in arXiv's field names; without it papers are made up.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.records import records

DAYS = (date(2026, 6, 29), date(2026, 6, 30))
PAPERS = 500  # a day
CATEGORIES = ("cs.LG", "cs.CL", "cs.CV", "cs.AI", "cs.RO", "cs.CR", "cs.IR", "stat.ML", "math.OC", "eess.AS")
_WORDS = """agents alignment attention audio bayesian benchmark causal clinical code context contrastive
control decoding detection diffusion distillation editing embedding evaluation federated generation
geometry graph hallucination image inference kernel language learning long memory molecules motion
multimodal networks
optimisation planning policy privacy protein quantum reasoning recognition reinforcement retrieval
rewards robots safety sampling scaling segmentation simulation sparse speech survey synthesis tokens
transformers translation uncertainty verification video vision"""
WORDS = tuple(_WORDS.split())
TOLD_AT = (0.1, 0.5, 1.0)


def main(words: Sequence[str] | None = None) -> int:
    arguments = _arguments(words)
    if arguments.share is not None:
        _compose_share(arguments)
        return 0
    with TemporaryDirectory(prefix="broadsheet-digest-") as folder:
        os.environ["BROADSHEET_DATA"] = folder
        _prepare(arguments.papers, Path(folder))
        began = time.perf_counter()
        shares = [_started(number, arguments) for number in range(arguments.processes)]
        told = [json.loads(share.communicate()[0]) for share in shares]
        took_s = time.perf_counter() - began
    _show(told, took_s)
    return 0


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How long personal digests take to compose.")
    parser.add_argument("papers", nargs="?", type=Path, help="a file of papers in arXiv's field names")
    parser.add_argument("--digests", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--share", type=int, help=argparse.SUPPRESS)  # of the digests, for one process
    return parser.parse_args(words)


def _prepare(papers: Path | None, folder: Path) -> None:
    """The data folder of a site with two editions, indexed by words and meaning."""
    _set_up()
    from django.core.management import call_command  # noqa: PLC0415 - the settings read the environment

    count = PAPERS * len(DAYS)
    some = islice(records(papers, count), count) if papers else _made_up(count)
    days = [day.isoformat() for day in DAYS for _ in range(PAPERS)]
    table = folder / "papers.jsonl"
    lines = (json.dumps(one | {"announced": day}) for one, day in zip(some, days, strict=False))
    table.write_text("\n".join(lines))
    call_command("import", str(table))


def _set_up() -> None:
    os.environ |= {"BROADSHEET_OFFLINE": "yes", "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings"}
    import django  # noqa: PLC0415

    django.setup()


def _made_up(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(3)
    for number in range(count):
        yield {
            "id": f"2606.{number + 1:05}",
            "title": " ".join(chance.choices(WORDS, k=9)).capitalize(),
            "abstract": ". ".join(" ".join(chance.choices(WORDS, k=18)).capitalize() for _ in range(9)),
            "authors": ", ".join(_name(chance.randrange(3_000)) for _ in range(5)),
            "categories": " ".join(chance.sample(CATEGORIES, 2)),
        }


def _name(number: int) -> str:
    return f"{WORDS[number % len(WORDS)].capitalize()} {WORDS[number // len(WORDS)].capitalize()}"


def _started(number: int, arguments: argparse.Namespace) -> subprocess.Popen[str]:
    told = ["--digests", str(arguments.digests), "--processes", str(arguments.processes)]
    command = [sys.executable, "-m", "bench.digest", "--share", str(number), *told]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


class Steps:
    """The processor's time that each step took; a step within another counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._within = [0.0]

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*words: Any, **more: Any) -> Any:
            self._within.append(0.0)
            began = time.process_time()
            try:
                return work(*words, **more)
            finally:
                took = time.process_time() - began
                inner = self._within.pop()
                self._within[-1] += took
                self.seconds[name] = self.seconds.get(name, 0.0) + took - inner

        return run


def _compose_share(arguments: argparse.Namespace) -> None:
    _set_up()
    from bench.watch import memory_mb  # noqa: PLC0415

    steps, count = Steps(), arguments.digests // arguments.processes
    compose = _composer(steps)
    marks = {max(1, int(count * share)): share for share in TOLD_AT}
    memory, size, empty = {}, 0, 0
    began = time.process_time()
    for number in range(1, count + 1):
        data = compose(number * arguments.processes + arguments.share)
        size, empty = size + len(data), empty + (not data)
        if number in marks:
            memory[f"{marks[number]:.0%}"] = round(memory_mb(os.getpid())[0])
    told = {"digests": count, "empty": empty, "bytes": size, "busy_s": time.process_time() - began}
    print(json.dumps(told | {"steps": steps.seconds, "memory_mb": memory}))


def _composer(steps: Steps) -> Callable[[int], bytes]:
    """From the number of a subscription to the bytes of its mail, by the code that sends digests."""
    from broadsheet.deliver import seeking  # noqa: PLC0415
    from broadsheet.deliver.email import compose, reading  # noqa: PLC0415
    from broadsheet.jobs import agenda, mailing  # noqa: PLC0415
    from broadsheet.store.models import Paper  # noqa: PLC0415

    for place, name, step in (
        (seeking.Seeker, "found", "search"),
        (seeking.Seeker, "alike", "likes"),
        (reading, "picked", "choose"),
        (mailing, "sheet_of", "read the edition"),
        (compose, "text_of", "text"),
        (compose, "html_of", "HTML"),
        (mailing, "own_of", "tokens"),
        (mailing, "ways_to_leave", "tokens"),
        (compose, "mail_bytes", "MIME"),
        (mailing, "mail_of", "fill in"),
    ):
        setattr(place, name, steps.timed(step, getattr(place, name)))
    made = steps.timed("other", mailing.Composing(agenda.mail_room()).made)
    letter = steps.timed("other", mailing.letter_of)
    room, now, paper_ids = agenda.mail_room(), datetime(2026, 7, 1, 7, tzinfo=UTC), _ids(Paper)

    def compose_one(number: int) -> bytes:
        one = _claimed(number, paper_ids, now)
        digest = made(one, now)
        return (
            bytes(letter(room, one, digest, mailing.new_message_id(room.domain), now).data) if digest else b""
        )

    return compose_one


def _ids(papers: Any) -> list[int]:
    return list(papers.objects.order_by("pk").values_list("pk", flat=True))


def _claimed(number: int, paper_ids: Sequence[int], now: datetime) -> Any:
    from broadsheet.domain.edition import Window, WindowKind  # noqa: PLC0415
    from broadsheet.store.deliveries import Claimed  # noqa: PLC0415
    from broadsheet.store.subscriptions import Handle  # noqa: PLC0415

    chance = random.Random(number)
    interest, likes = _choice(chance, paper_ids)
    address, window = f"reader-{number}@example.org", Window(WindowKind.DAY, DAYS[-1])
    return Claimed(number, "lease", Handle(number, 0), address, interest, likes, window, 0, now)


def _choice(chance: random.Random, paper_ids: Sequence[int]) -> Any:
    from broadsheet.domain.interest import Interest, MailForm  # noqa: PLC0415
    from broadsheet.domain.likes import Likes  # noqa: PLC0415

    if chance.random() < 0.3:
        return Interest(hour=chance.randrange(24)), Likes()

    def some(names: Sequence[str], most: int) -> tuple[str, ...]:
        return tuple(chance.sample(names, chance.randint(0, most)))

    def rarely(share: float) -> bool:
        return chance.random() < share

    interest = Interest(
        categories=some(CATEGORIES, 4),
        query=" ".join(chance.sample(WORDS[:60], 2)) if rarely(0.2) else "",
        boosted=some(WORDS, 5),
        muted=some(WORDS, 3) if rarely(0.3) else (),
        authors=tuple(_name(chance.randrange(3_000)) for _ in range(chance.randint(0, 3))),
        most=chance.randint(3, 50) if rarely(0.3) else 12,
        form=MailForm.TEXT if rarely(0.1) else MailForm.HTML,
    )
    liked = chance.sample(paper_ids, chance.randint(1, 12)) if rarely(0.25) else []
    return interest, Likes(tuple(liked[::3]), tuple(one for one in liked if one not in liked[::3]))


def _show(told: Sequence[dict[str, Any]], took_s: float) -> None:
    count = sum(one["digests"] for one in told)
    busy_s = sum(one["busy_s"] for one in told)
    kb = sum(one["bytes"] for one in told) / 1_000
    empty = sum(one["empty"] for one in told)
    print(f"{count:,} digests in {took_s:.0f} s by {len(told)} processes, busy for {busy_s:.0f} s in all")
    print(f"  {_distinct(count):,} different choices, {empty:,} with nothing in the edition")
    print(f"  {busy_s / count * 1_000:.2f} ms of one core each, {kb / (count - empty):.0f} KB each")
    steps: dict[str, float] = {}
    for one in told:
        for name, seconds in one["steps"].items():
            steps[name] = steps.get(name, 0.0) + seconds
    for name, seconds in sorted(steps.items(), key=lambda step: -step[1]):
        print(f"  {name:<18} {seconds / busy_s:6.1%}")
    for one in told:
        memory = ", ".join(f"{mb:,} MB at {share}" for share, mb in one["memory_mb"].items())
        print(f"  memory of one process: {memory}")


def _distinct(count: int) -> int:
    choices = (_choice(random.Random(number), range(1, PAPERS * len(DAYS) + 1)) for number in range(count))
    return len({(interest.as_json().__repr__(), likes) for interest, likes in choices})


if __name__ == "__main__":
    sys.exit(main())
