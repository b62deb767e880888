"""Reads a search_query of arXiv's query API into a tree of the index.

    any    = every ((OR | nothing) every)*        terms beside each other: any of them, as at arXiv
    every  = single ((AND | ANDNOT | AND NOT) single)*
    single = [field:] (word | "phrase" | "(" any ")" | [from TO to])

The search box has another language: words that stand beside each other rank there, and need not occur.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from broadsheet.deliver.named import BadArgument
from broadsheet.domain.categories import NAMES
from broadsheet.domain.ids import find_key
from broadsheet.index.base import Filters
from broadsheet.index.grammar import AnyOf, Every, Ids, Node, Not, Only, Submitted, Text
from broadsheet.lib.text import shortened

FIELD = "search_query"
LONGEST = 4_000  # characters
MOST_TERMS = 60
DEEPEST = 12  # brackets within brackets
FIELDS = ("ti", "au", "abs", "co", "jr", "cat", "rn", "id", "all", "submittedDate")
_TOKEN = re.compile(
    rf"""(?P<field>(?:{"|".join(FIELDS)}):[ ]*)
    | "(?P<phrase>[^"]*)"
    | (?P<range>\[[^\]]*\])
    | (?P<sign>[()])
    | (?P<operator>(?:AND\s+NOT|ANDNOT|AND|OR|NOT)(?=[\s(]|$))
    | (?P<word>[^\s"()\[\]]+)
    | (?P<stray>["\[\]])""",
    re.VERBOSE,
)
_RANGE = re.compile(r"\[\s*(\*|\d{4,14})\s+TO\s+(\*|\d{4,14})\s*\]", re.ASCII)
_UNKNOWN = re.compile(r"([A-Za-z_]{2,20}):(?=[\w\"(\[])")
_ENDLESS = 10**11  # seconds
_EXAMPLE = "as in au:del_maestro AND ti:checkerboard"

NOTHING = Ids(())
_SPELLED = {name.lower(): name for name in NAMES}
PaperIds = Callable[[str], int | None]  # of a key


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_CLOSING = _Token("sign", ")")


def read_query(text: str, paper_of: PaperIds) -> Node | None:
    """None where no word is left that could find anything. Raises BadArgument."""
    if len(text) > LONGEST:
        raise BadArgument(FIELD, f"{len(text)} characters", f"at most {LONGEST:,} characters")
    parser = _Parser(_tokens(text), paper_of)
    return parser.whole()


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "stray":
            raise BadArgument(FIELD, match[0], "quotation marks and square brackets in pairs")
        told = match["phrase"] if kind == "phrase" else match[0].strip(": ") if kind == "field" else match[0]
        if kind == "word" and (unknown := _UNKNOWN.match(told)):
            raise BadArgument(FIELD, unknown[1], f"one of the fields {', '.join(FIELDS)}, {_EXAMPLE}")
        is_split = kind == "operator" and told.endswith("NOT") and told != "NOT"  # "AND NOT"
        found.append(_Token(kind, "ANDNOT" if is_split else told))
    return found


@dataclass
class _Parser:
    tokens: Sequence[_Token]
    paper_of: PaperIds
    _place: int = 0
    _depth: int = 0
    _terms: int = 0

    def whole(self) -> Node | None:
        found = self._any("all")
        if self._place < len(self.tokens):
            raise self._refused("brackets in pairs")
        return found

    def _any(self, field: str) -> Node | None:
        nodes = [self._every(field)]
        while (token := self._next()) and token != _CLOSING:
            if token == _Token("operator", "OR"):
                self._place += 1
            nodes.append(self._every(field))
        return _grouped(AnyOf, nodes)

    def _every(self, field: str) -> Node | None:
        """What is left out must leave something: without a word that could be found nothing is."""
        wanted, left_out = [self._single(field)], list[Node | None]()
        while (token := self._next()) and token.kind == "operator" and token.text != "OR":
            if token.text == "NOT":
                raise self._refused("AND, OR or ANDNOT")
            self._place += 1
            (left_out if token.text == "ANDNOT" else wanted).append(self._single(field))
        found = _grouped(Every, wanted)
        return _grouped(Every, [found, *(Not(node) for node in left_out if node)]) if found else None

    def _single(self, field: str) -> Node | None:
        token = self._next()
        if token and token.kind == "field":
            self._place, field = self._place + 1, token.text
            token = self._next()
        if token is None or token.kind in ("operator", "field") or token == _CLOSING:
            raise self._refused("a term")
        self._place += 1
        if token.kind == "sign":
            return self._bracket(field)
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise BadArgument(FIELD, f"{self._terms} terms", f"at most {MOST_TERMS} terms")
        return _leaf(token, field, self.paper_of)

    def _bracket(self, field: str) -> Node | None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadArgument(FIELD, "(" * self._depth, f"brackets within brackets at most {DEEPEST} deep")
        found = self._any(field)
        self._depth -= 1
        if self._next() != _CLOSING:
            raise self._refused("a closing bracket")
        self._place += 1
        return found

    def _next(self) -> _Token | None:
        return self.tokens[self._place] if self._place < len(self.tokens) else None

    def _refused(self, expected: str) -> BadArgument:
        token = self._next()
        return BadArgument(FIELD, token.text if token else "its end", f"{expected}, {_EXAMPLE}")


def _grouped(group: type[AnyOf | Every], nodes: Sequence[Node | None]) -> Node | None:
    kept = tuple(node for node in nodes if node is not None)
    return group(kept) if len(kept) > 1 else next(iter(kept), None)


def _leaf(token: _Token, field: str, paper_of: PaperIds) -> Node | None:
    if (token.kind == "range") != (field == "submittedDate"):
        expected = "submittedDate:[202301010600 TO 202401010600]"
        raise BadArgument(FIELD, f"{field}:{shortened(token.text, 40)}", f"a range like {expected}")
    if token.kind == "range":
        return _submitted(token.text)
    if field == "cat":
        return _category(token.text)
    if field == "id":
        return _paper(token.text, paper_of)
    return _text(token, field)


def _text(token: _Token, field: str) -> Node | None:
    if field == "rn":
        return NOTHING  # report numbers are told by no source of ours
    words = token.text.strip().rstrip("*")
    if not any(sign.isalnum() for sign in words):
        return None
    if field == "au":
        return _author(words)
    is_phrase = token.kind == "phrase" or "_" in words
    texts = [Text(words.replace("_", " "), name, is_phrase) for name in _NAMES[field]]
    is_category = field == "all" and words.lower() in _SPELLED and not words.isalpha()  # "math" is a word
    return _grouped(AnyOf, [*texts, _category(words)] if is_category else texts)


_NAMES: Mapping[str, tuple[str, ...]] = {
    "ti": ("title",), "abs": ("abstract",), "co": ("comments",), "jr": ("journal",),
    "all": ("", "comments", "journal"),
}  # fmt: skip


def _author(words: str) -> Node:
    """As at arXiv, the parts of a name in either order: del_maestro, hinton_geoffrey, "Geoffrey Hinton"."""
    parts = [part for part in re.split(r"[_\s,]+", words) if part]
    full = [
        part for part in parts if len(part.strip(".")) > 1
    ] or parts  # lecun_y: of initials no index knows
    orders = [full, [*full[1:], full[0]], [full[-1], *full[:-1]]]
    names = dict.fromkeys(" ".join(order) for order in orders)
    return AnyOf(tuple(Text(name, "author", True) for name in names)) if len(names) > 1 else _one(names)


def _one(names: Mapping[str, None]) -> Text:
    return Text(next(iter(names)), "author", True)


def _category(text: str) -> Node:
    """cat:cs.LG, and cat:cs.* for a whole archive. At arXiv cat:cs alone finds nothing; here it is cs.*."""
    name = text.strip().rstrip("*").rstrip(".")
    return Only(Filters(categories=(_SPELLED.get(name.lower(), name),)))


def _paper(text: str, paper_of: PaperIds) -> Node:
    key = find_key(text)
    paper_id = paper_of(key) if key else None
    return Ids((paper_id,)) if paper_id else NOTHING


def _submitted(text: str) -> Node:
    found = _RANGE.fullmatch(text)
    if not found:
        raise BadArgument(FIELD, text, "a range like submittedDate:[202301010600 TO 202401010600]")
    first, last = _second(found[1], is_last=False), _second(found[2], is_last=True)
    return Submitted(first, last)


def _second(text: str, *, is_last: bool) -> int:
    """The first second of YYYYMMDDHHMM in GMT since 1970, or the last; so, too, of a day alone."""
    if text == "*":
        return _ENDLESS if is_last else -_ENDLESS
    whole = text + ("2359" if is_last else "0000") if len(text) == len("YYYYMMDD") else text[:12]
    try:
        at = datetime.strptime(whole, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadArgument(FIELD, text, "a time like 202301010600, or a day like 20230101") from error
    return int(at.timestamp()) + (59 if is_last else 0)
