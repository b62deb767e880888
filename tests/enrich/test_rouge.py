"""ROUGE-1 F is what the package rouge-score 0.1.2 gives without its stemmer."""

import pytest

from broadsheet.enrich.readings.rouge import Summarised, best_rouge_1, rouge_1, score_one_lines


@pytest.mark.parametrize(
    ("summary", "reference", "by_rouge_score"),
    [
        ("We sort lists with small nets.", "Small nets that sort long lists", 0.6666666666666666),
        ("State-of-the-art top-1 of 83.5%!", "The top 1 is 83.5, a state of the art", 0.7999999999999999),
        ("the the the net", "the net of the nets", 0.6666666666666665),
        ("İzmir’s naïve nets", "Izmir's naive nets", 0.4),
        ("We train_nets on k-means", "we train nets, on K means", 1.0),
        ("", "no words", 0.0),
        ("Мы", "Мы", 0.0),
        ("A net.", "another", 0.0),
    ],
)
def test_equals_rouge_score(summary: str, reference: str, by_rouge_score: float) -> None:
    assert rouge_1(summary, reference) == pytest.approx(by_rouge_score, abs=1e-12)


def test_the_best_reference_counts() -> None:
    assert best_rouge_1("we sort lists", ["nothing", "we sort lists", "we sort"]) == 1.0
    assert best_rouge_1("we sort lists", []) == 0.0


def test_a_paper_without_a_line_counts_as_nought() -> None:
    told = Summarised("Sorting", "We propose nets that sort lists.", ["We propose nets that sort lists."])

    assert score_one_lines([told, Summarised("Sorting", "", ["We sort."])]) == pytest.approx(50.0)
    assert score_one_lines([]) == 0.0
