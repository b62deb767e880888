"""Writes the LaTeX of running text as the signs it stands for: accents, dashes, quotes. Formulas stay."""

import re
import unicodedata

from broadsheet.lib.tex import without_accent_commands

_STYLED = re.compile(r"\\(?:emph|text(?:it|bf|tt|sc|rm|sf|sl)?|mbox|url|underline)\{([^{}]*)\}")
_NAMED = re.compile(r"\\href\{[^{}]*\}\{([^{}]*)\}")
_ESCAPED = re.compile(r"\\([%&$#_{}])")
_DOTS = re.compile(r"\\l?dots(?![A-Za-z])(?:\{\})?")
_PLAIN = (("---", "—"), ("``", "“"), ("''", "”"))
_RANGE = re.compile(r"(?<=\w)--(?=\w)|(?<= )--(?= )")
_TIE = re.compile(r"(?<=\S)~(?=\S)")


def readable(text: str) -> str:
    r"""
    >>> readable("Schr\\\"odinger and Poincar\\'{e}, Kadomtsev--Petviashvili ``solitons''")
    'Schrödinger and Poincaré, Kadomtsev–Petviashvili “solitons”'
    >>> readable(r"\emph{Erd\H{o}s}, 5\% of it")
    'Erdős, 5% of it'
    """
    if "\\" in text:
        text = without_accent_commands(text)
        text = _STYLED.sub(r"\1", _NAMED.sub(r"\1", text))
        text = _ESCAPED.sub(r"\1", _DOTS.sub("…", text))
    for source, sign in _PLAIN:
        text = text.replace(source, sign)
    # To look for two signs first is ten times faster than a pattern that begins by looking behind.
    text = _RANGE.sub("–", text) if "--" in text else text
    return _TIE.sub(" ", text) if "~" in text else text


def without_maths(text: str) -> str:
    r"""For where no formula can be shown, in mail: its letters and signs, without the commands.

    >>> without_maths(r"An $\mathcal{O}(n^{2})$ bound for $\alpha \le \beta_i$ at 5\% of \$100")
    'An O(n^2) bound for α ≤ β_i at 5% of $100'
    """
    parts = _FORMULA.split(text)
    return "".join(_bare(part) if place % 2 else readable(part) for place, part in enumerate(parts))


def _bare(formula: str) -> str:
    found = _STYLE.sub("", formula)
    return " ".join(_COMMAND.sub(_sign_of, found).replace("{", "").replace("}", "").split())


def _sign_of(found: re.Match[str]) -> str:
    name = found[1]
    if name in _SIGN_NAMES:
        return _SIGN_NAMES[name]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name.upper()}")
    except KeyError:
        return name


_FORMULA = re.compile(r"(?<!\\)\$([^$]{1,400}?)(?<!\\)\$")
_STYLE = re.compile(
    r"\\(?:math(?:cal|bb|bf|rm|sf|it|frak|scr)|text(?:bf|it|rm|sf|tt)?|boldsymbol|bm|left|right)\b"
)
_COMMAND = re.compile(r"\\([A-Za-z]{1,30})")
_SIGN_NAMES = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "times": "×", "cdot": "·", "to": "→",
    "rightarrow": "→", "infty": "∞", "approx": "≈", "sim": "~", "pm": "±", "in": "∈", "ell": "ℓ", "star": "*",
    "varepsilon": "ε", "epsilon": "ε", "lambda": "λ",
}  # fmt: skip
