"""News for Discord's webhooks: https://docs.discord.com/developers/resources/webhook#execute-webhook"""

import re

import orjson

from broadsheet.deliver.push.fitting import as_many, harmless, rest, utf16
from broadsheet.deliver.push.news import News, Told
from broadsheet.lib.text import shortened

LONGEST_TITLE = 256
LONGEST_DESCRIPTION = 4_096
LONGEST_FOOTER = 200  # of 2,048
_MARKS = re.compile(r"([\\`*_~|<>\[\]()#-])")


def body(news: News) -> str:
    lines = listed(news)
    more = rest(news, lines)
    embed = {
        "title": shortened(news.headline, LONGEST_TITLE),
        "url": news.url,
        "description": "\n".join([*lines, more] if more else lines) or _plain(news.deck),
        "footer": {"text": shortened(harmless(news.deck), LONGEST_FOOTER)},
        "timestamp": news.at,
    }
    # Nobody is pinged, whatever a title says.
    return orjson.dumps({"embeds": [embed], "allowed_mentions": {"parse": []}}).decode()


def listed(news: News) -> list[str]:
    return as_many(news, _line, LONGEST_DESCRIPTION - 40, lambda text: utf16(text) + 1)


def _line(mark: str, one: Told) -> str:
    mark = f"**{mark}** " if mark[0].isdigit() else mark
    told = " · ".join(filter(None, (_plain(one.by), _plain(one.about))))
    address = one.url.replace("(", "%28").replace(")", "%29")
    return f"{mark} [{_plain(one.title)}]({address})" + (f"\n{told}" if told else "")


def _plain(text: str) -> str:
    """Without the meaning of any mark: no link, no mention, no heading."""
    return _MARKS.sub(r"\\\1", harmless(text))
