import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.enrich.readings.acronyms import long_form_start
from broadsheet.enrich.readings.name_contexts import context_of, contexts_by
from broadsheet.enrich.readings.names import read_names
from broadsheet.enrich.readings.scoring_names import Hits, cues_of_names, most_common_cues, score_names
from broadsheet.enrich.readings.words import words_of

OWN = [
    ("FernNet: Looking at Leaves", "We present FernNet, a network that tells ferns apart.", ["FernNet"]),
    ("Telling ferns apart", "In this paper, we propose FernNet, a novel network for ferns.", ["FernNet"]),
    ("Telling ferns apart", "We study a new architecture, dubbed FernNet, that reads leaves.", ["FernNet"]),
    ("Telling ferns apart", "We introduce a small framework called Mossy to read leaves.", ["Mossy"]),
    ("Telling ferns apart", r"We introduce \textbf{FernNet}, a network that reads leaves.", ["FernNet"]),
    ("Reading leaves with GLEAF", "We propose GLEAF, which reads leaves. GLEAF is fast.", ["GLEAF"]),
    (
        "Fern 2 Technical Report",
        "We introduce Fern 2, our most capable model. Unlike Fern, it is fast.",
        ["Fern 2"],
    ),
]


@pytest.mark.parametrize(("title", "abstract", "names"), OWN)
def test_a_name_that_a_cue_gives_is_read(title: str, abstract: str, names: list[str]) -> None:
    assert read_names(title, abstract) == names


def test_names_of_others_are_left_out() -> None:
    abstract = "We propose LeafLoRA, a method that outperforms LoRA and GPT-4 on ImageNet and GLUE."

    assert read_names("Small adapters for leaves", abstract) == ["LeafLoRA"]


def test_a_benchmark_and_a_model_of_one_paper_are_both_read() -> None:
    abstract = (
        "We introduce FernBench, a benchmark of 900 questions on ferns. We also train FernBench-7B, "
        "a model that beats GPT-4. We further present SporeSet, a dataset of spores."
    )

    assert {"FernBench", "SporeSet"} <= set(read_names("FernBench: Can Models Read Leaves?", abstract))


def test_an_acronym_is_read_with_the_words_it_stands_for_in_view() -> None:
    abstract = "We propose Leaf Aware Routing (LAR), a method to route leaves. LAR is faster than BERT."

    assert "LAR" in read_names("Leaf Aware Routing", abstract)


def test_the_plural_and_the_singular_are_one_name() -> None:
    abstract = "We propose Leaf Gated Units (LGUs), a new layer. Each LGU keeps a leaf, and LGUs are small."

    names = read_names("Keeping leaves", abstract)

    assert not {"LGU", "LGUs"} <= set(names)


@pytest.mark.parametrize(
    "abstract",
    [
        "",
        " ",
        "We study why ferns grow. Experiments show that they do.",
        "GPT-4 and LLaMA-2 are compared on GLUE.",
    ],
)
def test_a_study_of_others_gives_no_names(abstract: str) -> None:
    assert read_names("Why do ferns grow?", abstract) == []


def test_a_mention_weighs_what_its_features_weigh_together() -> None:
    text = words_of(
        "In this paper, we propose a network, dubbed FernNet, which beats Mossy. FernNet is small!"
    )
    cues = sorted({cue for place in range(1, 14) for cue in context_of(place, place + 1, text)})
    weights = {"": 0.5} | {cue: number / 7 for number, cue in enumerate(cues)}

    for place, word in enumerate(text.words):
        together = 0.5 + sum(weights.get(cue, 0.0) for cue in context_of(place, place + 1, text))

        assert contexts_by(weights).weigh(place, place + 1, text) == pytest.approx(together), word


ACRONYMS = [
    ("We propose Ring Self-Attention", "RSA", "Ring Self-Attention"),
    ("a token type counting objective", "TTC", "token type counting objective"),
    ("the mixture of leaf experts", "MoLE", "mixture of leaf experts"),
    ("we see no such thing", "XYZ", ""),
    ("large language models", "LLMs", "large language models"),
]


@pytest.mark.parametrize(("text", "acronym", "long"), ACRONYMS)
def test_an_acronym_finds_its_long_form(text: str, acronym: str, long: str) -> None:
    words = words_of(text)

    start = long_form_start(words, acronym, len(words.words))

    assert " ".join(words.words[start:]) == long


def test_names_are_counted_after_folding_case_and_hyphens() -> None:
    hits = score_names(["Fern-Net", "GPT-4"], ["fern net", "Mossy"])

    assert (hits.right, hits.read, hits.true) == (1, 2, 2)
    assert (hits + Hits(1, 1, 1)).f1 == pytest.approx(4 / 6)
    assert Hits().f1 == 0.0


def test_each_cue_says_how_often_it_was_right() -> None:
    papers = [
        ("FernNet: Looking at Leaves", "We present FernNet, a network.", ["FernNet"]),
        ("On ferns", "We look at them.", ["Hidden Name"]),
    ]

    cues = cues_of_names(papers)

    assert (cues["head"].right, cues["head"].wrong, cues["head"].missed) == (1, 0, 0)
    assert cues["no cue, or a weak one"].missed == 1
    assert "head" in dict(most_common_cues(cues))


@settings(max_examples=200, deadline=None)
@given(title=st.text(max_size=100), abstract=st.text(max_size=600))
def test_any_text_is_read_without_an_error(title: str, abstract: str) -> None:
    names = read_names(title, abstract)

    assert len(names) == len(set(names))


PIECES = (
    "We propose ",
    "GPT-4",
    " (",
    ")",
    "called ",
    "A",
    " a",
    "{",
    "\\textbf{",
    "$",
    ", ",
    ". ",
    "-",
    "'",
    "\u202e",
    "7 ",
)


@settings(max_examples=100, deadline=None)
@given(parts=st.lists(st.sampled_from(PIECES), max_size=300))
def test_any_order_of_cues_and_signs_is_read_without_an_error(parts: list[str]) -> None:
    read_names("".join(parts[:20]), "".join(parts))


HOSTILE = [
    "A ",
    "We propose A ",
    "(A) ",
    "aB-",
    "'x' ",
    "called the ",
    "\\textbf{",
    "A (B) and ",
    "a" * 20 + " ",
    "GPT 4 ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_does_not_run_away_on_long_texts(piece: str) -> None:
    read_names("", "")  # loads the model
    began = time.perf_counter()

    read_names(piece * 200, piece * (1_000_000 // len(piece)))

    assert time.perf_counter() - began < 5
