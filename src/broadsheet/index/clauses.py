"""Turns a query as it was read into one of Tantivy's. Knows the fields of the schema and what they weigh."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

import tantivy
from tantivy import FieldType, Occur, Query

from broadsheet.index.analysis import COMMON, PLAIN, STEMMED, telling, terms
from broadsheet.index.base import Asked, Filters
from broadsheet.index.forms import joined, parted, spelled
from broadsheet.index.grammar import AnyOf, Every, Free, Ids, Node, Not, Only, Submitted, Text
from broadsheet.index.query import beside, is_free
from broadsheet.index.vocabulary import Vocabulary

EPOCH = date(1970, 1, 1)
UNDATED = -1_000_000
AUTHOR_WEIGHT = 1.0
SHORT_PAIR_WEIGHT = 0.5  # "gpt 4", "k nn": two words of which one says little alone
PAIR_WEIGHT = 0.03  # "few shot" finds "fewshot" too, without counting "few-shot" twice
NAMELIKE = 20  # a word this many times rarer among names than in texts is no name
MOST_POSTINGS = 300_000  # entries of words that a search goes through, 7 to 10 ns each: some 3 ms,
ALWAYS_ASKED = 2  # but for its rarest words, which are looked for however common they are
MOST_CATEGORIES = 200  # of one archive; physics has 22
MOST_PLACES = 1_000_000  # papers whose places are compared, 0.1 us each
COMMON_STEMS = frozenset(stem for word in COMMON for stem in terms(word))
MISSED_NAMES = 2  # further words between the parts of a name: "Christopher D. Manning"


@dataclass(slots=True)
class Budget:
    """What phrases may cost: for every paper that holds all their words the places must be compared."""

    left: int = MOST_PLACES
    is_spent: bool = False  # a phrase was too much

    def has(self, papers: int) -> bool:
        if papers > self.left:
            self.is_spent = True
            return False
        self.left -= papers
        return True


@dataclass(frozen=True, slots=True)
class Clauses:
    """Makes one query for one state of the index: what is known there decides what is worth asking."""

    schema: tantivy.Schema
    vocabulary: Vocabulary
    budget: Budget = field(default_factory=Budget)
    is_bounded: bool = False  # words too common to go through are left out
    is_excluding: bool = False  # within what is to be left out

    def of(self, asked: Asked, *, needs_all: bool = False) -> Query:
        """Strict parts must occur; of the telling words one must, or all (for orders that do not rank)."""
        must = self.allowing(asked)
        if needs_all:
            return _all_of([*must, *self.holding_all(asked)])
        should = self.ranking(asked)
        if not must:
            return Query.boolean_query(should)
        if should and all(isinstance(node, Not) for node in _strict(asked)):
            return Query.boolean_query([(Occur.Must, Query.boolean_query(should)), *must])
        return Query.boolean_query([*must, *should])

    def allowing(self, asked: Asked) -> list[tuple[Occur, Query]]:
        """What each paper must fulfil."""
        strict = [(Occur.Must, self._node(node)) for node in _strict(asked)]
        return strict + [(Occur.Must, query) for query in self._filters(asked.filters)]

    def holding_all(self, asked: Asked) -> list[tuple[Occur, Query]]:
        """Every telling word that stands free."""
        return [(Occur.Must, self._text(Text(text))) for text in _telling_texts(_free_texts(asked))]

    def ranking(self, asked: Asked) -> list[tuple[Occur, Query]]:
        return [(Occur.Should, query) for query in self._ranking(_free_texts(asked))]

    def _ranking(self, texts: Sequence[str]) -> Iterator[Query]:
        """One term for each telling word that is looked for, and the names among them."""
        words = [word for text in texts for word in terms(text, PLAIN)]
        told = list(dict.fromkeys(telling(words)))
        for stem, weight in self._affordable(self._stems(words)).items():
            yield _boosted(self._term("text", stem), weight)
        names = [word for word in told if self._is_namelike(word)]
        for name in names:
            yield _boosted(self._term("authors", name), AUTHOR_WEIGHT)
        for first, last in dict.fromkeys(pairwise(words)):
            if first in names and last in names:
                yield self._in_order(f"{first} {last}", "authors", slop=MISSED_NAMES)
        for text in texts:
            if (parts := parted(text)) and not self.vocabulary.count("text", _stem(text)):
                yield self._in_order(parts, "text")

    def _stems(self, words: Sequence[str]) -> dict[str, float]:
        """What to look for in texts, and its weight."""
        stems = {_stem(word): 1.0 for word in telling(words)}
        for pair, weight in _pairs(words):
            stem = _stem(pair)
            if stem not in stems and self.vocabulary.count("text", stem):
                stems[stem] = weight
        return stems

    def _affordable(self, stems: Mapping[str, float]) -> Mapping[str, float]:
        """Without the most common words, where all together would take too long: they tell least, and the
        close reading counts them."""
        if not self.is_bounded:
            return stems
        kept: dict[str, float] = {}
        words = postings = 0
        for count, stem in sorted((self.vocabulary.count("text", stem), stem) for stem in stems):
            postings += count
            if words >= ALWAYS_ASKED and postings > MOST_POSTINGS:
                break
            words += count > 0 and stems[stem] == 1.0
            kept[stem] = stems[stem]
        return kept

    def leaves_out(self, asked: Asked) -> bool:
        """Whether words were too common to be looked for."""
        stems = self._stems([word for text in _free_texts(asked) for word in terms(text, PLAIN)])
        kept = self._affordable(stems)
        return any(weight == 1.0 and stem not in kept for stem, weight in stems.items())

    def _is_namelike(self, word: str) -> bool:
        papers = self.vocabulary.count("authors", word)
        return papers > 0 and self.vocabulary.count("text", _stem(word)) <= papers * NAMELIKE

    def _node(self, node: Node) -> Query:
        match node:
            case Text():
                return self._text(node)
            case Only() | Ids() | Submitted():
                return self._only(node)
            case Not(inner):
                excluded = AnyOf(_needed(inner)) if isinstance(inner, Free) else inner
                return _all_of([(Occur.MustNot, replace(self, is_excluding=True)._node(excluded))])
            case AnyOf(nodes):
                return Query.boolean_query([(Occur.Should, self._node(one)) for one in nodes])
            case Every(nodes):
                return _all_of([(Occur.Must, self._node(one)) for one in nodes])
            case Free():
                return _all_of([(Occur.Must, self._node(one)) for one in _needed(node)])

    def _only(self, node: Only | Ids | Submitted) -> Query:
        match node:
            case Ids(paper_ids):
                return self.among(paper_ids)
            case Submitted(first, last):
                within = Query.range_query(self.schema, "submitted", FieldType.Integer, first, last)
                return _unranked(within)
            case Only(filters):
                return _all_of([(Occur.Must, query) for query in self._filters(filters)])

    def _text(self, text: Text) -> Query:
        """Must occur: a word of several terms as a phrase, or written as one."""
        if text.field == "author":
            return self._author(text.text)
        if text.field in ("title", "comments", "journal"):
            return self._said(text, text.field)
        if text.field == "abstract":
            alone = [self._term("title_alone", term) for term in dict.fromkeys(terms(text.text))]
            excluded = [(Occur.MustNot, query) for query in alone]
            return Query.boolean_query([(Occur.Must, self._said(text, "text")), *excluded])
        return Query.boolean_query(
            [
                (Occur.Should, self._said(text, "text")),
                (Occur.Should, self._in_order(text.text, "authors")),
            ]
        )

    def _said(self, text: Text, field: str) -> Query:
        forms = [self._in_order(text.text, field)]
        if not text.is_phrase:
            forms += [self._in_order(word, field) for word in joined(spelled(text.text))]
            forms += [self._in_order(parts, field) for parts in [parted(text.text)] if parts]
        return Query.boolean_query([(Occur.Should, form) for form in forms])

    def _author(self, name: str) -> Query:
        """One name, as "Geoffrey Hinton" or "Hinton, Geoffrey"."""
        last, comma, first = name.partition(",")
        return self._in_order(f"{first} {last}" if comma else name, "authors", slop=MISSED_NAMES)

    def _in_order(self, text: str, field: str, slop: int = 0) -> Query:
        """The words one after the other. Beyond the budget all of them, or nothing that is to be left out."""
        wanted = list(enumerate(terms(text, PLAIN if field == "authors" else STEMMED)))
        if not wanted:
            return Query.empty_query()
        if len(wanted) == 1:
            return self._term(field, wanted[0][1])
        if field != "authors":
            wanted = _without_common(wanted)
        words = [term for _, term in wanted]
        if self.budget.has(self.vocabulary.of_the_rarest(field, words)):
            first = wanted[0][0]
            placed: list[str | tuple[int, str]] = [(place - first, term) for place, term in wanted]
            return Query.phrase_query(self.schema, field, placed, slop=slop)
        if self.is_excluding:
            return Query.empty_query()
        return _all_of([(Occur.Must, self._term(field, term)) for term in words])

    def _filters(self, filters: Filters) -> Iterator[Query]:
        """They let through and do not rank."""
        if filters.categories:
            known = [name for asked in filters.categories for name in self._within(asked)]
            named = [(Occur.Should, self._term("category", name)) for name in dict.fromkeys(known)]
            yield _unranked(Query.boolean_query(named))
        if filters.since or filters.until:
            first = (filters.since - EPOCH).days if filters.since else UNDATED + 1
            last = (filters.until - EPOCH).days if filters.until else None
            yield _unranked(Query.range_query(self.schema, "day", FieldType.Integer, first, last))
        if filters.has_code is not None:
            yield _unranked(self._term("has_code", filters.has_code))

    def _within(self, name: str) -> list[str]:
        """A category, or all of an archive: "cs" stands for "cs.LG" and the others."""
        below = [] if "." in name else self.vocabulary.beginning("category", f"{name}.", MOST_CATEGORIES)
        return [name, *(category for category, _ in below)]

    def among(self, paper_ids: Sequence[int]) -> Query:
        """A list of single terms: a set of 200 as one takes Tantivy seven times as long."""
        ids = [(Occur.Should, self._term("id", paper_id)) for paper_id in dict.fromkeys(paper_ids)]
        return _unranked(Query.boolean_query(ids))

    def _term(self, field: str, value: str | int | bool) -> Query:
        return Query.term_query(self.schema, field, value)


def _without_common(wanted: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Of the words of every text only the places count, where two others stand beside them: looking for "of
    the" takes ten times as long as for the rest."""
    told = [one for one in wanted if one[1] not in COMMON_STEMS]
    return told if len(told) > 1 else wanted


def _strict(asked: Asked) -> list[Node]:
    return [node for node in _parts(asked) if not is_free(node)]


def _free_texts(asked: Asked) -> list[str]:
    return [node.text for node in _parts(asked) if isinstance(node, Text) and is_free(node)]


def _parts(asked: Asked) -> tuple[Node, ...]:
    return beside(asked.tree if isinstance(asked.tree, Node) else None)


def _stem(word: str) -> str:
    return (terms(word) or [word])[0]


def _telling_texts(texts: Sequence[str]) -> list[str]:
    told = [text for text in dict.fromkeys(texts) if set(terms(text, PLAIN)) - COMMON]
    return told or list(dict.fromkeys(texts))


def _needed(group: Free) -> tuple[Node, ...]:
    """What stands in a bracket, without the words of every text."""
    told = tuple(
        node
        for node in group.nodes
        if not (isinstance(node, Text) and is_free(node) and COMMON.issuperset(terms(node.text, PLAIN)))
    )
    return told or group.nodes


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, float]]:
    for first, second in pairwise(words):
        if not {first, second} & COMMON and not first.isdigit():
            is_short = len(first) <= 2 or len(second) <= 2 or second.isdigit()
            yield first + second, SHORT_PAIR_WEIGHT if is_short else PAIR_WEIGHT


def _boosted(query: Query, weight: float) -> Query:
    return query if weight == 1.0 else Query.boost_query(query, weight)


def _unranked(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _all_of(clauses: list[tuple[Occur, Query]]) -> Query:
    """Clauses that only exclude need something to exclude from."""
    if not any(occur is not Occur.MustNot for occur, _ in clauses):
        clauses = [(Occur.Must, _unranked(Query.all_query())), *clauses]
    return Query.boolean_query(clauses)
