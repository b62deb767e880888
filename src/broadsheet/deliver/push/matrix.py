"""News for a Matrix room: https://spec.matrix.org/v1.16/client-server-api/#mroommessage"""

from html import escape

import orjson

from broadsheet.deliver.push.fitting import as_many, harmless, rest
from broadsheet.deliver.push.news import News, Told

MOST_BYTES = 20_000  # of either text; an event has 65,536 at the most, and JSON may double some


def body(news: News) -> str:
    pairs = listed(news)
    plain, rich = [text for text, _ in pairs], [html for _, html in pairs]
    more = rest(news, rich)
    end = f"<p>{more}</p>" if more else ""
    deck, tag = harmless(news.deck), "ol" if news.is_numbered else "ul"
    link = f'<a href="{escape(news.url)}">{escape(news.headline)}</a>'
    return orjson.dumps(
        {
            "msgtype": "m.notice",  # which other bots do not answer
            "body": "\n".join([f"{news.headline}. {deck}: {news.url}", *plain, more]).strip(),
            "format": "org.matrix.custom.html",
            "formatted_body": f"<h4>{link}</h4><p>{escape(deck)}</p><{tag}>{''.join(rich)}</{tag}>{end}",
            "m.mentions": {},  # nobody is, whatever a title says
        }
    ).decode()


def listed(news: News) -> list[tuple[str, str]]:
    """As text and as HTML, as many as both have room for."""
    plain, rich = (as_many(news, write, MOST_BYTES, _bytes) for write in (_as_text, _as_html))
    return list(zip(plain, rich, strict=False))


def _as_text(mark: str, one: Told) -> str:
    told = " · ".join(filter(None, (one.by, one.about)))
    return f"{mark} {harmless(one.title)}\n   {one.url}" + (f"\n   {harmless(told)}" if told else "")


def _as_html(_: str, one: Told) -> str:
    told = " · ".join(filter(None, (one.by, one.about)))
    title = f'<li><a href="{escape(one.url)}">{escape(harmless(one.title))}</a>'
    return f"{title}<br>{escape(harmless(told))}</li>" if told else f"{title}</li>"


def _bytes(text: str) -> int:
    return len(text.encode(errors="replace")) + 1
