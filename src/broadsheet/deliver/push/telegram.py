"""News for a Telegram bot: https://core.telegram.org/bots/api#sendmessage"""

from html import escape

import orjson

from broadsheet.deliver.push.fitting import as_many, harmless, rest, utf16
from broadsheet.deliver.push.news import News, Told

LONGEST = 4_096  # of what is seen; of papers the marks are counted too, so that there is always room


def body(news: News) -> str:
    head, lines = _head(news), listed(news)
    more = rest(news, lines)
    return orjson.dumps(
        {
            "text": "\n\n".join([head, *lines, *([more] if more else [])]),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
    ).decode()


def listed(news: News) -> list[str]:
    seen = f"{news.headline}\n{harmless(news.deck)}"
    return as_many(news, _line, LONGEST - utf16(seen) - 40, lambda text: utf16(text) + 2)


def _head(news: News) -> str:
    return f'<b><a href="{escape(news.url)}">{escape(news.headline)}</a></b>\n{escape(harmless(news.deck))}'


def addressed(body: str, chat: str) -> bytes:
    """The chat is told at each try: a body that waits follows a webhook whose chat is changed."""
    to = int(chat) if chat.lstrip("-").isdigit() else chat
    return orjson.dumps({"chat_id": to, **orjson.loads(body)})


def _line(mark: str, one: Told) -> str:
    told = " · ".join(filter(None, (one.by, one.about)))
    title = f'{mark} <a href="{escape(one.url)}">{escape(harmless(one.title))}</a>'
    return f"{title}\n{escape(harmless(told))}" if told else title
