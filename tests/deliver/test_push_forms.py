"""What chat services get: their documented shapes and limits, and nobody pinged by a hostile title."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.deliver.push.fitting import JOINER
from broadsheet.deliver.push.forms import addressed, written
from broadsheet.deliver.push.news import Kind, News, Told, told
from broadsheet.domain.edition import Window, WindowKind
from broadsheet.domain.webhook import BadField, Form, Target
from broadsheet.store.page_values import Facts, Placed

SITE = "https://papers.example.org"
NOW = datetime(2026, 5, 23, tzinfo=UTC)
TARGETS = {
    Form.JSON: Target(Form.JSON, "https://example.org/hook", secret="whsec_AAAA"),
    Form.SLACK: Target(Form.SLACK, "https://hooks.slack.com/services/T0/B0/x"),
    Form.DISCORD: Target(Form.DISCORD, "https://discord.com/api/webhooks/1/x"),
    Form.TELEGRAM: Target(Form.TELEGRAM, "https://api.telegram.org", "-1001", "1234:" + "A" * 35),
    Form.MATRIX: Target(Form.MATRIX, "https://matrix.example.org/", "!a/b:example.org", "syt_x"),
}
HOSTILE = (
    "@everyone @here @room <!channel> <@U123> <#C1> <!subteam^S1|x> free",
    "[click](https://evil.example) <https://evil.example|here> https://evil.example www.evil.example",
    "**bold** _it_ ~s~ `code` ||spoiler|| # head > quote\n# next\n- item",
    '"><script>alert(1)</script><img src=x onerror=1> &amp; </a></b></blockquote>',
    "/kick @admin #tag tg://user?id=1 javascript:alert(1) \u202eevil\u200b \x00\x1b[31m",
    "a ](https://evil.example) \\](https://evil.example) \\\\[x](y)",
)


def placed(rank: int, title: str, **more: Any) -> Placed:
    said: dict[str, Any] = {"authors": ("Ada Lovelace", "Emmy Noether"), "summary": "It sorts.", "code": ""}
    said |= more
    facts = Facts(
        rank, f"arxiv:2605.{rank:05}", title, "One line.", said["summary"], "", said["authors"], ("cs.CL",),
        None, False, said["code"],
    )  # fmt: skip
    return Placed(rank, said.get("reason", "12 upvotes in a day"), facts, 1.0, [])


def news(*papers: Placed, matching: int = 0, kind: Kind = Kind.PRINTED) -> News:
    window = Window(WindowKind.DAY, date(2026, 5, 22))
    count = matching or len(papers)
    if kind is Kind.MATCHED:
        return News(kind, NOW, SITE, count, f"the search “{HOSTILE[0]}”", told(papers, SITE), query='a"&b')
    return News(kind, NOW, SITE, count, "", told(papers, SITE), window, 512)


def made(form: Form, *papers: Placed, **more: Any) -> Any:
    return orjson.loads(written(news(*papers, **more), TARGETS[form]))


def hostile() -> list[Placed]:
    return [placed(n, text, authors=(text,), reason=text) for n, text in enumerate(HOSTILE, start=1)]


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def test_slack_gets_rich_text_of_which_it_reads_no_marks() -> None:
    sent = made(Form.SLACK, *hostile())

    assert sent["text"].startswith(f"<{SITE}/day/2026-05-22|Friday 22 May 2026>: 512 papers")
    assert {block["type"] for block in sent["blocks"]} == {"header", "rich_text"}
    assert len(sent["blocks"][0]["text"]["text"]) <= 150
    listed = sent["blocks"][1]["elements"][0]
    assert (listed["type"], listed["style"], len(listed["elements"])) == ("rich_text_list", "ordered", 6)
    parts = [part for section in listed["elements"] for part in section["elements"]]
    assert {part["type"] for part in parts} == {"link", "text"}  # and never user, channel or broadcast
    assert all(part["url"].startswith(f"{SITE}/paper/") for part in parts if part["type"] == "link")
    assert "mrkdwn" not in str(sent)


def test_discord_pings_nobody_and_links_only_here() -> None:
    sent = made(Form.DISCORD, *hostile())

    assert sent["allowed_mentions"] == {"parse": []}
    assert "content" not in sent
    (embed,) = sent["embeds"]
    lines = embed["description"]
    assert not re.search(r"(?<!\\)<[@#!:]", lines)
    assert "@everyone" not in lines
    assert "https://evil" not in lines
    labelled = re.findall(r"(?<!\\)(?:\\\\)*\]\((\S*?)\)", lines)
    assert len(labelled) == 6
    assert all(url.startswith(f"{SITE}/paper/") for url in labelled)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(html: str) -> _Tags:
    parser = _Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


def test_telegram_gets_its_own_html_and_nobodys_name() -> None:
    sent = made(Form.TELEGRAM, *hostile())

    assert sent["parse_mode"] == "HTML"
    assert sent["link_preview_options"] == {"is_disabled": True}
    found = tags(sent["text"])
    assert {tag for tag, _ in found.seen} == {"a", "b"}
    assert all(str(at.get("href", SITE)).startswith(SITE) for _, at in found.seen)
    assert not re.search(r"@\w|(?:^|\s)/\w|#\w", re.sub(r"<[^>]*>", "", sent["text"]))


def test_matrix_mentions_nobody() -> None:
    sent = made(Form.MATRIX, *hostile())

    assert (sent["msgtype"], sent["m.mentions"]) == ("m.notice", {})
    assert sent["format"] == "org.matrix.custom.html"
    assert "@room" not in sent["body"]
    assert {tag for tag, _ in tags(sent["formatted_body"]).seen} <= {"h4", "a", "p", "ol", "li", "br"}


@pytest.mark.parametrize("form", list(Form))
def test_nothing_that_hides_or_turns_text_is_told(form: Form) -> None:
    seen = "".join(texts(made(form, *hostile()))).replace(JOINER, "")

    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e\u200b]", seen)


@pytest.mark.parametrize("form", list(Form))
def test_long_news_keep_the_limits_of_the_services(form: Form) -> None:
    long = [placed(n, "<&\U0001f9ea" * 200, authors=("@" * 300,), reason="*" * 900) for n in range(1, 51)]
    sent = made(form, *long)

    if form is Form.DISCORD:
        (embed,) = sent["embeds"]
        assert len(embed["description"].encode("utf-16-le")) // 2 <= 4096
        assert sum(len(text) for text in texts(embed)) <= 6000 + len(embed["url"])
    if form is Form.TELEGRAM:
        assert len(sent["text"].encode("utf-16-le")) // 2 <= 4096
        tags(sent["text"])
    if form is Form.SLACK:
        assert len(sent["blocks"]) <= 50
        assert sum(len(text) for text in texts(sent)) < 40_000
    if form in (Form.MATRIX, Form.SLACK, Form.DISCORD):
        assert len(orjson.dumps(sent)) < 60_000
    if form is not Form.JSON:
        assert "more" in str(sent)
    else:
        assert len(sent["data"]["papers"]) == 50


@given(st.text(max_size=400), st.sampled_from(sorted(set(Form) - {Form.JSON})))
def test_any_title_keeps_every_form_whole(title: str, form: Form) -> None:
    sent = made(form, placed(1, title or "x", authors=(title,), reason=title))

    seen = "\n".join(texts(sent))
    assert not re.search(r"@[A-Za-z]", seen)
    if form is Form.TELEGRAM:
        assert {tag for tag, _ in tags(sent["text"]).seen} == {"a", "b"}


@pytest.mark.parametrize("form", sorted(set(Form) - {Form.JSON}))
@pytest.mark.parametrize("kind", list(Kind))
def test_what_an_owner_typed_and_titles_ping_nobody_in_any_news(form: Form, kind: Kind) -> None:
    sent = made(form, *hostile(), kind=kind)

    seen = "\n".join(texts(sent))
    assert not re.search(r"@[A-Za-z]", seen)
    assert not re.search("<[!@#]", str(sent.get("text")))
    if form is Form.TELEGRAM:
        assert {tag for tag, _ in tags(sent["text"]).seen} == {"a", "b"}
    if form is Form.MATRIX:
        tags(sent["formatted_body"])


def test_places_are_numbered_alike_in_editions_and_matches_have_no_numbers() -> None:
    printed = {form: str(made(form, placed(7, "A"), placed(3, "B"))) for form in Form}
    matches = {form: str(made(form, placed(0, "A"), kind=Kind.MATCHED)) for form in Form}

    assert "'style': 'ordered'" in printed[Form.SLACK]
    assert "'style': 'bullet'" in matches[Form.SLACK]
    assert "<ol><li>" in printed[Form.MATRIX]
    assert "<ul><li>" in matches[Form.MATRIX]
    for form in (Form.DISCORD, Form.TELEGRAM):
        assert "1." in printed[form]
        assert "2." in printed[form]
        assert "\N{BULLET}" in matches[form]
    assert "'rank': 7" in printed[Form.JSON]
    assert "'rank': None" in matches[Form.JSON]


def test_matches_lead_to_the_search_and_not_to_an_edition() -> None:
    sent = made(Form.JSON, placed(0, "A"), kind=Kind.MATCHED)

    assert sent["data"]["edition"] is None
    assert sent["data"]["search"]["url"] == f"{SITE}/search?q=a%22%26b&sort=new"
    assert "1 new paper" in str(made(Form.SLACK, placed(0, "A"), kind=Kind.MATCHED))


def test_no_papers_at_all_is_still_a_message() -> None:
    for form in Form:
        assert made(form, kind=Kind.TEST)


def test_where_each_form_goes() -> None:
    sent = {form: addressed("{}", target, "msg_1", NOW) for form, target in TARGETS.items()}

    assert sent[Form.TELEGRAM].url == f"https://api.telegram.org/bot1234:{'A' * 35}/sendMessage"
    assert sent[Form.MATRIX].method == "PUT"
    assert sent[Form.MATRIX].url == (
        "https://matrix.example.org/_matrix/client/v3/rooms/%21a%2Fb%3Aexample.org/send/m.room.message/msg_1"
    )
    assert sent[Form.MATRIX].headers == {"Authorization": "Bearer syt_x"}
    assert orjson.loads(sent[Form.TELEGRAM].body)["chat_id"] == -1001
    assert set(sent[Form.JSON].headers) == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    assert sent[Form.SLACK].headers == sent[Form.DISCORD].headers == {}


@pytest.mark.parametrize(
    ("form", "room", "token", "field"),
    [
        (Form.TELEGRAM, "", "1:" + "A" * 30, "room"),
        (Form.TELEGRAM, "../x", "1:" + "A" * 30, "room"),
        (Form.TELEGRAM, "@channel", "1/../../x", "token"),
        (Form.MATRIX, "#alias:example.org", "t", "room"),
        (Form.MATRIX, "!a:example.org", "a\r\nX: y", "token"),
        (Form.MATRIX, "!a:example.org", "", "token"),
        (Form.SLACK, "room", "", "room"),
        (Form.JSON, "", "s3cr3t", "token"),
    ],
)
def test_what_a_form_lacks_or_does_not_have_is_told(form: Form, room: str, token: str, field: str) -> None:
    with pytest.raises(BadField) as caught:
        Target(form, "https://example.org", room, token)
    assert caught.value.field == field
    assert not token or len(token) < 2 or token not in str(caught.value)


def test_what_was_told_has_no_formulas_commands() -> None:
    (one,) = told([placed(1, r"An $\mathcal{O}(n^{2})$ bound")], SITE)

    assert isinstance(one, Told)
    assert one.title == "An O(n^2) bound"
    assert one.by == "Ada Lovelace et al."


@pytest.mark.parametrize("form", [Form.SLACK, Form.DISCORD, Form.TELEGRAM, Form.MATRIX])
def test_a_bare_host_is_no_link(form: Form) -> None:
    title = "See evil.com or WWW.evil.org, wWw.1.example: GPT-4.1 of cs.AI"
    text = "".join(texts(made(form, placed(1, title, summary="Of evil.com."))))

    assert not re.search(r"(?i)evil\.(com|org)|www\.(evil|1)|cs\.AI", text)
    assert "4.1" in text
