from broadsheet.enrich.readings.claims import read_claims


def test_a_claim_has_its_value_and_the_words_that_prove_it() -> None:
    abstract = "Reading is slow. Our Fleet is 3.3x faster than Snail on ImageNet-1k."

    [claim], _ = read_claims("Fleet: Reading Fast", abstract)

    assert (claim.value, claim.unit, claim.subject, claim.baseline) == (3.3, "x", "Fleet", "Snail")
    assert abstract[claim.quote.start : claim.quote.end] == claim.quote.text
    assert "3.3x" in claim.quote.text
