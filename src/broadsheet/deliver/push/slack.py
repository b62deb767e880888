"""News for Slack's incoming webhooks: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks

What others wrote stands in rich text alone, of which Slack reads neither mentions nor marks. Services that
take Slack's form but no blocks (Mattermost, Rocket.Chat) show `text`, which holds our own words.
"""

from typing import Any

import orjson

from broadsheet.deliver.push.fitting import harmless, rest
from broadsheet.deliver.push.news import News, Told
from broadsheet.lib.text import shortened

MOST_LISTED = 40  # papers of a list
LONGEST_HEADER = 150
MOST_ALTOGETHER = 12_000  # characters of what others wrote; Slack cuts far later


def body(news: News) -> str:
    return orjson.dumps(
        {
            "text": f"<{_escaped(news.url)}|{_escaped(news.headline)}>: {_escaped(harmless(news.deck))}",
            "blocks": _blocks(news),
            "unfurl_links": False,
            "unfurl_media": False,
        }
    ).decode()


def _blocks(news: News) -> list[dict[str, Any]]:
    header = {"type": "plain_text", "text": shortened(news.headline, LONGEST_HEADER), "emoji": False}
    lines = listed(news)
    more = rest(news, lines)
    end = [_text(f"{news.deck}. "), _link(news.url, f"All of it, {more}" if more else "On the site")]
    blocks: list[dict[str, Any]] = [{"type": "header", "text": header}]
    if lines:
        style = "ordered" if news.is_numbered else "bullet"
        numbered = {"type": "rich_text_list", "style": style, "elements": lines}
        blocks.append({"type": "rich_text", "elements": [numbered]})
    return [*blocks, {"type": "rich_text", "elements": [_section(end)]}]


def listed(news: News) -> list[dict[str, Any]]:
    lines, room = [], MOST_ALTOGETHER
    for one in news.papers[:MOST_LISTED]:
        room -= len(one.title) + len(one.about) + len(one.by)
        if room < 0:
            break
        lines.append(_section(_parts(one)))
    return lines


def _parts(one: Told) -> list[dict[str, Any]]:
    told = " · ".join(filter(None, (one.by, one.about)))
    return [_link(one.url, one.title), *([_text(f"  {told}")] if told else [])]


def _section(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": parts}


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": harmless(words)}


def _link(url: str, words: str) -> dict[str, Any]:
    return {"type": "link", "url": url, "text": harmless(words)}


def _escaped(text: str) -> str:
    """As Slack wants the three signs that its marks begin with."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
