"""Draws the picture that stands beside a link to a paper: its title, its authors, where it is from."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from broadsheet.lib.text import plain_line, shortened

WIDTH, HEIGHT = 1200, 630
LONGEST = 300  # characters of a title that are looked at
AUTHORS = 3
_FONTS = Path(__file__).parent / "fonts"
_MARGIN = 72
_INNER = WIDTH - 2 * _MARGIN
_PAPER, _INK, _SOFT, _ACCENT = (255, 253, 248), (28, 26, 22), (94, 88, 78), (160, 28, 28)
_TITLE_TOP, _TITLE_SPACE = 166, 288  # where it begins, how high it may be
_TITLE_SIZES = (68, 60, 52, 46, 40)
_LEADING = 1.22


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    authors: Sequence[str]
    label: str  # "cs.CL, 20 May 2026"
    name: str  # "arXiv 2605.00001"
    site: str  # "papers.example.org"


def draw(card: Card) -> bytes:
    """As PNG. Whatever the texts are, the work is bounded: they are cut first."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((_MARGIN, 52), "Broadsheet", _INK, _font(46, is_bold=True))
    small = _font(28)
    label = _line(_drawable(card.label), small, _INNER // 2)
    pen.text((WIDTH - _MARGIN - small.getlength(label), 68), label, _SOFT, small)
    pen.rectangle((_MARGIN, 128, WIDTH - _MARGIN, 132), _ACCENT)
    _title(pen, card)
    bottom = HEIGHT - _MARGIN
    pen.text((_MARGIN, bottom - 80), _line(_byline(card.authors), _font(32), _INNER), _SOFT, _font(32))
    pen.text((_MARGIN, bottom - 22), _line(_drawable(card.name), small, _INNER // 2), _INK, small)
    site = _line(_drawable(card.site), small, _INNER // 2)
    pen.text((WIDTH - _MARGIN - small.getlength(site), bottom - 22), site, _SOFT, small)
    written = io.BytesIO()
    image.quantize(64, Image.Quantize.FASTOCTREE).save(written, "PNG")
    return written.getvalue()


def _title(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """As large as it fits; what does not fit at the smallest size ends with an ellipsis."""
    text = _drawable(shortened(card.title, LONGEST)) or _drawable(card.name)
    for size in _TITLE_SIZES:
        font, step = _font(size, is_bold=True), round(size * _LEADING)
        lines, most = list(_wrapped(text, font)), _TITLE_SPACE // step
        if len(lines) <= most or size == _TITLE_SIZES[-1]:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], _line(f"{lines[most - 1]} …", font, _INNER)]
    for number, line in enumerate(lines):
        pen.text((_MARGIN, _TITLE_TOP + number * step), line, _INK, font)


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    line = ""
    for word in _pieces(text, font):
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > _INNER:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _pieces(text: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    """Words; those that are wider than a line in parts."""
    for word in text.split():
        rest = word
        while font.getlength(rest) > _INNER:
            cut = max(1, int(len(rest) * _INNER / font.getlength(rest)) - 1)
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def _line(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """One line, cut with an ellipsis where it is too long."""
    kept = text[:LONGEST]
    if font.getlength(kept) <= width:
        return kept
    while kept and font.getlength(kept + "…") > width:
        kept = kept[: min(len(kept) - 1, max(1, int(len(kept) * width / font.getlength(kept))))]
    return kept.rstrip(" ,…") + "…"


def _byline(authors: Sequence[str]) -> str:
    shown = [name for name in (_drawable(shortened(name, 60)) for name in authors[:AUTHORS]) if name]
    more = len(authors) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if shown and more else "")


def _drawable(text: str) -> str:
    """Without what the font has no picture of, and without marks that pile up."""
    plain = unicodedata.normalize("NFC", plain_line(text))
    return plain_line("".join(sign for sign in plain if not unicodedata.combining(sign) and _has(sign)))


@lru_cache(maxsize=4_096)
def _has(sign: str) -> bool:
    if sign.isascii():
        return sign.isprintable()
    font = _font(28)
    return bytes(font.getmask(sign)) != bytes(font.getmask("\uffff"))


@lru_cache(maxsize=16)
def _font(size: int, *, is_bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "DejaVuSerifCondensed-Bold.ttf" if is_bold else "DejaVuSerifCondensed.ttf"
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)
