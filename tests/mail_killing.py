"""Digests for many readers, by workers that are killed, to a mail server that refuses, hangs up and stalls.

    python -m tests.mail_killing --subscriptions 10000 --kills 100 --stall 30

Prints what became of each, in a table whose rows and columns add up, and ends with 1 if somebody got two,
or did not get one and is not listed by `broadsheet digest status --all`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.mail import run_mail_server
from tests.mail_workers import RATE
from tests.sites import ROOT, own_site

STATES = ("sent", "refused", "expired", "unknown")
AT_MOST_S = 5_000


@dataclass(frozen=True)
class Trial:
    killed: int
    took_s: float
    states: dict[str, str]  # of each address
    taken: Counter[str]  # how often the server took a mail for it
    listed: dict[str, str]  # addresses with the states that the status command names
    most_a_minute: int  # of the workers' clock, to one domain

    @property
    def twice(self) -> list[str]:
        return [address for address, count in self.taken.items() if count > 1]

    @property
    def missing(self) -> list[str]:
        return [address for address in self.states if not self.taken[address]]

    @property
    def unlisted(self) -> list[str]:
        """Who got nothing, and the owner is not told."""
        return [address for address in self.missing if self.listed.get(address) != self.states[address]]

    @property
    def untrue(self) -> list[str]:
        """Said to be sent, and the server has not got it; or refused, and it has."""
        return [
            address
            for address, state in self.states.items()
            if self.taken[address] != {"sent": 1, "refused": 0, "expired": 0}.get(state, self.taken[address])
        ]

    @property
    def faults(self) -> list[str]:
        found = {"twice": self.twice, "missing, unlisted": self.unlisted, "untrue": self.untrue}
        told = [f"{len(those):,} {what}: {those[:3]}" for what, those in found.items() if those]
        too_many = [f"{self.most_a_minute} a minute to one domain"] if self.most_a_minute > RATE else []
        return told + too_many


def trial(folder: Path, subscriptions: int, kills: int, stall_s: float) -> Trial:
    with own_site(folder) as environment, run_mail_server(stall_s, slow_s=0.002) as server:
        server.pipelines, server.keeps = True, False
        asked = ["tests.mail_workers", server.url, str(subscriptions), str(kills), str(stall_s)]
        found = _printed(environment, *asked)
        status = _printed(environment, "broadsheet.cli.main", "digest", "status", "--all", "--json")
        return Trial(
            killed=found["killed"],
            took_s=found["took_s"],
            states={address: state for address, state, _ in found["rows"]},
            taken=server.taken,
            listed={line["address"]: line["state"] for line in status["troubles"]},
            most_a_minute=_most_a_minute(found["rows"]),
        )


def _printed(environment: dict[str, str], *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=AT_MOST_S,
        check=False,
    )
    assert done.stdout, done.stderr[-3_000:]  # with an alarm, as a tenth was refused, `status` ends with 1
    return json.loads(done.stdout)


def _most_a_minute(rows: list[tuple[str, str, float]]) -> int:
    moments: dict[str, list[float]] = {}
    for address, _, begun_s in rows:
        moments.setdefault(address.rpartition("@")[2], []).append(begun_s)
    most = 0
    for found in map(sorted, moments.values()):
        oldest = 0
        for at, moment in enumerate(found):
            while found[oldest] <= moment - 60:
                oldest += 1
            most = max(most, at - oldest + 1)
    return most


def table(found: Trial) -> str:
    kinds = sorted({_kind(address) for address in found.states})
    lines = [_line("server's answer", "readers", *STATES, "taken", "twice", "missing", "listed")]
    for kind in [*kinds, "all"]:
        those = [address for address in found.states if kind in ("all", _kind(address))]
        states = Counter(found.states[address] for address in those)
        missing = set(found.missing) & set(those)
        counts = [len(those), *(states[state] for state in STATES)]
        counts += [sum(found.taken[address] > 0 for address in those), len(set(found.twice) & set(those))]
        lines.append(_line(kind, *counts, len(missing), len(missing - set(found.unlisted))))
    silent = sum(found.states[address] == "unknown" for address in found.taken)
    return "\n".join(
        [
            *lines,
            f"{found.killed} workers killed; {found.took_s:,.0f} s, {len(found.states) / found.took_s:,.0f} a"
            f" second; of the unknown {silent:,} had arrived; at most {found.most_a_minute} a minute (of"
            f" {RATE}) to one domain",
        ]
    )


def _line(*cells: object) -> str:
    first, *rest = map(str, cells)
    return f"{first:<16}" + "".join(f"{cell:>9}" for cell in rest)


def _kind(address: str) -> str:
    return address.partition("-")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--stall", type=float, default=30.0, help="seconds, and the deadline of the workers")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = trial(Path(folder), asked.subscriptions, asked.kills, asked.stall)
    print(table(found))  # noqa: T201
    if found.faults:
        sys.exit("\n".join(found.faults))


if __name__ == "__main__":
    main()
