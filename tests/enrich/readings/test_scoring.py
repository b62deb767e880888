from typing import Any

from broadsheet.domain.reading import Claim, Span
from broadsheet.enrich.readings.scoring import ClaimScore, score_by_pattern, score_claims

PROOF = Span("it is 3.3x faster", 0, 17)


def claim(value: float, unit: str, **fields: Any) -> Claim:
    return Claim(value, unit, PROOF, **fields)


def row(value: float, unit: str, **fields: str | None) -> dict[str, object]:
    return {"value": value, "unit": unit, "subject": None, "dataset": None, "baseline": None, **fields}


def test_percent_and_points_are_one_unit_and_so_are_times_and_fold() -> None:
    found = [claim(5, "%"), claim(3, "x")]
    gold = [row(5, "pp"), row(3, "fold")]

    assert score_claims(found, gold).right == 2


def test_a_gold_row_is_answered_once() -> None:
    score = score_claims([claim(5, "%"), claim(5, "%")], [row(5, "%")])

    assert (score.found, score.wanted, score.right) == (2, 1, 1)
    assert score.precision == 0.5


def test_another_value_or_unit_is_wrong() -> None:
    assert score_claims([claim(5, "%"), claim(3, "ms")], [row(5.1, "%"), row(3, "s")]).right == 0


def test_the_context_is_right_when_half_of_the_filled_fields_agree() -> None:
    found = [claim(5, "%", subject="Fleet", baseline="Snail")]

    one_of_two = score_claims(found, [row(5, "%", subject="Fleet-S4, Fleet", dataset="GLUE")])
    none_of_two = score_claims(found, [row(5, "%", subject="Crow", dataset="GLUE")])

    assert (one_of_two.context, none_of_two.context) == (1.0, 0.0)


def test_of_two_claims_with_one_value_the_one_that_fits_is_taken() -> None:
    found = [claim(5, "%", subject="Crow"), claim(5, "%", subject="Fleet")]

    assert score_claims(found, [row(5, "%", subject="Fleet")]).context == 1.0


def test_nothing_found_and_nothing_wanted_is_no_division_by_nothing() -> None:
    score = ClaimScore()

    assert (score.precision, score.recall, score.f1, score.context) == (0.0, 0.0, 0.0, 0.0)


def test_forms_are_counted_apart() -> None:
    found = [claim(3.3, "x"), claim(4, "%", value_max=6)]
    gold = [row(3.3, "times", quote="3.3 times"), row(9, "%", quote="by 9 %")]

    scores = score_by_pattern([(found, gold)])

    assert scores["factor"].right == 1
    assert scores["percent or points"] == ClaimScore(wanted=1)
    assert scores["percent or points, range"] == ClaimScore(found=1)
