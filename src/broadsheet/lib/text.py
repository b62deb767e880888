"""Turns text from outside into plain Unicode lines. Knows nothing of papers."""

import re
import unicodedata

# Control characters, and the signs that turn or hide text (bidirectional overrides, zero-width marks, BOM).
# Zero-width joiners (U+200C, U+200D) stay: Persian and Indic words need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w]+|_+")


def plain_line(text: str) -> str:
    """One line of normalised text: NFC, no control signs, single spaces.

    >>> plain_line("  Deep\\n  Learn\\x00ing ")
    'Deep Learning'
    """
    if text.isascii() and text.isprintable():  # nine of ten texts: nothing to strip
        return text.strip() if "  " not in text else " ".join(text.split())
    text = _UNSEEN.sub("", text)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def folded(text: str) -> str:
    """Letters and digits only, lower case, without accents: for telling whether two texts say the same.

    >>> folded("$k$-Means++: Café\\u2019s")
    'k means cafe s'
    """
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return _NOT_WORD.sub(" ", text.lower()).strip()


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def without_controls(text: str) -> str:
    r"""Without what no XML may hold, and some of JSON's readers choke on.

    >>> without_controls("a\x00b\x1bc")
    'abc'
    """
    return _NO_XML.sub("", text)


_JOINERS = "\u200c\u200d"
_HIDDEN = frozenset(("Cf", "Cc", "Co", "Cs", "Cn"))


def without_hidden(text: str) -> str:
    """Without signs that nobody sees: tags and the second set of variation selectors can carry a whole text.

    >>> without_hidden("a\u202eb\U000e0041c\x1b[0m")
    'abc[0m'
    """
    return text if text.isascii() and text.isprintable() else "".join(filter(_is_seen, text))


def _is_seen(sign: str) -> bool:
    if sign in _JOINERS or sign == "\n":
        return True
    return unicodedata.category(sign) not in _HIDDEN and not "\U000e0100" <= sign <= "\U000e01ef"


def shortened(text: str, most: int) -> str:
    """At most `most` characters, cut with an ellipsis; for messages and lists, never for what is kept.

    >>> shortened("a long line", 6)
    'a lon…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def as_sentence(text: str) -> str:
    """As a line of its own: a great letter first, a full stop last. Names keep their spelling.

    >>> as_sentence("we sort lists, quickly,"), as_sentence("k-means is slow"), as_sentence("Is it?")
    ('We sort lists, quickly.', 'k-means is slow.', 'Is it?')
    """
    text = text.strip().rstrip(",;:")
    first = text.partition(" ")[0]
    if first.isalpha() and first.islower():
        text = text[0].upper() + text[1:]
    is_ended = text.rstrip(")\"'”’").endswith((".", "!", "?", "…", "。"))
    return text if is_ended or not text else text + "."
