"""Made-up papers as arXiv's feeds, its OAI server and Hugging Face would tell of them."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from xml.sax.saxutils import escape

from tests.fakes.upstream import Answer, Asked, Upstream

FIRST_DAY = date(2026, 5, 18)


@dataclass(frozen=True)
class FakePaper:
    id: str
    title: str = "A paper"
    abstract: str = "We count to ten."
    authors: tuple[str, ...] = ("Ada Lovelace", "Alan Turing")
    categories: tuple[str, ...] = ("cs.LG", "cs.AI")
    day: date = FIRST_DAY  # announced, and last changed
    announce_type: str = "new"
    version: int = 1
    is_deleted: bool = False
    upvotes: int = 5


def some_papers(count: int, categories: tuple[str, ...] = ("cs.LG", "cs.AI")) -> list[FakePaper]:
    """Papers with ids and titles of their own, ten a day."""
    return [
        FakePaper(
            f"{2601 + number // 90000}.{number % 90000 + 1:05}",
            title=f"Paper number {number} on counting",
            abstract=f"We count to {number} and report what we found on the way.",
            categories=categories,
            day=FIRST_DAY + timedelta(days=min(number // 10, 3)),
        )
        for number in range(count)
    ]


def atom_feed(*papers: FakePaper, title: str = "cs.LG updates on arXiv.org") -> bytes:
    """As https://rss.arxiv.org/atom/cs.LG (UPSTREAMS 3.1)."""
    entries = "".join(_atom_entry(paper) for paper in papers)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">'
        f"<id>http://rss.arxiv.org/atom/cs.LG</id><title>{title}</title>"
        f"<updated>2026-05-18T04:00:19+00:00</updated>{entries}</feed>"
    ).encode()


def _atom_entry(paper: FakePaper) -> str:
    return (
        f"<entry><id>oai:arXiv.org:{paper.id}v{paper.version}</id><title>{escape(paper.title)}</title>"
        f"<updated>{paper.day}T04:00:19.899254+00:00</updated>"
        f'<link href="https://arxiv.org/abs/{paper.id}" rel="alternate" type="text/html"/>'
        f"<summary>{_feed_summary(paper)}</summary>"
        + "".join(f'<category term="{name}"/>' for name in paper.categories)
        + f"<published>{paper.day}T00:00:00-04:00</published>{_feed_tail(paper)}</entry>"
    )


def rss_feed(*papers: FakePaper, title: str = "cs.LG updates on arXiv.org") -> bytes:
    """As https://rss.arxiv.org/rss/cs.LG."""
    items = "".join(_rss_item(paper) for paper in papers)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>'
        f"<title>{title}</title><link>http://rss.arxiv.org/rss/cs.LG</link>{items}</channel></rss>"
    ).encode()


def _rss_item(paper: FakePaper) -> str:
    return (
        f"<item><title>{escape(paper.title)}</title><link>https://arxiv.org/abs/{paper.id}</link>"
        f"<description>{_feed_summary(paper)}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{paper.id}v{paper.version}</guid>'
        + "".join(f"<category>{name}</category>" for name in paper.categories)
        + f"<pubDate>{paper.day:%a, %d %b %Y} 00:00:00 -0400</pubDate>{_feed_tail(paper)}</item>"
    )


def _feed_summary(paper: FakePaper) -> str:
    head = f"arXiv:{paper.id}v{paper.version} Announce Type: {paper.announce_type} \nAbstract: "
    return head + escape(paper.abstract)


def _feed_tail(paper: FakePaper) -> str:
    return (
        f"<arxiv:announce_type>{paper.announce_type}</arxiv:announce_type>"
        "<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        f"<dc:creator>{escape(', '.join(paper.authors))}</dc:creator>"
    )


@dataclass
class FakeOai:
    """arXiv's OAI-PMH server. Tokens name their place, so that a restarted server still knows them."""

    papers: list[FakePaper]
    page: int = 100
    today: date = date(2026, 5, 22)
    generation: int = field(default=0)

    def expire_tokens(self) -> None:
        self.generation += 1

    def __call__(self, asked: Asked) -> Answer:
        token = asked.query.get("resumptionToken")
        if token is None:
            start, since, in_set = 0, asked.query.get("from", ""), asked.query.get("set", "")
            shape = asked.query.get("metadataPrefix", "")
        else:
            generation, shape, place, since, in_set = token.split("|")
            start = int(place)
            if set(asked.query) != {"verb", "resumptionToken"}:
                return self._error("badArgument", "a token stands alone")
            if int(generation) != self.generation:
                return self._error("badResumptionToken", "the token has expired")
        return self._page(shape, start, since, in_set)

    def _page(self, shape: str, start: int, since: str, in_set: str) -> Answer:
        group, _, category = in_set.replace(":", ".").partition(".")
        category = category or group
        held = [p for p in self.papers if str(p.day) >= since and (not in_set or category in p.categories)]
        if not held:
            return self._error("noRecordsMatch", "nothing has changed")
        records = "".join(oai_record(paper, shape) for paper in held[start : start + self.page])
        after = start + self.page
        token = f"{self.generation}|{shape}|{after}|{since}|{in_set}" if after < len(held) else ""
        tail = f"<resumptionToken>{token}</resumptionToken>" if start or token else ""
        return Answer(oai_document(f"<ListRecords>{records}{tail}</ListRecords>", self.today))

    def _error(self, code: str, text: str) -> Answer:
        return Answer(oai_document(f'<error code="{code}">{text}</error>', self.today))


def oai_document(inside: str, today: date = date(2026, 5, 22)) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{today}T09:05:29Z</responseDate>"
        f'<request verb="ListRecords">http://oaipmh.arxiv.org/oai</request>{inside}</OAI-PMH>'
    ).encode()


def oai_record(paper: FakePaper, shape: str = "arXiv") -> str:
    status = ' status="deleted"' if paper.is_deleted else ""
    header = (
        f"<header{status}><identifier>oai:arXiv.org:{paper.id}</identifier>"
        f"<datestamp>{paper.day}</datestamp><setSpec>cs:cs:LG</setSpec></header>"
    )
    if paper.is_deleted:
        return f"<record>{header}</record>"
    inside = _oai_arxiv(paper) if shape == "arXiv" else _oai_raw(paper)
    return f"<record>{header}<metadata>{inside}</metadata></record>"


def _oai_arxiv(paper: FakePaper) -> str:
    authors = "".join(
        f"<author><keyname>{escape(name.rpartition(' ')[2])}</keyname>"
        f"<forenames>{escape(name.rpartition(' ')[0])}</forenames></author>"
        for name in paper.authors
    )
    return (
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper.id}</id><created>{paper.day}</created>'
        f"<authors>{authors}</authors><title>{escape(paper.title)}</title>"
        f"<categories>{' '.join(paper.categories)}</categories>"
        "<license>http://creativecommons.org/licenses/by/4.0/</license>"
        f"<abstract>  {escape(paper.abstract)}\n</abstract></arXiv>"
    )


def _oai_raw(paper: FakePaper) -> str:
    versions = "".join(
        f'<version version="v{number}"><date>{paper.day:%a, %d %b %Y} 13:55:30 GMT</date>'
        "<size>63kb</size></version>"
        for number in range(1, paper.version + 1)
    )
    return (
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper.id}</id><submitter>A. B.</submitter>'
        f"{versions}<title>{escape(paper.title)}</title><authors>{escape(', '.join(paper.authors))}</authors>"
        f"<categories>{' '.join(paper.categories)}</categories>"
        f"<abstract>  {escape(paper.abstract)}\n</abstract></arXivRaw>"
    )


def daily_item(paper: FakePaper, **inner: object) -> dict[str, object]:
    """One row of https://huggingface.co/api/daily_papers (UPSTREAMS 3.7)."""
    return {
        "paper": {
            "id": paper.id,
            "authors": [{"_id": "69aa", "name": name, "hidden": False} for name in paper.authors],
            "publishedAt": f"{paper.day}T17:08:18.000Z",
            "submittedOnDailyAt": f"{paper.day}T00:00:00.000Z",
            "title": paper.title,
            "summary": paper.abstract,
            "upvotes": paper.upvotes,
            "ai_summary": "Somebody else's words.",
            **inner,
        },
        "publishedAt": f"{paper.day}T12:08:18.000Z",
        "title": paper.title,
        "numComments": 1,
    }


@dataclass
class FakeDailyPapers:
    """Hugging Face's daily list: the papers of the asked day, in pages."""

    papers: list[FakePaper]

    def __call__(self, asked: Asked) -> Answer:
        page, limit = int(asked.query.get("p", "0")), int(asked.query.get("limit", "50"))
        rows = [daily_item(paper) for paper in self.papers if str(paper.day) == asked.query.get("date")]
        return Answer(
            json.dumps(rows[page * limit : (page + 1) * limit]).encode(),
            headers={"Content-Type": "application/json"},
        )


def play_all(upstream: Upstream, papers: int = 200, page: int = 100) -> FakeOai:
    """Let a server play arXiv's feeds and OAI, and Hugging Face, all with the same papers."""
    held = some_papers(papers)
    last_day = max((paper.day for paper in held), default=FIRST_DAY)
    fresh = [paper for paper in held if paper.day == last_day][:100]

    def in_category(asked: Asked) -> list[FakePaper]:
        return [paper for paper in fresh if asked.path.rpartition("/")[2] in paper.categories]

    oai = FakeOai(held, page)
    upstream.routes |= {
        "/oai": oai,
        "/atom": lambda asked: Answer(atom_feed(*in_category(asked))),
        "/rss": lambda asked: Answer(rss_feed(*in_category(asked))),
        "/api/daily_papers": FakeDailyPapers(fresh),
    }
    return oai
