import pytest

from broadsheet.lib.tex import without_accent_commands


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"Andr\'e", "André"),
        (r"Andr\'{e}", "André"),
        (r"Andr{\'e}", "André"),
        (r"Andr{\'{e}}", "André"),
        (r"K\"onig and G\"{o}del", "König and Gödel"),
        (r"Fran\c{c}ois, \c Cim", "François, Çim"),
        (r"Ho\v{r}ava", "Hořava"),
        (r"Erd\H{o}s", "Erdős"),
        (r"Mart\'{\i}nez, Mart\'\inez", r"Martínez, Mart\'\inez"),
        (r"\L{}ukasz, {\O}re, Stra{\ss}e, \AA", "Łukasz, Øre, Straße, Å"),
        (r"{\'E}cole {Normale}", "École {Normale}"),
        (r"$\'e \o$ stays", r"$\'e \o$ stays"),
        (r"\omega and \cdot stay", r"\omega and \cdot stay"),
        (r"the cost of $5 and Andr\'e", "the cost of $5 and André"),
        ("nothing to do", "nothing to do"),
        ("\\", "\\"),
    ],
)
def test_accents_become_letters_and_maths_stays(tex: str, plain: str) -> None:
    assert without_accent_commands(tex) == plain
