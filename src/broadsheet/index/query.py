"""Reads what a reader typed: words, and phrases in quotes. It never fails; stray signs are ignored."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from broadsheet.index.analysis import PLAIN, terms

LONGEST = 1_000  # characters of a query that are read
MOST_TERMS = 60
TITLE_WEIGHT = 0.4  # beside 1 for the joined field, which holds the title too
AUTHOR_WEIGHT = 0.6
COMMON = frozenset(  # in nearly every text: each alone would find the whole store
    re.findall(
        r"\w+", "a an and are as at be by for from in is it not of on or that the their this to via we with"
    )
)
_PHRASE = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Asked:
    words: tuple[str, ...]  # plain, as typed, for marking them in results
    phrases: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.words and not self.phrases


def read(text: str) -> Asked:
    """
    >>> read('attention "graph neural" "unclosed')
    Asked(words=('attention', 'unclosed'), phrases=('graph neural',))
    """
    text = text[:LONGEST]
    phrases = tuple(phrase for phrase in _PHRASE.findall(text) if terms(phrase))
    words = tuple(dict.fromkeys(terms(_PHRASE.sub(" ", text), PLAIN)))
    return Asked(words[:MOST_TERMS], phrases[:MOST_TERMS])


def telling(words: Iterable[str]) -> list[str]:
    """The words that tell something: those of every text only when nothing else was asked.

    >>> telling(["attention", "is", "all"]), telling(["is", "it"])
    (['attention', 'all'], ['is', 'it'])
    """
    told = list(words)
    return [word for word in told if word not in COMMON] or told


def build(asked: Asked, schema: tantivy.Schema, *, needs_all: bool) -> Query:
    """Phrases must occur; of the telling words one must, or all (for orders that do not rank by them).

    Words of every text help to rank what the others found, and find nothing by themselves: "the spin"
    asks for spin, but "The spin of the electron" comes before other papers on spin.
    """
    told = telling(asked.words)
    clauses = [(Occur.Must, _phrase(phrase, schema)) for phrase in asked.phrases]
    words = [(word, _word(word, schema)) for word in asked.words]
    if needs_all:
        clauses += [(Occur.Must, query) for word, query in words if word in told]
    elif told:
        any_of = Query.boolean_query([(Occur.Should, query) for word, query in words if word in told])
        clauses.append((Occur.Should if asked.phrases else Occur.Must, any_of))
    clauses += [(Occur.Should, query) for word, query in words if word not in told]
    return Query.boolean_query(clauses)


def _word(word: str, schema: tantivy.Schema) -> Query:
    stem = (terms(word) or [word])[0]
    return Query.boolean_query(
        [
            (Occur.Should, Query.term_query(schema, "text", stem)),
            (Occur.Should, Query.boost_query(Query.term_query(schema, "title", stem), TITLE_WEIGHT)),
            (Occur.Should, Query.boost_query(Query.term_query(schema, "authors", word), AUTHOR_WEIGHT)),
        ]
    )


def _phrase(phrase: str, schema: tantivy.Schema) -> Query:
    return Query.boolean_query(
        [
            (Occur.Should, _terms_in_order(terms(phrase), "text", schema)),
            (Occur.Should, _terms_in_order(terms(phrase, PLAIN), "authors", schema)),
        ]
    )


def _terms_in_order(wanted: list[str], field: str, schema: tantivy.Schema) -> Query:
    if len(wanted) == 1:
        return Query.term_query(schema, field, wanted[0])
    return Query.phrase_query(schema, field, list(wanted))
