"""The static table: shipped with the package, small, and it knows what papers mean."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.enrich.embed.base import EmbedderError
from broadsheet.enrich.embed.static import FOLDER, MOST_ROWS, StaticEmbedder, shipped_table

MOST_BYTES = 16_000_000


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


def test_the_table_takes_at_most_16_mb() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= MOST_BYTES


def test_texts_on_one_subject_are_nearer_than_others(embedder: StaticEmbedder) -> None:
    asked, near, far = embedder.embed(
        [
            "translating sentences between languages with neural networks",
            "Attention-based machine translation from English to German",
            "Rotation curves of spiral galaxies and dark matter halos",
        ]
    )

    assert asked @ near > 0.4
    assert asked @ far < 0.1


def test_vectors_have_length_1_and_nothing_known_is_zero(embedder: StaticEmbedder) -> None:
    told, silent = embedder.embed(["graph neural networks", "… — !"])

    assert np.linalg.norm(told) == pytest.approx(1, abs=1e-5)
    assert not silent.any()


def test_one_text_and_many_texts_are_embedded_alike(embedder: StaticEmbedder) -> None:
    texts = ["diffusion models", "Protein folding with transformers"]

    together = embedder.embed(texts)

    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(embedder.embed([text])[0], vector, atol=1e-6)


def test_accents_capitals_and_wide_forms_do_not_matter(embedder: StaticEmbedder) -> None:
    plain, other = embedder.embed(["erdos renyi graphs", "ＥＲＤŐＳ–Rényi graphs"])

    assert plain @ other > 0.999


def test_an_unknown_word_is_put_together_from_its_parts() -> None:
    table = shipped_table()

    assert len(table.tokens("transformerization")) > 1
    assert len(table.tokens("transformer")) == 1
    assert len(table.tokens("x" * 100)) == 0


def test_the_title_is_told_from_the_rest() -> None:
    tokens, titles = shipped_table().padded(["Graph networks\nWe study graph networks.", ""], 6, 65_535)

    assert titles.tolist() == [2, 0]
    assert tokens[0, :2].tolist() == tokens[0, 4:].tolist()
    assert set(tokens[1].tolist()) == {65_535}


@given(st.text(max_size=200))
def test_no_text_fails(text: str) -> None:
    rows = shipped_table().tokens(text * 20)

    assert len(rows) <= MOST_ROWS
    assert not np.isnan(StaticEmbedder().embed([text])).any()


def test_a_table_that_lost_a_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"cannot be read .* install again"):
        shipped_table(tmp_path)
