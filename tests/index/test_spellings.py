"""Papers and queries meet however either of them is typed."""

from pathlib import Path

import pytest

from tests.index.making import entry, found, index_of

SAME = [
    ("GPT-4", "GPT4"),
    ("GPT-4", "gpt 4"),
    ("GPT4", "gpt 4"),
    ("k-NN", "kNN"),
    ("few-shot", "fewshot"),
    ("few-shot", "few shot"),
    ("pre‑training", "pretraining"),
    ("ImageNet", "imagenet"),
    ("ImageNet", "Image-Net"),
    ("LoRA", "lora"),
    ("PyTorch", "pytorch"),
    ("Llama-3.1", "llama 3.1"),
    ("Llama-3.1", "Llama3.1"),
    ("1,000", "1000"),
    ("C++", "c++"),
    ("C#", "c#"),
    ("α-synuclein", "alpha synuclein"),
    ("TNF-α", "TNFα"),
    (r"$\alpha$-stable", "α stable"),
    (r"TNF$\alpha$", "TNF-alpha"),
    ("Δ", r"\Delta"),
    ("$k$-means", "k-means"),
    ("$k$-means", "kmeans"),
    (r"{\it Kepler}", "kepler"),
    (r"Erd\H{o}s", "Erdős"),
    (r"Poincar\'e", "poincare"),
    (r"G\"odel", "Gödel"),
    ("Poincaré", "Poincare\u0301"),
    ("ﬁnite", "finite"),
    ("ＬＬＭ", "LLM"),
]
ONE_WAY = [  # the first in a paper is found by the second
    ("ImageNet", "image net"),
    ("机器学习方法", "机器学习"),
    ("fewshot", "few shot"),
    ("Image Net", "ImageNet"),
    ("GPT 4", "GPT4"),
    ("機械学習", "学習"),
    ("機械学習", "械"),
    ("기계학습", "학습"),
]


@pytest.mark.parametrize(("one", "other"), [*SAME, *[(other, one) for one, other in SAME], *ONE_WAY])
def test_what_is_written_one_way_is_found_the_other_way(tmp_path: Path, one: str, other: str) -> None:
    index = index_of(tmp_path, entry(1, f"On {one} again"), entry(2, "Something else"))

    assert found(index, other) == [1]
    assert found(index, one) == [1]


def test_signs_of_chinese_are_found_together_only(tmp_path: Path) -> None:
    index = index_of(tmp_path, entry(1, "机器学习"), entry(2, "学机习器"))

    assert found(index, '"机器学习"') == [1]


def test_a_number_is_not_found_by_its_parts(tmp_path: Path) -> None:
    index = index_of(tmp_path, entry(1, "An accuracy of 3.1"), entry(2, "Three in 3 and 1"))

    assert found(index, "3.1") == [1]


def test_a_short_pair_written_together_comes_before_its_parts_apart(tmp_path: Path) -> None:
    index = index_of(
        tmp_path, entry(1, "GPT and the other 4 of them"), entry(2, "GPT-4 and the others of them")
    )

    assert found(index, "gpt 4") == [2, 1]
