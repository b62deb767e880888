"""Reads what a reader typed: words, phrases, operators, fields. Never fails; says what was left out."""

import re
from collections.abc import Iterator

from broadsheet.domain.ids import find_key
from broadsheet.index.analysis import ANALYZERS, COMMON, PLAIN, telling, terms
from broadsheet.index.base import Asked, Filters
from broadsheet.index.fields import either, merged
from broadsheet.index.forms import without_tex
from broadsheet.index.grammar import (
    MOST_PHRASES,
    MOST_TERMS,
    AnyOf,
    Every,
    Free,
    Node,
    Not,
    Only,
    Parser,
    Text,
    tokens,
)

__all__ = ["read", "telling"]

LONGEST = 1_000  # characters of a query that are read
_TOO_LONG = f"Only the first {LONGEST:,} characters were read."
_TOO_MANY = f"Only the first {MOST_TERMS} words were read."
_MANY_PHRASES = f"Only the first {MOST_PHRASES} phrases were taken as such, the others as words."
_LONE = re.compile("[\ud800-\udfff]")  # halves of characters, which no index takes
_PIECE = re.compile(r"[cf](?:\+\+|#)(?!\w)|\d+(?:[.,]\d+)+|[^\W_]+", re.IGNORECASE)


def read(text: str) -> Asked:
    """
    >>> asked = read('attention "graph neural" "unclosed cat:cs.LG year:never')
    >>> asked.words, asked.phrases, asked.filters.categories
    (('attention', 'unclosed'), ('graph neural',), ('cs.LG',))
    >>> asked.notes
    ('“year:never” was left out: write a year as year:2024, several as year:2024..2026.',)
    """
    kept = _LONE.sub(" ", text[:LONGEST])
    parser = Parser(list(tokens(kept)))
    tree, filters = _without_filters(_pruned(parser.whole()))
    notes = [_TOO_LONG] if len(text) > LONGEST else []
    notes += [_TOO_MANY] if parser.is_cut else []
    notes += [_MANY_PHRASES] if parser.has_many_phrases else []
    notes += [] if find_key(kept) else parser.notes
    told = list(_told(tree))
    return Asked(
        text=kept,
        words=tuple(dict.fromkeys(word for one in told if not one.is_phrase for word in words_of(one.text))),
        phrases=tuple(one.text for one in told if one.is_phrase),
        meaning=" ".join(one.text for one in told if one.field != "author"),
        filters=filters,
        is_strict=not all(is_free(node) for node in beside(tree)),
        notes=tuple(dict.fromkeys(notes)),
        tree=tree,
    )


def words_of(text: str) -> list[str]:
    """The words of a text in lower case and without accents, numbers whole.

    >>> words_of("Few-shot Llama-3.1 in C++, Erdős")
    ['few', 'shot', 'llama', '3.1', 'in', 'c++', 'erdos']
    """
    found = _PIECE.findall(without_tex(text))
    return [piece.lower() if piece.isascii() else "".join(ANALYZERS[PLAIN].analyze(piece)) for piece in found]


def beside(tree: Node | None) -> tuple[Node, ...]:
    """The parts of a query that stand beside each other."""
    if tree is None:
        return ()
    return tree.nodes if isinstance(tree, Free) else (tree,)


def is_free(node: Node) -> bool:
    """A word that may be missing."""
    return isinstance(node, Text) and not (node.field or node.is_phrase)


def _pruned(node: Node | None) -> Node | None:
    """Without texts that hold no term: signs, or a word too long for the index."""
    match node:
        case Text(text, name, is_phrase):
            words = terms(text, PLAIN)
            if is_phrase and len(words) > 1 and COMMON.issuperset(words):
                return Text(text, name)  # "of the" alone would go through the places of every text: 250 ms
            return node if words else None
        case Not(inner):
            kept = _pruned(inner)
            return Not(kept) if kept else None
        case Every(nodes) | AnyOf(nodes) | Free(nodes):
            left = tuple(one for one in map(_pruned, nodes) if one)
            is_needed = isinstance(node, Every) and left
            return type(node)(left) if len(left) > 1 or is_needed else next(iter(left), None)
    return node


def _without_filters(tree: Node | None) -> tuple[Node | None, Filters]:
    """What holds for the whole query is asked of words and meaning alike; the rest stays in the tree."""
    if isinstance(tree, Every):
        rest, filters = _split(tree.nodes)
        return (Every(rest) if rest else None), filters
    rest, filters = _split(beside(tree))
    return (Free(rest) if len(rest) > 1 else next(iter(rest), None)), filters


def _split(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], Filters]:
    rest, filters = [], Filters()
    for node in nodes:
        asked = _filter(node)
        both = merged(filters, asked) if asked else None
        if both is None:
            rest.append(node)
        else:
            filters = both
    return tuple(rest), filters


def _filter(node: Node) -> Filters | None:
    match node:
        case Only(filters):
            return filters
        case Every((Only(filters),)):
            return filters
        case Not(Only(Filters(has_code=True) as filters)) if filters == Filters(has_code=True):
            return Filters(has_code=False)
        case AnyOf((Only(first), *others)):
            for other in others:
                both = either(first, other.filters) if isinstance(other, Only) else None
                if both is None:
                    return None
                first = both
            return first
    return None


def _told(node: Node | None) -> Iterator[Text]:
    """What should occur, in its order."""
    match node:
        case Text():
            yield node
        case Every(nodes) | AnyOf(nodes) | Free(nodes):
            for one in nodes:
                yield from _told(one)
