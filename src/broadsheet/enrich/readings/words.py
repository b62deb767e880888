"""Cuts a text into words and what stands between them, and tells the look of a word. Knows no names."""

import re
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.lib.tex import without_accent_commands

MOST_CHARACTERS = 20_000  # ten long abstracts; what follows is an attachment, not an abstract
MOST_KEPT = 100_000  # words whose look is remembered
LONGEST_KEPT = 40  # signs of one that is

# The look of a word: small or of no weight, Capital or Self-Attention, LoRA or GPT-4, LLM-based, a number.
PLAIN, CAPITAL, NAMED, ADJECTIVE, NUMBER = "a", "C", "N", "x", "d"

# A digit must follow a full stop, so that "end.The" is two words and "v2.1" is one.
_WORD = re.compile(r"([^\W_]\w*(?:(?:[-^@]|\.(?=\d))\w+)*\+*)")
_ORDINARY = frozenset((" ", ", ", ". "))
_ADDRESS = re.compile(r"(?:https?:/|www\.|git(?:hub|lab)\.com/|huggingface\.co/)\S{1,500}")
_MARKED = re.compile(r"\\(?:text(?:bf|it|tt|sc|sf|rm)?|emph|underline|math(?:bf|rm|tt|it|sf|cal))\s?\{")
_COMMAND = re.compile(r"\\[A-Za-z]{1,20}\s?")
_GREEK = {
    r"\tau": "τ",
    r"\pi": "π",
    r"\chi": "χ",
    r"\alpha": "α",
    r"\beta": "β",
    r"\lambda": "λ",
    r"\mu": "μ",
}
_SIGNS = {"$": "", "{": " ", "}": "» ", "\\": "", "~": " ", "\u2011": "-"}
_TEX = str.maketrans(_SIGNS)
_QUANTITY = re.compile(r"\d+(?:[.,]\d+)*(?:[A-Za-z%]{1,2}|th|bit|fold|x\d+)?")


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that stand in no name although a sentence that begins with them writes them large.
FUNCTION_WORDS = word_set(
    "a about above across after against all along also although among an and any are as at be"
    " because been before being below between both but by can could despite do does due during each"
    " either even every extensive few finally first for from further furthermore given has have hence"
    " here how however i if in indeed instead into is it its last many may moreover most much must my"
    " nor not of often on one only or our overall over per rather recent recently second several should"
    " since so some specifically still such than that the their them then there thereby therefore these"
    " they third this those three through thus to toward towards two under unlike until up upon us using"
    " via was we were what when where whether which while who whose why will with within without would"
    " yet you your"
)
_ADJECTIVAL = re.compile(
    r"(?:ed|ing|ive|al|like|style|free|aware|wise|level|scale|specific|agnostic|only|centric|shot|rich|time)$"
)


@dataclass(frozen=True, slots=True)
class Words:
    """words[n] stands between gaps[n] and gaps[n + 1]."""

    words: list[str]
    lower: list[str]
    gaps: list[str]
    shapes: str  # a sign for each word
    begins: list[bool]  # whether a sentence begins with the word
    starts: list[int]  # places of the words with which one begins
    marks: list[int]  # places of gaps with other signs than spaces, commas and full stops


class _Shapes(dict[str, str]):
    """Remembers the look of a word, up to a limit."""

    def __missing__(self, word: str) -> str:
        shape = shape_of(word)
        if len(self) < MOST_KEPT and len(word) <= LONGEST_KEPT:
            self[word] = shape
        return shape


_shapes = _Shapes()


@lru_cache(maxsize=8)  # the readings of one paper begin with the same two texts
def words_of(text: str) -> Words:
    """The words of a text, without its addresses and TeX commands.

    >>> words_of("We present \\\\textbf{LoRA}: it adapts.").gaps
    ['', ' ', ' «', '» : ', ' ', '.']
    """
    parts = _WORD.split(tidied(text[:MOST_CHARACTERS]))
    gaps, words = parts[0::2], parts[1::2]
    odd = [place for place, gap in enumerate(gaps[:-1]) if gap != " "]
    starts = [0][: len(words)] + [place for place in odd if place and _ends_sentence(gaps[place])]
    begins = [False] * len(words)
    for place in starts:
        begins[place] = True
    marks = [place for place in odd if gaps[place] not in _ORDINARY]
    # most words are small, and told apart from the rest faster than they are remembered
    shapes = "".join([PLAIN if word.islower() and word.isalpha() else _shapes[word] for word in words])
    return Words(words, [word.lower() for word in words], gaps, shapes, begins, starts, marks)


def _ends_sentence(gap: str) -> bool:
    return "." in gap or "?" in gap or "!" in gap


def tidied(text: str) -> str:
    """Without addresses and with TeX's marks for bold and the like as «»."""
    if "http" in text or "www." in text or ".co" in text:
        text = _ADDRESS.sub(" ", text)
    if "\\" in text:
        text = without_accent_commands(text)
        text = _MARKED.sub("«", text)
        for command, sign in _GREEK.items():
            text = text.replace(command, sign)
        text = _COMMAND.sub(" ", text)
    if "'s " in text or "’s " in text:
        text = text.replace("'s ", " ").replace("’s ", " ")
    return text.translate(_TEX) if any(sign in text for sign in _SIGNS) else text


def shape_of(word: str) -> str:
    """
    >>> "".join(map(shape_of, ("deep", "The", "Titans", "Self-Attention", "GPT-4", "LLM-based", "8B")))
    'aaCCNxd'
    """
    if len(word) < 2 or word.lower() in FUNCTION_WORDS:
        return NUMBER if word.isdigit() else PLAIN
    if _QUANTITY.fullmatch(word):
        return NUMBER
    if word.islower():
        return NAMED if "@" in word or _has_digit_inside(word) else PLAIN
    parts = word.split("-")
    if len(parts) > 1 and parts[-1].islower() and _ADJECTIVAL.search(parts[-1]):
        return ADJECTIVE
    if any(_is_named(part) for part in parts):
        return NAMED
    return CAPITAL if word[0].isupper() else PLAIN


def _has_digit_inside(word: str) -> bool:
    return word[0].isalpha() and "-" not in word and not word.isalpha()


def _is_named(part: str) -> bool:
    """A capital after the first sign, or a capital beside a digit: LoRA, T5, CLIP."""
    return part[1:] != part[1:].lower() or (part != part.lower() and not part.isalpha())
