import pytest

from broadsheet.domain.withdrawal import is_withdrawn


@pytest.mark.parametrize(
    ("abstract", "comments"),
    [
        ("This paper has been withdrawn by the author due to an error.", ""),
        ("This paper is withdrawn; see another.", ""),
        ("We prove it.", "This submission has been withdrawn by arXiv administrators"),
        ("We prove it.", "9 pages. Paper withdrawn by the authors"),
        ("We prove it.", "Withdrawn"),
        ("The article was retracted.", ""),
    ],
)
def test_a_paper_that_says_so_is_withdrawn(abstract: str, comments: str) -> None:
    assert is_withdrawn(abstract, comments)


@pytest.mark.parametrize(
    ("abstract", "comments"),
    [
        ("We study why drugs are withdrawn from the market.", "12 pages"),
        ("Users who had withdrawn consent are left out.", ""),
        ("We count retracted papers.", "Replaces an earlier text"),
        ("", ""),
    ],
)
def test_a_paper_about_withdrawal_is_not(abstract: str, comments: str) -> None:
    assert not is_withdrawn(abstract, comments)
