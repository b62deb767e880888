"""broadsheet evaluate search: the figures of small sets, and what it says of sets that are broken."""

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from django.core.management import call_command
from django.core.management.base import CommandError

from broadsheet.store.intake import take_in
from tests.makers import NOW, arxiv

DOCUMENTS: list[dict[str, Any]] = [
    {"_id": "d1", "title": "Sleeping cats", "text": "Cats sleep sixteen hours.", "metadata": {}},
    {"_id": "d2", "title": "Barking dogs", "text": "Dogs bark at the moon."},
    {"_id": "d3", "title": "", "text": "Graphs have edges."},
    {"_id": 4, "title": "Cats and dogs", "text": "They sleep apart."},
]
QUERIES = [
    {"_id": "q1", "text": "sleeping cats"},
    {"_id": "q2", "text": "edges of a graph"},
    {"_id": "q3", "text": "not judged"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\t4\t1\nq2\td3\t1\n"


def lines(rows: list[Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_bytes(lines(DOCUMENTS))
    (folder / "queries.jsonl").write_bytes(lines(QUERIES))
    (folder / "qrels" / "test.tsv").write_text(QRELS)
    return folder


def run(*arguments: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("evaluate", "search", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def figures(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json")[0])
    return found


def test_a_set_in_beirs_layout_is_measured(beir: Path) -> None:
    found = figures("--data", beir)

    assert found["set"] == "tiny/test"
    assert (found["papers"], found["queries"], found["unanswered"]) == (4, 2, 0)
    assert (found["ndcg@10"], found["mrr@10"], found["recall@10"], found["recall@100"]) == (1.0,) * 4
    assert set(found["latency_ms"]) == {"mean", "p50", "p99"}


def test_figures_fall_when_the_wrong_paper_comes_first(beir: Path) -> None:
    (beir / "qrels" / "test.tsv").write_text("q1\t4\t1\nq2\td2\t1\n")

    found = figures("--data", beir)

    assert (found["mrr@10"], found["recall@10"]) == (0.25, 0.5)
    assert found["ndcg@10"] == pytest.approx(0.6309 / 2, abs=1e-4)


def test_the_table_says_it_in_words(beir: Path) -> None:
    out, err = run("--data", beir)

    assert out.startswith("tiny/test: 4 papers, indexed in ")
    assert "ndcg@10 1.0000" in out
    assert "2 queries, 0 without an answer\n" in out
    assert err == ""


@pytest.mark.parametrize(
    ("pack", "suffix"), [(gzip.compress, ".gz"), (zstandard.ZstdCompressor().compress, ".zst")]
)
def test_packed_files_and_qrels_without_a_header_are_read(
    beir: Path, pack: Callable[[bytes], bytes], suffix: str
) -> None:
    for name in ("corpus.jsonl", "queries.jsonl"):
        (beir / f"{name}{suffix}").write_bytes(pack((beir / name).read_bytes()))
        (beir / name).unlink()
    (beir / "qrels" / "dev.tsv").write_bytes(b"\xef\xbb\xbfq2\td3\t1\r\n")

    assert figures("--data", beir, "--split", "dev")["mrr@10"] == 1.0


def test_a_query_without_any_answer_is_counted_and_counts_nothing(beir: Path) -> None:
    (beir / "queries.jsonl").write_bytes(lines([{"_id": "q1", "text": "xylophone"}, QUERIES[1]]))

    found = figures("--data", beir)

    assert (found["unanswered"], found["mrr@10"]) == (1, 0.5)


def test_a_document_is_no_answer_to_the_query_of_its_own_name(beir: Path) -> None:
    (beir / "queries.jsonl").write_bytes(lines([{"_id": "d1", "text": "sleeping cats"}]))
    (beir / "qrels" / "test.tsv").write_text("d1\t4\t1\n")

    assert figures("--data", beir)["mrr@10"] == 1.0


def test_a_right_answer_that_the_corpus_lacks_is_said(beir: Path) -> None:
    (beir / "qrels" / "test.tsv").write_text("q1\td1\t1\nq1\tgone\t1\n")

    assert figures("--data", beir)["recall@100"] == 0.5
    assert "1 right answers are not in the corpus" in run("--data", beir)[0]


def test_an_id_that_comes_twice_is_kept_once(beir: Path) -> None:
    (beir / "corpus.jsonl").write_bytes(lines([*DOCUMENTS, {**DOCUMENTS[0], "title": "Again"}]))

    found = figures("--data", beir)

    assert (found["papers"], found["repeats"]) == (4, 1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("corpus.jsonl", b'{"_id": "d1"\n', "corpus.jsonl line 1: broken JSON"),
        ("corpus.jsonl", b"\n[1]\n", "corpus.jsonl line 2: the line is JSON but no object"),
        ("corpus.jsonl", b'{"title": "T", "text": ""}', "corpus.jsonl line 1: no _id"),
        ("corpus.jsonl", b'{"_id": {}, "text": ""}', "corpus.jsonl line 1: no _id"),
        ("corpus.jsonl", b'{"_id": "d1"}', "corpus.jsonl line 1: neither title nor text"),
        ("corpus.jsonl", b'{"_id": "d1", "text": 7}', "line 1: text is a number; expected text"),
        ("corpus.jsonl", b'{"_id": "d\xff"}', "not UTF-8 text"),
        ("corpus.jsonl", b"", "there are no papers to search"),
        ("corpus.jsonl", b'{"_id": "x", "text": "y"}', "none of the 3 right answers is in the corpus"),
        ("corpus.jsonl", gzip.compress(lines(DOCUMENTS))[:-20], "the gzip"),
        ("queries.jsonl", b'{"_id": "q1", "text": ""}', "queries.jsonl line 1: no text"),
        ("queries.jsonl", b'{"_id": "q1", "text": "x"}', "lacks 1 of the queries judged in test, 'q2'"),
        ("qrels/test.tsv", b"q1 d1 1\n", "test.tsv line 1: expected three columns"),
        ("qrels/test.tsv", b"q1\td1\t1\nq1\td2\tgood\n", "test.tsv line 2: the grade 'good'"),
        ("qrels/test.tsv", b"q1\td1\t" + b"9" * 5_000, "test.tsv holds no judgement"),
        ("qrels/test.tsv", b"query-id\tcorpus-id\tscore\n", "test.tsv holds no judgement"),
    ],
)
def test_a_broken_set_is_refused_in_one_line(beir: Path, name: str, content: bytes, said: str) -> None:
    (beir / name).write_bytes(content)

    with pytest.raises(CommandError) as refused:
        run("--data", beir)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500


def test_a_split_or_file_that_is_not_there_is_named(beir: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"holds no train.tsv; it holds test.tsv"):
        run("--data", beir, "--split", "train")
    with pytest.raises(CommandError, match="nowhere is no folder"):
        run("--data", tmp_path / "nowhere")
    (beir / "corpus.jsonl").unlink()
    with pytest.raises(CommandError, match=r"holds no corpus.jsonl"):
        run("--data", beir)


SEEDS = [
    {"id": "s0", "arxiv_id": None, "title": "Sleeping Cats", "abstract": "Cats sleep."},
    {"id": "s1", "arxiv_id": "2605.00001", "title": "Barking dogs", "abstract": "They bark.", "authors": []},
]
ON_ARXIV = [
    {"id": "2605.00001", "title": "Barking dogs, new title", "abstract": "Moon."},
    {"id": "2605.00002", "title": "Sleeping cats", "abstract": "The same paper by its title."},
    {"id": "2605.00003", "title": "Technical report", "abstract": "Of rivers."},
    {"id": "2605.00004", "title": "Technical report", "abstract": "Of mountains."},
    {"id": "2605.00004v2", "title": "Technical report, mended", "abstract": "Of mountains."},
]


@pytest.fixture
def papers(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "seeds.jsonl", tmp_path / "arxiv.jsonl.gz"]
    paths[0].write_bytes(lines(SEEDS))
    paths[1].write_bytes(gzip.compress(lines(ON_ARXIV)))
    return paths


def known_items(folder: Path, *pairs: tuple[str, str]) -> Path:
    path = folder / "known.jsonl"
    path.write_bytes(lines([{"query": query, "paper": paper} for query, paper in pairs]))
    return path


def test_known_items_are_looked_for_among_papers_each_kept_once(tmp_path: Path, papers: list[Path]) -> None:
    asked = known_items(
        tmp_path,
        ("cats sleep", "s0"),
        ("barking", "s1"),
        ("cats", "2605.00002"),
        ("rivers", "https://arxiv.org/abs/2605.00003v1"),
        ("mountains", "2605.00004"),
    )

    found = figures("--known-item", asked, "--papers", *papers)

    assert (found["papers"], found["repeats"], found["queries"]) == (4, 3, 5)
    assert found["mrr@10"] == 1.0


def test_known_items_are_looked_for_in_the_data_folder(db: None, tmp_path: Path) -> None:
    take_in([arxiv("2605.00001", title="Cats asleep"), arxiv("2605.00002", title="Dogs")], now=NOW)

    found = figures("--known-item", known_items(tmp_path, ("sleeping dogs", "2605.00002v3")))

    assert (found["papers"], found["mrr@10"]) == (2, 1.0)


def test_a_query_whose_paper_is_not_there_is_an_error(tmp_path: Path, papers: list[Path]) -> None:
    asked = known_items(tmp_path, ("cats", "s0"), ("birds", "s9"))

    with pytest.raises(CommandError, match=r"known.jsonl line 2: the paper 's9' is not among the papers"):
        run("--known-item", asked, "--papers", *papers)


def test_bad_papers_are_told_and_too_many_end_the_run(tmp_path: Path, papers: list[Path]) -> None:
    asked = known_items(tmp_path, ("cats", "s0"))
    papers[0].write_bytes(
        lines(
            [*SEEDS, *({"id": f"x{n}", "title": f"Paper {n}"} for n in range(30)), {"id": "y", "title": ""}]
        )
    )

    assert run("--known-item", asked, "--papers", papers[0])[1] == "skipped seeds.jsonl line 33: no title\n"

    papers[0].write_bytes(lines([*SEEDS, {"id": "y", "title": ""}]))
    with pytest.raises(CommandError, match="1 of 3 entries are bad"):
        run("--known-item", asked, "--papers", papers[0])


@pytest.mark.parametrize("content", [b"", b"\n", b'{"query": "x"}', b'{"paper": "s0"}', b"\0", b"[]"])
def test_broken_known_items_are_refused_in_one_line(
    tmp_path: Path, papers: list[Path], content: bytes
) -> None:
    path = tmp_path / "known.jsonl"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=r"^known.jsonl [^\n]+$"):
        run("--known-item", path, "--papers", *papers)


def test_what_is_asked_wrongly_ends_with_two(tmp_path: Path) -> None:
    for arguments in ([], ["--data", tmp_path, "--papers", "x"]):
        with pytest.raises(CommandError) as refused:
            run(*arguments)
        assert refused.value.returncode == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path, papers: list[Path]) -> None:
    with pytest.raises(CommandError, match=r"missing.jsonl: No such file"):
        run("--known-item", tmp_path / "missing.jsonl", "--papers", *papers)
    with pytest.raises(CommandError, match=r"gone.jsonl: No such file"):
        run(
            "--known-item",
            known_items(tmp_path, ("cats", "s0")),
            "--papers",
            *papers,
            tmp_path / "gone.jsonl",
        )
