import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.domain.reading import Bound, Claim, Direction
from broadsheet.enrich.readings.claims import read_claims

TITLE = "Fleet: Readers that Hurry"
INTRO = "We present Fleet, a new reader. "


def claims_of(sentence: str) -> list[Claim]:
    abstract = INTRO + sentence
    claims, _ = read_claims(TITLE, abstract)
    for claim in claims:
        assert abstract[claim.quote.start : claim.quote.end] == claim.quote.text
    return claims


def figures_of(sentence: str) -> list[tuple[float, float | None, str]]:
    return [(claim.value, claim.value_max, claim.unit) for claim in claims_of(sentence)]


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("Our Fleet is 3.3x faster than Snail v1.0 on GLUE.", [(3.3, None, "x")]),
        ("Fleet improves the score from 41.2 to 47.9 F1 on SQuAD.", [(47.9, None, "points")]),
        (r"It reduces memory by up to 90\% compared to Snail.", [(90.0, None, "%")]),
        ("Fleet is an order of magnitude faster than all baselines.", [(10.0, None, "x")]),
        ("It runs two orders of magnitude faster than Snail.", [(100.0, None, "x")]),
        ("Fleet needs two thirds fewer tokens than Snail.", [(66.7, None, "%")]),
        ("Our method reduces latency by half on GLUE.", [(50.0, None, "%")]),
        ("Fleet more than doubles the throughput of Snail.", [(2.0, None, "x")]),
        ("We obtain +1.3% accuracy on ImageNet-1k.", [(1.3, None, "%")]),
        ("Fleet achieves a SOTA 86.5% win rate on AlpacaEval 2.0.", [(86.5, None, "%")]),
        ("Fleet runs 4.7 sim 71.3times faster than Snail.", [(4.7, 71.3, "x")]),
        (r"Fleet achieves a $4.1\times$ speedup over Snail.", [(4.1, None, "x")]),
        ("Fleet improves accuracy by 15%-50% over the baseline.", [(15.0, 50.0, "%")]),
        ("Results improve by 1.84% to 14.51% on GLUE.", [(1.84, 14.51, "%")]),
        ("Our Fleet reads 40.6 pages on average.", [(40.6, None, "pages")]),
        ("It outperforms Snail by 6.2 accuracy points.", [(6.2, None, "points")]),
        (
            "Its loss is under 0.5 point, with a 2 point accuracy gap to Snail.",
            [(0.5, None, "points"), (2.0, None, "points")],
        ),
        (
            "It shows a two-point gain, by one point over Snail.",
            [(2.0, None, "points"), (1.0, None, "points")],
        ),
        ("It outperforms Snail by 3.1 percentage points on GLUE.", [(3.1, None, "points")]),
        (
            "Fleet achieves a tenfold speedup, a 12-fold gain over Snail.",
            [(10.0, None, "x"), (12.0, None, "x")],
        ),
        ("Fleet reduces cost by a factor of 12 on GLUE.", [(12.0, None, "x")]),
        (
            "Fleet is 3.3x, 8.1x, and 2.4x faster on GPU, CPU and phone, respectively.",
            [(3.3, None, "x"), (8.1, None, "x"), (2.4, None, "x")],
        ),
        (
            "Fleet improves accuracy by {1.2, 3.4, 5.6}% on three benchmarks.",
            [(1.2, None, "%"), (3.4, None, "%"), (5.6, None, "%")],
        ),
        (
            "Fleet improves accuracy on GLUE by 1.2/3.4/5.6% over Snail.",
            [(1.2, None, "%"), (3.4, None, "%"), (5.6, None, "%")],
        ),
        ("We achieve an accuracy of 92.1 ± 0.4% on GLUE.", [(92.1, None, "%")]),
        ("Fleet achieves a correlation of 0.89 with human judgment.", [(0.89, None, "")]),
        ("Fleet achieves 74.8% accuracy, compared to 70.1% of Snail.", [(74.8, None, "%")]),
    ],
)
def test_reads_every_form_of_a_figure(sentence: str, figures: list[tuple[float, float | None, str]]) -> None:
    assert figures_of(sentence) == figures


@pytest.mark.parametrize(
    "sentence",
    [
        "Fleet builds on GPT-4, Llama 3.1 and Snail-7B.",
        "Images of 512 x 512 pixels are cut into 16x16 patches.",
        "It was first told in 2019 and again (2021).",
        "The code is at https://example.org/fleet2 under version 2.0.1.",
        "We make three contributions.",
        "Our estimates lie within [20.32, 36.43] throughout.",
        "Our contributions are two-fold: a reader and a test of it.",
        "We show that the adatom sits at a five-fold coordinated site.",
        "We show that it was asked three times a week.",
        "Our spectra have a full width at half maximum of some size.",
        "We find that this was so in the latter half of the century.",
        "We prove that all two-point functions are continuous.",
        "We show it on a 7-point scale, and explore one point further.",
    ],
)
def test_what_is_no_figure_of_the_paper_is_left_alone(sentence: str) -> None:
    assert claims_of(sentence) == []


def test_a_claim_says_whose_it_is_on_what_and_against_what() -> None:
    [claim] = claims_of("On ImageNet-1k, our Fleet-S4 is 3.3x faster than BigReader v2 at the same accuracy.")

    assert (claim.subject, claim.dataset) == ("Fleet-S4", "ImageNet-1k")
    assert claim.baseline == "BigReader v2"
    assert claim.metric == "speed"


def test_what_we_do_is_the_papers_own() -> None:
    [claim] = claims_of("Experiments show that it outperforms Snail by 4.5% on GLUE.")

    assert (claim.subject, claim.baseline, claim.dataset) == ("Fleet", "Snail", "GLUE")


def test_a_change_keeps_what_it_was_before() -> None:
    [claim] = claims_of("Fleet improves pass@1 on HumanEval from 47% to 62%.")

    assert (claim.value, claim.baseline) == (62.0, "47%")
    assert "from 47% to 62%" in claim.quote.text


@pytest.mark.parametrize(
    ("sentence", "bound"),
    [
        ("Fleet improves accuracy by up to 5% over Snail.", Bound.UP_TO),
        ("Fleet improves accuracy by at least 5% over Snail.", Bound.AT_LEAST),
        ("Fleet improves accuracy by more than 5% over Snail.", Bound.AT_LEAST),
        ("Fleet loses less than 5% accuracy on GLUE.", Bound.UP_TO),
        ("Fleet improves accuracy by about 5% over Snail.", Bound.ABOUT),
        (r"Fleet improves accuracy by $\sim$5% over Snail.", Bound.ABOUT),
        ("Fleet improves accuracy by 5% over Snail.", None),
    ],
)
def test_keeps_the_bound(sentence: str, bound: Bound | None) -> None:
    [claim] = claims_of(sentence)

    assert claim.bound is bound


@pytest.mark.parametrize(
    ("sentence", "direction"),
    [
        ("Fleet reduces memory by 40% on GLUE.", Direction.BETTER),
        ("Fleet achieves 4% higher accuracy than Snail.", Direction.BETTER),
        ("Fleet is 4x faster than Snail.", Direction.BETTER),
        ("Fleet suffers a 2% accuracy drop on GLUE.", Direction.WORSE),
        ("Fleet is 2x slower than Snail on GLUE.", Direction.WORSE),
        ("Fleet achieves an accuracy of 82% on GLUE.", None),
    ],
)
def test_keeps_the_direction(sentence: str, direction: Direction | None) -> None:
    [claim] = claims_of(sentence)

    assert claim.direction is direction


def test_sizes_are_told_apart_from_results() -> None:
    abstract = (
        "We introduce Shelf, a benchmark that contains 1,024 tasks and 48K annotated questions from six "
        "datasets. "
        "The best model achieves 65.5% accuracy."
    )

    claims, sizes = read_claims("Shelf: A Benchmark of Reading", abstract)

    assert [claim.value for claim in claims] == [65.5]
    assert [(size.value, size.what) for size in sizes][:2] == [
        (1024.0, "tasks"),
        (48000.0, "annotated questions"),
    ]
    assert all(abstract[size.quote.start : size.quote.end] == size.quote.text for size in sizes)


def test_a_figure_told_twice_is_claimed_once() -> None:
    assert len(claims_of("Fleet is 3x faster than Snail. In short, Fleet is 3x faster than Snail.")) == 1


PIECES = st.sampled_from(
    ["3.3x", "41.2", " to ", "from ", "%", "\\%", "$", "{", "}", "(", " and ", ", ", ". ", "10^3", "1,000",
     "K", " faster than ", " half ", "×", "±", " F1", "\u202e", "\x00", "\ud800", "e999", "^-5", "/", "~",
     "İ", "ﬀ", "9" * 40]
)  # fmt: skip
HOSTILE = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


@given(HOSTILE, HOSTILE)
@settings(deadline=None, max_examples=100)
def test_any_text_is_read_and_every_proof_is_in_it(title: str, abstract: str) -> None:
    claims, sizes = read_claims(title, abstract)

    for quote in [claim.quote for claim in claims] + [size.quote for size in sizes]:
        assert quote.text
        assert abstract[quote.start : quote.end] == quote.text


@given(st.integers(1, 999), st.integers(0, 99), st.sampled_from(["%", "x", " points", r"\%"]))
@settings(deadline=None)
def test_the_proof_contains_the_value(whole: int, part: int, unit: str) -> None:
    written = f"{whole}.{part:02}"

    claims = claims_of(f"Our Fleet outperforms the baseline by {written}{unit} on GLUE.")

    assert [claim.value for claim in claims] == [float(written)]
    assert written in claims[0].quote.text


@pytest.mark.parametrize(
    "piece",
    [
        "Our Fleet is 3.3x faster than Snail on GLUE. ",
        "12.5% ",
        "from 12 to 13% and ",
        "half of the two thirds fewer, ",
        "word ",
        "9",
        "{$\\",
        "than over against ",
        "on across in ",
        "1, ",
        "a",
    ],
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            read_claims(TITLE, text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(40_000) < 4 * 8 * max(seconds(5_000), 0.0005)
