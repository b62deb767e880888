r"""Brings texts and queries to one spelling before they are cut into terms. Knows no index.

Accents and ligatures, Greek letters and their names, TeX, numbers, C++, Chinese and Japanese: whoever
types one form finds the others. What is plain ASCII already, as nine of ten texts are, costs microseconds.
"""

import re
import unicodedata
from collections.abc import Iterator

from broadsheet.lib.tex import without_accent_commands

# A letter to Tantivy, so that a number stays one term: 3.1 is neither 3 nor 1.
_POINT = "\ua4f8"
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_GREEK_LETTERS = re.compile(r"(?<![Ͱ-Ͽ])[Ͱ-Ͽ]{1,2}(?![Ͱ-Ͽ])")  # three together are a Greek word
_SIGNS = str.maketrans(
    {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"), **dict.fromkeys("\u200c\u200d", None)}
)
_COMBINING = re.compile("[\u0300-\u036f]+")
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+")
_COMMAND = re.compile(r"\\([A-Za-z]+)(?=(\{)?)")
_LOOKS = frozenset(  # commands that say how a text looks
    re.findall(
        r"\w+",
        "it bf em rm sl tt sf sc cal frak boldmath textit textbf textrm textsc texttt textsf textsl emph"
        " mathrm mathbf mathit mathcal mathbb mathfrak mathsf mathscr text mbox hbox bm boldsymbol ensuremath"
        " url href operatorname left right quad qquad displaystyle cite ref label footnote underline",
    )
)
_SHORT_COMMAND = re.compile(r"\\(?:[^A-Za-z\s]|[A-Za-z]{1,2}(?![A-Za-z]))")  # accents are among them
# Each begins with the sign itself: the engine hops from one to the next, ten times faster than by digits.
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"\.(?<=\d\.)(?=\d)")
_HYPHEN = re.compile(r"-(?<=[^\W_]-)([^\W_]+)")
_LAST_WORD = re.compile(r"[^\W_]+")
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NAME = re.compile(r"(?:[A-Z]?[a-z]{2,}){1,2}(?:[A-Z][a-z]{2,})+|[A-Za-z]{1,12}\d{1,4}")
_C_NAMES = re.compile(r"(?<!\w)([CcFf])(\+\+|#)(?![\w+#])")
_C_SIGNS = {"++": "plusplus", "#": "sharp"}
_INNER = frozenset(re.findall(r"\w+", "a an and as at by for in it of off on or the to up"))  # "state-of"


def spelled(text: str) -> str:
    r"""The text in the spelling that is indexed; still to be cut, lowered and stemmed.

    >>> spelled(r"$k$-means, TNF-α, Erd\H{o}s, C++ and {\it 1,000} ﬁgures")
    'k-means, TNF-alpha, Erdős, Cplusplus and   1000 figures'
    """
    if not text.isascii():
        text = _composed(text)
    text = without_tex(text)
    if "+" in text or "#" in text:
        text = _C_NAMES.sub(lambda found: found[1] + _C_SIGNS[found[2]], text)
    return _DECIMAL.sub(_POINT, _THOUSANDS.sub("", text))


def without_tex(text: str) -> str:
    r"""
    >>> without_tex(r"$\alpha$-stable {\bf Caf\'e}")
    'alpha-stable   Café'
    """
    if not ("\\" in text or "$" in text or "{" in text):
        return text
    if _SHORT_COMMAND.search(text):
        text = without_accent_commands(text)
    return _COMMAND.sub(_command, text).replace("$", "").replace("{", "").replace("}", "")


def _composed(text: str) -> str:
    text = _COMBINING.sub("", unicodedata.normalize("NFKC", text.translate(_SIGNS)))
    text = _GREEK_LETTERS.sub(_greek, text)
    return _WITHOUT_SPACES.sub(_pairs, text)


def _greek(found: re.Match[str]) -> str:
    return "".join(_GREEK.get(letter, letter) for letter in found[0].lower())


def _pairs(found: re.Match[str]) -> str:
    """Each sign and each pair in their order, so that any part of a run is a phrase of the whole run."""
    run = found[0]
    cut = [piece for place in range(len(run)) for piece in (run[place], run[place : place + 2])]
    return f" {' '.join(cut[:-1])} "


def _command(found: re.Match[str]) -> str:
    if found[1] in _LOOKS:
        return " "
    return found[1] + " " if found[2] else found[1]


def parted(word: str) -> str:
    """A name in CamelCase or with a number at its end as the words it joins, "" where it joins none.

    >>> parted("ImageNet"), parted("GPT4"), parted("word"), parted("LoRA's")
    ('Image Net', 'GPT 4', '', '')
    """
    return " ".join(_NAME_PARTS.findall(word)) if _NAME.fullmatch(word) else ""


def joined(text: str) -> Iterator[str]:
    """Compounds written as one word, of a text that is spelled already.

    >>> list(joined("GPT-4 and few-shot k-NN, a state-of-the-art e-mail -- 2010-2020"))
    ['GPT4', 'fewshot', 'kNN', 'email']
    """
    for found in _HYPHEN.finditer(text):
        before, after = _last_word(text, found.start()), found[1]
        if before not in _INNER and after not in _INNER and not before.isdigit():
            yield before + after


def _last_word(text: str, end: int) -> str:
    start = text.rfind(" ", 0, end) + 1
    word = text[start:end]
    return word if word.isalnum() else _LAST_WORD.findall(word)[-1]
