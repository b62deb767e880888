"""Turns TeX's accents and signs into Unicode and back, leaving maths alone. Knows nothing of papers."""

import re
import unicodedata
from functools import lru_cache

_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_SIGNS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ",
}  # fmt: skip
# \'e  \'{e}  {\'e}  \v{c}  \v c  \'\i  \'{\i}: a mark that is a letter needs a space or a brace after it.
_ACCENT = re.compile(
    r"\{?\\(?:([`'^~=.\"])\s?|([uvHdckr])(?=[ {\\])\s?)"
    r"(?:\{(?:\\([ij])|([A-Za-z]))\}|\\([ij])(?![A-Za-z])|([A-Za-z]))(\})?"
)
_SIGN = re.compile(r"\{?\\(ss|ae|AE|oe|OE|aa|AA|th|TH|dh|DH|dj|DJ|[oOlLij])(?![A-Za-z])(?:\{\}|\s)?(\})?")
_MATHS = re.compile(r"(\$[^$]*\$)")
_FORMULAS = re.compile(r"((?<!\\)\$\$[^$]+\$\$|(?<!\\)\$(?:[^$\\]|\\.)+\$)", re.DOTALL)


def without_accent_commands(text: str) -> str:
    r"""
    >>> without_accent_commands(r"Paulo Andr\'e, {\L}ukasz, Erd\H{o}s, Ho\v{r}ava, on $\'e$")
    "Paulo André, Łukasz, Erdős, Hořava, on $\\'e$"
    """
    if "\\" not in text:
        return text
    parts = _MATHS.split(text)
    return "".join(part if place % 2 else _replaced(part) for place, part in enumerate(parts))


def _replaced(text: str) -> str:
    return _SIGN.sub(_sign, _ACCENT.sub(_accented, text))


def _accented(found: re.Match[str]) -> str:
    letter = found[3] or found[4] or found[5] or found[6]
    composed = unicodedata.normalize("NFC", letter + _MARKS[found[1] or found[2]])
    return _with_braces(found, composed, found[7])


def _sign(found: re.Match[str]) -> str:
    return _with_braces(found, _SIGNS[found[1]], found[2])


def _with_braces(found: re.Match[str], text: str, closing: str | None) -> str:
    """A pair of braces around the command goes; a single one belongs to something else and stays."""
    has_opening = found[0].startswith("{")
    if has_opening and closing:
        return text
    return ("{" if has_opening else "") + text + (closing or "")


def split_maths(text: str) -> list[str]:
    r"""Text, formula, text …; each formula with its dollars. An escaped dollar is one of money.

    >>> split_maths(r"an $n^2$ bound for \$5")
    ['an ', '$n^2$', ' bound for \\$5']
    """
    return _FORMULAS.split(text) if "$" in text else [text]


def with_accent_commands(text: str) -> str:
    r"""Latin letters with one accent, and the signs that TeX has a name for, as commands; all else stays.

    >>> with_accent_commands("Schrödinger, Łukasz, ǎ, 张伟, ế")
    'Schr{\\"o}dinger, {\\L}ukasz, {\\v{a}}, 张伟, ế'
    """
    if text.isascii():
        return text
    return "".join(_command_of(sign) for sign in unicodedata.normalize("NFC", text))


@lru_cache(maxsize=2_000)
def _command_of(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign in _NAMES:
        return f"{{\\{_NAMES[sign]}}}"
    parts = unicodedata.normalize("NFD", sign)
    letter, mark = parts[0], parts[1:]
    if not (letter.isascii() and letter.isalpha()) or mark not in _MARK_NAMES:
        return sign
    name = _MARK_NAMES[mark]
    return f"{{\\{name}{{{letter}}}}}" if name.isalpha() else f"{{\\{name}{letter}}}"


_NAMES = {sign: name for name, sign in _SIGNS.items() if name not in ("aa", "AA", "j")}
_MARK_NAMES = {mark: name for name, mark in _MARKS.items()}
