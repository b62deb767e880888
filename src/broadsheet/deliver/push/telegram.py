"""News for a Telegram bot: https://core.telegram.org/bots/api#sendmessage"""

from html import escape

import orjson

from broadsheet.deliver.push.fitting import as_many, harmless, rest, utf16
from broadsheet.deliver.push.news import News, Told

LONGEST = 4_096  # of what is seen; the marks are counted too, so that there is always room


def body(news: News, chat: str) -> str:
    head = f'<b><a href="{escape(news.url)}">{escape(news.headline)}</a></b>\n{escape(news.count)}'
    lines = as_many(news, _line, LONGEST - utf16(head) - 40, lambda text: utf16(text) + 2)
    more = rest(news, lines)
    return orjson.dumps(
        {
            "chat_id": int(chat) if chat.lstrip("-").isdigit() else chat,
            "text": "\n\n".join([head, *lines, *([more] if more else [])]),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
    ).decode()


def _line(one: Told) -> str:
    told = " · ".join(filter(None, (one.by, one.reason)))
    title = f'{one.rank}. <a href="{escape(one.url)}">{escape(harmless(one.title))}</a>'
    return f"{title}\n{escape(harmless(told))}" if told else title
