"""Vectors among processes: a writer killed at any moment, and readers beside one that writes."""

import multiprocessing
import random
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from broadsheet.index.base import Floats, Vectors
from broadsheet.index.vector_state import Made
from broadsheet.index.vectors import EmbeddedVectors
from tests.index.making import no_words

pytestmark = pytest.mark.slow

MADE = Made("model", 32)
BATCH, BATCHES, KILLS, READERS = 50, 80, 4, 8
SPAWN = multiprocessing.get_context("spawn")


def direction(paper_id: int, version: int) -> Floats:
    values = np.random.default_rng([paper_id, version]).standard_normal(32).astype(np.float32)
    found: Floats = values / np.linalg.norm(values)
    return found


def batch(number: int) -> Vectors:
    """New papers, another version of each second paper of the batch before, and one that is gone."""
    ids = np.arange(number * BATCH, (number + 1) * BATCH)
    again = np.arange(max(0, number - 1) * BATCH, number * BATCH, 2)
    both = [*((paper_id, 1) for paper_id in ids.tolist()), *((paper_id, 2) for paper_id in again.tolist())]
    return Vectors(
        paper_ids=np.array([paper_id for paper_id, _ in both]),
        values=np.array([direction(*one) for one in both]),
        days=np.zeros(len(both), np.int32),
        has_code=np.zeros(len(both), np.bool_),
        categories=[["cs.LG"]] * len(both),
        texts=np.array([version for _, version in both], np.uint64),
        **no_words(len(both)),
        gone=[(number - 1) * BATCH + 1] if number else [],
    )


def write_all(folder: Path, pause_s: float = 0.0) -> None:
    index = EmbeddedVectors(folder, "one")
    with index.writing(MADE, began_at=0) as writer:
        for number in range(writer.seen, BATCHES):
            writer.add(batch(number), up_to=number + 1)
            time.sleep(pause_s)


def begun(folder: Path) -> EmbeddedVectors:
    index = EmbeddedVectors(folder, "one")
    with index.starting(MADE, began_at=0):
        pass
    return index


def start(target: Any, *arguments: Any) -> BaseProcess:
    process = SPAWN.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def seen(index: EmbeddedVectors) -> int:
    state = index.state()
    assert state is not None
    return state.up_to


def test_a_killed_writer_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    undisturbed, index = begun(tmp_path / "undisturbed"), begun(tmp_path / "killed")
    write_all(undisturbed.folder)

    for kill in range(1, KILLS + 1):
        writer = start(write_all, index.folder, 0.002)
        while seen(index) < kill * BATCHES // (KILLS + 1):
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.02))
        writer.kill()
        writer.join()
        assert index.count() > 0
    assert seen(index) < BATCHES
    write_all(index.folder)

    everything = sorted(undisturbed.ids())
    assert sorted(index.ids()) == everything
    for paper_id in everything[:: len(everything) // 50]:
        query = direction(paper_id, 1)
        assert index.cosines(query, everything).tolist() == undisturbed.cosines(query, everything).tolist()
        assert index.nearest(query, limit=1) == undisturbed.nearest(query, limit=1)


def read_all(folder: Path, finished: Any) -> None:
    """Ask until the writer is done; every answer must be whole."""
    index = EmbeddedVectors(folder, "one")
    before = 0
    while before < BATCHES:
        before = seen(index)
        paper_id = max(0, before - 2) * BATCH + 2
        hits = index.nearest(direction(paper_id, 2), limit=20).hits
        assert len({hit.paper_id for hit in hits}) == len(hits)
        if before >= 2:
            assert (hits[0].paper_id, len(hits)) == (paper_id, 20)
    with finished.get_lock():
        finished.value += 1


def test_eight_processes_search_while_one_writes(tmp_path: Path) -> None:
    index, finished = begun(tmp_path / "vectors"), SPAWN.Value("i", 0)

    readers = [start(read_all, index.folder, finished) for _ in range(READERS)]
    write_all(index.folder, 0.02)
    for reader in readers:
        reader.join(60)

    assert finished.value == READERS
