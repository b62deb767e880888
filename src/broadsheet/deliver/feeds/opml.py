"""The feeds of some categories as OPML 2.0 (http://opml.org/spec2.opml), which feed readers import."""

from collections.abc import Iterable
from io import StringIO
from urllib.parse import quote
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator

OPML_TYPE = "text/x-opml; charset=utf-8"
_OF_ALL = (("The front page", "/day.atom", "/"), ("Trending", "/trending.atom", "/trending"))


def outlines(categories: Iterable[str], site_url: str) -> bytes:
    feeds = [
        *_OF_ALL,
        *(
            (f"The front page, {name}", f"/day.atom?cat={quote(name)}", f"/?cat={quote(name)}")
            for name in categories
        ),
    ]
    written = StringIO()
    xml = SimplerXMLGenerator(written, "utf-8")
    xml.startDocument()
    xml.startElement("opml", AttributesImpl({"version": "2.0"}))
    xml.startElement("head", AttributesImpl({}))
    xml.addQuickElement("title", "Broadsheet")
    xml.endElement("head")
    xml.startElement("body", AttributesImpl({}))
    xml.startElement("outline", AttributesImpl({"text": "Broadsheet", "title": "Broadsheet"}))
    for title, feed, page in feeds:
        of = {"type": "rss", "text": f"{title} · Broadsheet", "title": f"{title} · Broadsheet"}
        xml.addQuickElement("outline", attrs=of | {"xmlUrl": site_url + feed, "htmlUrl": site_url + page})
    for name in ("outline", "body", "opml"):
        xml.endElement(name)
    xml.endDocument()
    return written.getvalue().encode()
