"""How names of people are turned, in every place where they are: citation_author, OAI, RIS."""

import pytest

from broadsheet.deliver.people import person


@pytest.mark.parametrize(
    ("name", "turned"),
    [
        ("Ada Lovelace", "Lovelace, Ada"),
        ("Johannes Diderik van der Waals", "van der Waals, Johannes Diderik"),
        ("Jan de Boer", "de Boer, Jan"),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("Fei-Fei Li", "Li, Fei-Fei"),
        ("Jean-Pierre Saint-Martin", "Saint-Martin, Jean-Pierre"),
        ("Van Nguyen", "Nguyen, Van"),
        ("Thi Van Nguyen", "Nguyen, Thi Van"),
        ("Martin L. King Jr.", "King, Martin L., Jr."),
        ("Martin L. King, Jr.", "King, Martin L., Jr."),
        ("Henry Gates III", "Gates, Henry, III"),
        ("Lovelace, Ada", "Lovelace, Ada"),
        ("van der Waals, Johannes", "van der Waals, Johannes"),
        ("J. R. R. Tolkien", "Tolkien, J. R. R."),
        ("Y. LeCun", "LeCun, Y."),
        ("Plato", "Plato"),
        ("王小明", "王小明"),
        ("王 小明", "小明, 王"),
        ("Gemini Team", "Gemini Team"),
        ("The ATLAS Collaboration", "The ATLAS Collaboration"),
        ("BigScience Workshop authors", "BigScience Workshop authors"),
        ("Paul Erd\\H{o}s", "Erdős, Paul"),
        ("", ""),
    ],
)
def test_the_family_name_comes_first_where_there_is_one(name: str, turned: str) -> None:
    assert person(name).turned == turned
