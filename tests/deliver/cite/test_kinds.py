"""What a paper is cited as, told from what authors type of where it appeared."""

import time
from dataclasses import replace

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from broadsheet.deliver.cite.bibtex import bibtex
from broadsheet.deliver.cite.csl import csl
from broadsheet.deliver.cite.kinds import Kind, kind_of
from broadsheet.deliver.cite.reference import Reference, reference
from broadsheet.deliver.cite.ris import ris
from tests.deliver.cite.odd import works

JOURNALS = [
    "Phys.Rev.D76:013009,2007",
    "Eur. Phys. J. C (2017) 77:856",
    "J. Stat. Softw. 33, http://www.jstatsoft.org",
    "Proceedings of the IEEE",
    "Proceedings of the IEEE 104(1)",
    "Proc. IEEE 98 (2010) 1",
    "Proceedings of the VLDB Endowment",
    "Proceedings of the Royal Society A",
    "Proc. R. Soc. A 470",
    "Proceedings of the National Academy of Sciences",
    "Proc. Natl. Acad. Sci. USA 110",
    "PNAS 110 (2013)",
    "Proc. Amer. Math. Soc. 12",
    "Proceedings of the Steklov Institute of Mathematics",
    "Mathematical Proceedings of the Cambridge Philosophical Society",
    "Proc. ACM Program. Lang.",
    "Proc. ACM Hum.-Comput. Interact. 5, CSCW1",
    "Nucl. Phys. Proc. Suppl. 83",
    "J. Phys.: Conf. Ser. 123 012",
    "EPJ Web Conf. 137",
    "IEEE Transactions on Image Processing",
    "ACM Trans. Graph. (SIGGRAPH)",
    "Computer Graphics Forum (Proc. EuroVis 2019)",
    "Annals of Math. 172 (2010), 1-39",
    "Software: Practice and Experience 51 (8), 2021",
    "JHEP 1903 (2019) 45",
    "JHEP 2019, 045",
    "MNRAS 2019",
    "Nature 580",
]
MEETINGS = [
    "Advances in Neural Information Processing Systems 33",
    "Lecture Notes in Computer Science 11045",
    "LNCS 1234, pp. 1-10",
    "PoS LATTICE2019",
    "PoS(CD15) (2015) 045",
    "Proc. of ICML 2020, {PMLR}",
    "Proceedings of Machine Learning Research 97",
    "Proceedings of the IEEE 2018 Conference on Decision and Control",
    "Proceedings of the IEEE/CVF CVPR 2020",
    "Proceedings of the Association for Computational Linguistics (ACL) 2018",
    "Proceedings of the Annual Meeting of the Cognitive Science Society",
    "Proc. SPIE 10000",
    "Proc. IAU Symposium 340",
    "AIP Conf. Proc. 1234",
    "2nd International Digital Tools & Uses Congress (DTUC 2020)",
    "WWW '18",
    "CHI'19",
    "COLM 2025",
    "cvpr2026",
]
DOCTORAL = (
    "PhD thesis, MIT",
    "Ph.D. Thesis",
    "Doctoral dissertation, ETH Zurich (2019)",
    "Thesis, http://www.x.edu",
)
MASTERS = ("Master's thesis, MIT", "M.Sc. thesis, University of Oslo", "Diploma thesis")


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (Kind.ARTICLE, JOURNALS),
        (Kind.MEETING, MEETINGS),
        (Kind.DOCTORAL, DOCTORAL),
        (Kind.MASTERS, MASTERS),
        (Kind.PREPRINT, ("",)),
    ],
)
def test_what_it_appeared_in_tells_the_kind(kind: Kind, texts: tuple[str, ...]) -> None:
    assert [text for text in texts if kind_of(text) is not kind] == []


def appeared(where: str) -> Reference:
    return reference(replace(works(1, seed=1)[0], journal_ref=where))


def test_a_thesis_is_one_in_every_form() -> None:
    thesis = appeared("PhD thesis, MIT (2007)")

    (entry,) = parse_string(bibtex(thesis)).entries
    (read,) = rispy.loads(ris(thesis))
    told = csl(thesis)

    assert (entry.entry_type, entry["school"]) == ("phdthesis", "MIT (2007)")
    assert (read["type_of_reference"], read["publisher"]) == ("THES", "MIT (2007)")
    assert (told["type"], told["genre"], told["publisher"]) == ("thesis", "PhD thesis", "MIT (2007)")
    assert bibtex(appeared("Master's thesis")).startswith("@mastersthesis{")


def test_code_is_a_link_and_no_figure() -> None:
    work = replace(works(1, seed=1)[0], code="https://github.com/owner/code")

    assert "L2  - https://github.com/owner/code" in ris(reference(work))


@pytest.mark.parametrize(
    "text", ["Proc " + "a." * 50_000, "A" * 100_000, "Proc. " * 20_000, "thesis " * 20_000]
)
def test_long_texts_cost_no_time(text: str) -> None:
    began = time.perf_counter()
    kind_of(text)
    assert time.perf_counter() - began < 1
