"""Pairs of texts that belong together: a title and its abstract, a sentence and the rest of its abstract."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from training.papers import Sentences

BY_TITLE = 0.45  # share of pairs that a title begins; the others a sentence
THINNED = 0.15  # share whose sentence loses words, as a query does
WORDS_KEPT = 0.6
WITH_TITLE = 0.7  # share of rests that keep the title

Rows = NDArray[np.int32]


def pair(sentences: Sentences, numbers: range, chance: np.random.Generator) -> tuple[Rows, Rows]:
    """What asks, and what should be found."""
    title, body = sentences[numbers[0]], [sentences[number] for number in numbers[1:]]
    kind = chance.random()
    if kind < BY_TITLE or len(body) < 3:
        return title, np.concatenate(body or [title])
    left_out = int(chance.integers(len(body)))
    asks = body.pop(left_out)
    if kind < BY_TITLE + THINNED and len(asks) > 6:
        thinned = asks[chance.random(len(asks)) < WORDS_KEPT]
        asks = thinned if len(thinned) else asks
    return asks, np.concatenate([*body, title] if chance.random() < WITH_TITLE else body)


def batches(sentences: Sentences, size: int, seed: int) -> Iterator[tuple[list[Rows], list[Rows]]]:
    """For ever: every paper once, in another order each time."""
    chance = np.random.default_rng(seed)
    waiting: list[int] = []
    while True:
        if len(waiting) < size:
            waiting = chance.permutation(len(sentences.of_paper)).tolist()
        taken, waiting = waiting[:size], waiting[size:]
        both = [pair(sentences, sentences.of_paper[paper], chance) for paper in taken]
        yield [asks for asks, _ in both], [found for _, found in both]
