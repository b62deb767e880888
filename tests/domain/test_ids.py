import pytest

from broadsheet.domain.ids import find_key

NEW, OLD, MATHS = "arxiv:2401.01234", "arxiv:hep-th/9901001", "arxiv:math/0309136"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("2401.01234", NEW),
        (" 2401.01234v3 ", NEW),
        ("2401.01234v2.pdf", NEW),
        ("2401.01234.", NEW),
        ("arXiv:2401.01234", NEW),
        ("ARXIV: 2401.01234V2", NEW),
        ("arXiv 2401.01234", NEW),
        ("arXiv:2401.01234v1 [cs.LG]", NEW),
        ("(arXiv:2401.01234)", NEW),
        ("oai:arXiv.org:2401.01234", NEW),
        ("1401.1234", "arxiv:1401.1234"),
        ("hep-th/9901001", OLD),
        ("Hep-Th/9901001v2", OLD),
        ("math.GT/0309136", MATHS),
        ("cs.AI/0309136", "arxiv:cs/0309136"),
        ("10.1000/XYZ", "doi:10.1000/xyz"),
        ("DOI: 10.1000/XYZ", "doi:10.1000/xyz"),
        ("10.48550/arXiv.2401.01234", NEW),
        ("10.48550/ARXIV.hep-th/9901001", OLD),
        ("10.1016/0022(91)90001-(x)", "doi:10.1016/0022(91)90001-(x)"),
        ("title:0123456789abcdef0123", "title:0123456789abcdef0123"),
        ("id:2401.01234", NEW),
        ('id:"2401.01234v2"', NEW),
        ("ID: arXiv:hep-th/9901001", OLD),
        ("id:10.1000/XYZ", "doi:10.1000/xyz"),
        ("id:https://arxiv.org/abs/2401.01234", NEW),
    ],
)
def test_an_id_is_found_however_it_is_written(typed: str, key: str) -> None:
    assert find_key(typed) == key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://arxiv.org/abs/2401.01234", NEW),
        ("HTTPS://ARXIV.ORG/ABS/2401.01234V2", NEW),
        ("http://www.arxiv.org/abs/2401.01234v2/", NEW),
        ("https://export.arxiv.org/abs/2401.01234?context=cs.LG#comments", NEW),
        ("https://arxiv.org/pdf/2401.01234v2.pdf?download=1#page=3", NEW),
        ("https://arxiv.org/html/2401.01234v1#S3", NEW),
        ("https://arxiv.org/abs/arXiv:2401.01234", NEW),
        ("https://arxiv.org/abs/2401.01234,", NEW),
        ("<https://arxiv.org/abs/2401.01234>", NEW),
        ("https://arxiv.org/abs/hep-th/9901001", OLD),
        ("https://arxiv.org/pdf/math.GT/0309136v2.pdf", MATHS),
        ("https://arxiv.org/abs/math%2F0309136", MATHS),
        ("arxiv.org/abs/2401.01234", NEW),
        ("www.arxiv.org/pdf/2401.01234v1.pdf", NEW),
        ("https://ar5iv.labs.arxiv.org/html/2401.01234", NEW),
        ("https://ar5iv.org/abs/hep-th/9901001", OLD),
        ("https://huggingface.co/papers/2401.01234.md", NEW),
        ("https://hf.co/papers/2401.01234?utm=1#community", NEW),
        ("huggingface.co/papers/2401.01234", NEW),
        ("https://www.alphaxiv.org/overview/2401.01234v2", NEW),
        ("https://www.alphaxiv.org/de/overview/2401.01234", NEW),
        ("https://www.semanticscholar.org/arxiv/2401.01234", NEW),
        ("2401.01234 .", NEW),
        ("arXiv:2401.01234v2, ", NEW),
        ("10.1000/XYZ.", "doi:10.1000/xyz"),
        ("(10.1000/xyz.)", "doi:10.1000/xyz"),
        (
            "https://www.biorxiv.org/content/10.1101/2020.03.03.972133v1.full.pdf",
            "doi:10.1101/2020.03.03.972133",
        ),
        (
            "https://academic.oup.com/mnras/advance-article/doi/10.1093/mnras/staa1234/5837077",
            "doi:10.1093/mnras/staa1234",
        ),
        ("https://iopscience.iop.org/article/10.1088/1367-2630/ab1234/meta", "doi:10.1088/1367-2630/ab1234"),
        (
            "https://journals.aps.org/prl/abstract/10.1103/PhysRevLett.116.061102",
            "doi:10.1103/physrevlett.116.061102",
        ),
        (
            "https://www.frontiersin.org/articles/10.3389/fnins.2020.00001/full",
            "doi:10.3389/fnins.2020.00001",
        ),
        ("https://dl.acm.org/doi/fullHtml/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("https://www.science.org/doi/full/10.1126/science.ade2574", "doi:10.1126/science.ade2574"),
        ("https://link.springer.com/article/10.1007/s11263-015-0816-y", "doi:10.1007/s11263-015-0816-y"),
        (
            "https://link.springer.com/content/pdf/10.1007/s11263-015-0816-y.pdf",
            "doi:10.1007/s11263-015-0816-y",
        ),
        ("https://api.semanticscholar.org/arXiv:2401.01234", NEW),
        ("https://www.semanticscholar.org/paper/arXiv:2401.01234", NEW),
        ("https://api.semanticscholar.org/graph/v1/paper/ARXIV:2401.01234v1", NEW),
        ("https://api.semanticscholar.org/DOI:10.1000/XYZ", "doi:10.1000/xyz"),
        ("https://api.semanticscholar.org/DOI:10.48550/arXiv.2401.01234", NEW),
        ("https://ui.adsabs.harvard.edu/abs/arXiv:2401.01234", NEW),
        ("https://scirate.com/arxiv/2401.01234", NEW),
        ("https://www.arxiv-vanity.com/papers/2401.01234/", NEW),
        ("https://web.archive.org/web/20250101000000/https://arxiv.org/abs/2401.01234v2", NEW),
        ("https://scholar.archive.org/work/abc/access/wayback/https://arxiv.org/pdf/2401.01234v1.pdf", NEW),
        ("https://doi.org/10.48550/arXiv.2401.01234", NEW),
        ("doi.org/10.1000/XYZ", "doi:10.1000/xyz"),
        ("https://dx.doi.org/10.1000/XYZ?utm_source=x", "doi:10.1000/xyz"),
    ],
)
def test_an_address_of_a_paper_leads_to_it(address: str, key: str) -> None:
    assert find_key(address) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "attention is all you need",
        "arxiv",
        "arXiv: attention",
        "see/2401.01234",
        "../2401.01234",
        "2401.1234",
        "9999.99999",
        "foo/1234567",
        "10.1000/x y",
        "10.1000/x%00y",
        "10.1000/x\u202ey",
        "id:",
        "id:attention",
        "id:2401.01234 OR attention",
        "https://api.semanticscholar.org/CorpusID:13756489",
        "https://www.semanticscholar.org/paper/Attention-is-All-you-Need/204e3073870fae3d05bcbc2f6a8e263d9b72e776",
        "https://www.semanticscholar.org/search?q=2401.01234",
        "https://arxiv.org/list/cs.LG/2401",
        "https://arxiv.org/abs/1234567",
        "https://notarxiv.org/abs/2401.01234",
        "https://arxiv.org.example.com/abs/2401.01234",
        "https://[bad/abs/2401.01234",
        "2401.01234" + " " * 500,
    ],
)
def test_words_and_other_addresses_are_no_paper(text: str) -> None:
    assert find_key(text) is None
