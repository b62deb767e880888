"""Embeds papers: what an index of meaning keeps of each, whichever model makes the vectors."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from broadsheet.domain.gist import Gist
from broadsheet.enrich.embed.base import Embedder
from broadsheet.enrich.embed.static import StaticEmbedder, shipped_table
from broadsheet.index.base import MOST_TOKENS, NO_TOKEN, Floats, Tokens, Vectors
from broadsheet.index.vector_reader import EPOCH, UNDATED


def hashes(papers: Sequence[Gist]) -> NDArray[np.uint64]:
    """(papers,) alike where the texts are."""
    return np.array([_hash(paper.text) for paper in papers], np.uint64)


def tokens_of(papers: Sequence[Gist]) -> tuple[Tokens, NDArray[np.uint8]]:
    """(papers, MOST_TOKENS) the words of each, and (papers,) how many of them are the title's."""
    return shipped_table().padded([paper.text for paper in papers], MOST_TOKENS, NO_TOKEN)


def values_of(papers: Sequence[Gist], tokens: Tokens, embedder: Embedder) -> Floats:
    """(papers, dimensions); the words of a text are not looked up twice."""
    if isinstance(embedder, StaticEmbedder):
        return embedder.embed_tokens([row[row != NO_TOKEN] for row in tokens])
    return embedder.embed([paper.text for paper in papers])


def embedded(papers: Sequence[Gist], embedder: Embedder) -> Vectors:
    tokens, title_lengths = tokens_of(papers)
    return as_rows(papers, values_of(papers, tokens, embedder), tokens, title_lengths)


def as_rows(
    papers: Sequence[Gist],
    values: Floats,
    tokens: Tokens,
    title_lengths: NDArray[np.uint8],
    gone: Sequence[int] = (),
) -> Vectors:
    return Vectors(
        paper_ids=np.array([paper.paper_id for paper in papers], np.int64),
        values=values,
        days=np.array([_day(paper) for paper in papers], np.int32),
        has_code=np.array([paper.has_code for paper in papers], np.bool_),
        categories=[paper.categories for paper in papers],
        texts=hashes(papers),
        tokens=tokens,
        title_lengths=title_lengths,
        gone=gone,
    )


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=8).digest(), "little")


def _day(paper: Gist) -> int:
    return (paper.dated_on - EPOCH).days if paper.dated_on else UNDATED
