"""How text becomes terms. A change here or in forms.py needs a new SCHEMA_VERSION, which rebuilds."""

import re
from collections.abc import Iterable
from functools import lru_cache

import tantivy

from broadsheet.index.forms import spelled

SCHEMA_VERSION = 5
STEMMED = "stemmed"
PLAIN = "plain"
LONGEST_TERM = 60  # bytes; longer ones are formulas or noise
COMMON = frozenset(  # in nearly every text: each alone would find the whole store
    re.findall(
        r"\w+", "a an and are as at be by for from in is it not of on or that the their this to via we with"
    )
)


def _analyzer(stems: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(LONGEST_TERM))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    return (builder.filter(tantivy.Filter.stemmer("english")) if stems else builder).build()


ANALYZERS = {STEMMED: _analyzer(True), PLAIN: _analyzer(False)}


def schema() -> tantivy.Schema:
    """`text` joins title and all the rest: one joined field ranks far better than a sum of two."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("day", fast=True)  # days since 1970, for the newest first
    builder.add_text_field("text", tokenizer_name=STEMMED, index_option="position")
    builder.add_text_field("title", tokenizer_name=STEMMED, index_option="position")
    builder.add_text_field("title_alone", tokenizer_name=STEMMED, index_option="basic")  # and nowhere else
    builder.add_text_field("title_words", tokenizer_name=PLAIN, index_option="basic")  # how words are spelled
    builder.add_text_field("authors", tokenizer_name=PLAIN, index_option="position")
    builder.add_text_field("category", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("comments", tokenizer_name=STEMMED, index_option="position")
    builder.add_text_field("journal", tokenizer_name=STEMMED, index_option="position")
    builder.add_integer_field("submitted", fast=True)  # seconds since 1970
    builder.add_integer_field("updated", fast=True)  # seconds since 1970
    builder.add_boolean_field("has_code", indexed=True, fast=True)
    return builder.build()


def register(index: tantivy.Index) -> tantivy.Index:
    """Analysers are not kept in the index: each open needs them again."""
    for name, analyzer in ANALYZERS.items():
        index.register_tokenizer(name, analyzer)
    return index


def terms(text: str, analyzer: str = STEMMED) -> list[str]:
    """
    >>> terms("Vision Transformers")
    ['vision', 'transform']
    """
    return list(
        _terms(text, analyzer) if len(text) < LONGEST_TERM else ANALYZERS[analyzer].analyze(spelled(text))
    )


@lru_cache(maxsize=20_000)  # a word of a query is asked for ten times until it is answered
def _terms(word: str, analyzer: str) -> tuple[str, ...]:
    return tuple(ANALYZERS[analyzer].analyze(spelled(word)))


def telling(words: Iterable[str]) -> list[str]:
    """The words that tell something: those of every text only when nothing else was asked.

    >>> telling(["attention", "is", "all"]), telling(["is", "it"])
    (['attention', 'all'], ['is', 'it'])
    """
    told = list(words)
    return [word for word in told if word not in COMMON] or told
