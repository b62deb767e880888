"""A paper's text as HTML: formulas as MathML, words as signs, everything hostile as plain text."""

import time

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.deliver.maths import LONGEST_FORMULA, to_html
from broadsheet.deliver.web.passages import passage


def test_a_formula_becomes_mathml() -> None:
    html = to_html("in $\\mathbb{R}^n$.")

    assert html.startswith('in <math display="inline">')
    assert "<msup>" in html
    assert html.endswith("</math>.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('Schr\\"odinger--Newton', "Schrödinger–Newton"),
        ("``quoted'' -- 5\\% of it", "“quoted” – 5% of it"),
        ("it costs $5 and then $10", "it costs $5 and then $10"),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)
def test_running_text_is_readable(text: str, shown: str) -> None:
    assert to_html(text) == shown


@pytest.mark.parametrize(
    "formula",
    [
        "$\\text{<script>alert(1)</script>}$",
        "$\\unknownmacro {n+1}$",
        "$\\frac{$",
        "$\\text$",
        "$a_{\\mbox$",
        "$x" + "^{x" * 200 + "}" * 200 + "$",
        "$" + "x" * (LONGEST_FORMULA + 1) + "$",
    ],
)
def test_a_formula_that_cannot_be_shown_stays_source(formula: str) -> None:
    html = to_html(formula)

    assert "<math" not in html
    assert "<script" not in html
    assert "$" in html


def test_links_and_styles_are_left_out_of_formulas() -> None:
    html = to_html("$\\href{javascript:alert(1)}{x}$ $\\style{background:url(x)}{a}$")

    assert "javascript" not in html
    assert "style=" not in html


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("$\\{}^_<>&\"'abc/ \n()[]%~`-=x1")), max_size=60))
def test_whatever_the_text_the_html_is_well_formed(text: str) -> None:
    fromstring(f"<p>{to_html(text)}</p>")


def test_words_of_a_query_are_marked_in_all_their_forms_but_not_in_formulas() -> None:
    html = to_html("Agents seek $agent$ evidence for an agent", ("agents",))

    assert html.count("<mark>") == 2
    assert html.startswith("<mark>Agents</mark>")


def test_a_passage_is_the_sentence_with_most_of_the_words() -> None:
    text = "Nothing here. We look for evidence in documents. Evidence is rare."

    assert passage(text, ("documents", "evidence")) == "… We look for evidence in documents."
    assert passage(text, ()) == "Nothing here."


def test_openings_without_an_end_take_no_time() -> None:
    began = time.process_time()

    to_html("\\(" * 10_000)

    assert time.process_time() - began < 5.0  # a square of the length would take minutes


def test_a_passage_of_many_sentences_takes_no_time() -> None:
    began = time.process_time()

    passage("A. " * 16_000, ("a",))

    assert time.process_time() - began < 5.0  # a square of the length would take minutes
