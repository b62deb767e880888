"""What specifications of feeds ask, in words of ours: RFC 4287 (Atom), RSS 2.0, JSON Feed 1.1."""

from typing import Any

from lxml import etree

_HEAD = """<grammar xmlns="http://relaxng.org/ns/structure/1.0"
 datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">"""
_DATE = (
    '<data type="dateTime"><param name="pattern">'
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+\-]\d\d:\d\d)</param></data>"
)
_URI = r'<data type="anyURI"><param name="pattern">[a-z]+:[^\s&lt;&gt;"]+</param></data>'
_MAIL_DATE = (
    '<data type="string"><param name="pattern">(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d '
    "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \\d{4} \\d\\d:\\d\\d:\\d\\d [+\\-]\\d{4}"
    "</param></data>"
)


def _element(name: str, content: str) -> str:
    return f'<element name="{name}">{content}</element>'


def _many(content: str) -> str:
    return f"<zeroOrMore>{content}</zeroOrMore>"


def _optional(content: str) -> str:
    return f"<optional>{content}</optional>"


_LINK = _element(
    "link",
    f'<attribute name="href">{_URI}</attribute>'
    + _optional(
        '<attribute name="rel"><choice><value>alternate</value><value>self</value><value>hub</value>'
        "</choice></attribute>"
    )
    + _optional('<attribute name="type"/>')
    + "<empty/>",
)
_PERSON = _element("author", _element("name", '<data type="string"><param name="minLength">1</param></data>'))
_CATEGORY = _element("category", '<attribute name="term"/><empty/>')
_CONTENT = _element("content", '<attribute name="type"><value>html</value></attribute><text/>')
_ENTRY = _element(
    "entry",
    "<interleave>"
    + _element("id", _URI)
    + _element("title", "<text/>")
    + _element("updated", _DATE)
    + _optional(_element("published", _DATE))
    + _many(_PERSON)
    + f"<oneOrMore>{_LINK}</oneOrMore>"
    + _many(_CATEGORY)
    + _optional(_element("summary", "<text/>"))
    + _optional(_CONTENT)
    + "</interleave>",
)
# Section 4.1.1: a feed has an author unless each of its entries has one.
_ATOM = (
    _HEAD.replace(">", ' ns="http://www.w3.org/2005/Atom">', 1)
    + "<start>"
    + _element(
        "feed",
        '<optional><attribute name="lang" ns="http://www.w3.org/XML/1998/namespace"/></optional><interleave>'
        + _element("id", _URI)
        + _element("title", "<text/>")
        + _element("updated", _DATE)
        + _optional(_element("subtitle", "<text/>"))
        + f"<oneOrMore>{_PERSON}</oneOrMore>"
        + f"<oneOrMore>{_LINK}</oneOrMore>"
        + _many(_ENTRY)
        + "</interleave>",
    )
    + "</start></grammar>"
)
_DC = '<element name="creator" ns="http://purl.org/dc/elements/1.1/"><text/></element>'
_ATOM_LINK = (
    '<element name="link" ns="http://www.w3.org/2005/Atom"><attribute name="rel"/>'
    f'<attribute name="href">{_URI}</attribute></element>'
)
_ITEM = _element(
    "item",
    "<interleave>"
    + _element("title", "<text/>")
    + _element("link", _URI)
    + _element("description", "<text/>")
    + _element("guid", '<attribute name="isPermaLink"><value>false</value></attribute><text/>')
    + _element("pubDate", _MAIL_DATE)
    + _many(_element("category", "<text/>"))
    + _many(_DC)
    + "</interleave>",
)
_RSS = (
    _HEAD
    + "<start>"
    + _element(
        "rss",
        '<attribute name="version"><value>2.0</value></attribute>'
        + _element(
            "channel",
            "<interleave>"
            + _element("title", "<text/>")
            + _element("link", _URI)
            + _element("description", "<text/>")
            + _optional(_element("language", "<text/>"))
            + _element("lastBuildDate", _MAIL_DATE)
            + _many(_ATOM_LINK)
            + _many(_ITEM)
            + "</interleave>",
        ),
    )
    + "</start></grammar>"
)
GRAMMARS = {form: etree.RelaxNG(etree.fromstring(text)) for form, text in (("atom", _ATOM), ("rss", _RSS))}

_WEB = {"type": "string", "pattern": "^https?://"}
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
JSON_FEED: dict[str, Any] = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string"},
        "home_page_url": _WEB,
        "feed_url": _WEB,
        "language": {"type": "string"},
        "hubs": {"type": "array", "items": {"type": "object", "required": ["type", "url"]}},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "url": _WEB,
                    "title": {"type": "string"},
                    "content_html": {"type": "string"},
                    "summary": {"type": "string"},
                    "date_published": _MOMENT,
                    "date_modified": _MOMENT,
                    "authors": {"type": "array", "items": {"type": "object", "required": ["name"]}},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
