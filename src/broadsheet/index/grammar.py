"""Cuts a query into signs and words and reads them into a tree. It fails on nothing: stray signs are ignored.

    free   = any*                    words beside each other
    any    = every (OR every)*
    every  = single (AND single)*
    single = (NOT | - | +)* (word | "phrase" | field:single | "(" free ")")

A parser of our own: those that can be had (luqum, Lucene's and Tantivy's grammars) raise on a stray sign.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from broadsheet.index.base import Filters
from broadsheet.index.fields import FILTER_FIELDS, TEXT_FIELDS, read_filter

MOST_TERMS = 60
MOST_PHRASES = 8  # each is looked for in the places of its words, which takes milliseconds
DEEPEST = 8  # brackets within brackets; deeper ones are ignored
FIELDS = {**TEXT_FIELDS, **FILTER_FIELDS}
_FILTERS = frozenset(FILTER_FIELDS.values())
_OPERATORS = ("AND", "OR", "NOT", "-", "+")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TOKEN = re.compile(
    rf"""(?P<field>(?<![^\s("+-])(?:{"|".join(FIELDS)}):(?P<gap>[ ]*))
    | "(?P<phrase>[^"]*)"
    | (?P<nothing>(?<![^\s(])et[ ]+al\b\.?(?![^\s),;]))
    | (?P<bracket>[()])
    | (?P<operator>(?<![^\s()])(?:AND|OR|NOT)(?![^\s()"])|(?<![^\s(])[-+](?=[\w"(])(?![a-z]?\d))
    | (?P<word>[^\s"()]+)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Text:
    """A word as typed, which may be several to the index, or a phrase."""

    text: str
    field: str = ""  # "title", "abstract", "author", "comments", "journal", or in title, text and names
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Only:
    filters: Filters


@dataclass(frozen=True, slots=True)
class Not:
    node: "Node"


@dataclass(frozen=True, slots=True)
class Every:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Free:
    """Words beside each other: some of them should occur."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Ids:
    """One of these papers. No query of a reader holds it; other interfaces make it."""

    paper_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Submitted:
    """First sent in between two seconds since 1970, both included. As `Ids`, for other interfaces."""

    first: int
    last: int


Node = Text | Only | Not | Every | AnyOf | Free | Ids | Submitted


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # "word", "phrase", "field", "operator" or "bracket"
    text: str
    gap: bool = False  # a field with a space after its colon, which may be meant as a word


def tokens(text: str) -> Iterator[Token]:
    """Operators count in capitals only; a minus before a number ("-5", "-O3") takes nothing away."""
    for found in _TOKEN.finditer(text.translate(_QUOTES)):
        kind = str(found.lastgroup)
        if kind == "nothing":  # "Vaswani et al."
            continue
        if kind == "field":
            yield Token("field", found["field"].rstrip(": ").lower(), bool(found["gap"]))
        elif kind == "operator" and found[0] not in _OPERATORS:
            yield Token("word", found[0])
        else:
            yield Token(kind, found["phrase"] if kind == "phrase" else found[0])


@dataclass
class Parser:
    tokens: list[Token]
    notes: list[str] = field(default_factory=list)
    _place: int = 0
    _terms: int = 0
    _phrases: int = 0
    _depth: int = 0

    def whole(self) -> Node | None:
        nodes = []
        while self._place < len(self.tokens):
            nodes.append(self.free())
            self._take(")")  # a stray one
        return grouped(Free, nodes)

    def free(self, name: str = "") -> Node | None:
        nodes = []
        while self._place < len(self.tokens) and not self._next_is(")"):
            nodes.append(self._any_of(name))
        return grouped(Free, nodes)

    def _any_of(self, name: str) -> Node | None:
        nodes = [self._every(name)]
        while self._take("OR"):
            nodes.append(self._every(name))
        return grouped(AnyOf, nodes)

    def _every(self, name: str) -> Node | None:
        nodes = [self._single(name)]
        while self._take("AND"):
            nodes.append(self._single(name))
        return grouped(Every, nodes)

    def _single(self, name: str) -> Node | None:
        is_not = is_needed = False
        while operator := self._take(*_OPERATORS):
            is_not ^= operator in ("NOT", "-")
            is_needed |= operator == "+"
        node = self._operand(name)
        if node is None:
            return None
        if is_not:
            return Not(node)
        return Every((node,)) if is_needed else node

    def _operand(self, name: str) -> Node | None:
        if self._place >= len(self.tokens) or self._next_is(")"):
            return None
        token = self.tokens[self._place]
        self._place += 1
        if token.kind == "field":
            return self._field(token)
        if token.kind == "bracket":
            return self._bracket(name)
        return self._leaf(token, name)

    def _bracket(self, name: str) -> Node | None:
        if self._depth == DEEPEST:
            return None  # the bracket, not what stands in it
        self._depth += 1
        node = self.free(name)
        self._depth -= 1
        self._take(")")
        return node

    def _field(self, token: Token) -> Node | None:
        following = self.tokens[self._place] if self._place < len(self.tokens) else None
        name = FIELDS[token.text]
        if following is None or following.kind in ("field", "operator") or following.text == ")":
            return self._leaf(Token("word", token.text), "")
        if token.gap and name in _FILTERS and isinstance(read_filter(name, following.text), str):
            return self._leaf(Token("word", token.text), "")  # "to: a new world" asks for no day
        return self._operand(name)

    def _leaf(self, token: Token, name: str) -> Node | None:
        if name in _FILTERS:
            read = read_filter(name, token.text)
            if isinstance(read, str):
                self.notes.append(read)
                return None
            return Only(read)
        self._terms += 1
        if self._terms > MOST_TERMS:
            return None
        self._phrases += token.kind == "phrase"
        if token.kind == "phrase" and self._phrases > MOST_PHRASES:
            return grouped(Every, [Text(word, name) for word in token.text.split()])
        return Text(token.text, name, token.kind == "phrase")

    @property
    def is_cut(self) -> bool:
        return self._terms > MOST_TERMS

    @property
    def has_many_phrases(self) -> bool:
        return self._phrases > MOST_PHRASES

    def _next_is(self, text: str) -> bool:
        token = self.tokens[self._place]
        return token.kind == "bracket" and token.text == text

    def _take(self, *texts: str) -> str | None:
        if self._place < len(self.tokens):
            token = self.tokens[self._place]
            if token.kind in ("operator", "bracket") and token.text in texts:
                self._place += 1
                return token.text
        return None


def grouped(group: type[Free | AnyOf | Every], nodes: list[Node | None]) -> Node | None:
    """Without what was left out or said before; one alone needs no group, and words in brackets are words
    like others."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, group) and group is not Every:
            kept += node.nodes
        elif node is not None:
            kept.append(node)
    if group is not Free and len(once := dict.fromkeys(kept)) < len(kept):
        return (group if len(once) > 1 else Every)(tuple(once))
    return group(tuple(kept)) if len(kept) > 1 else next(iter(kept), None)
