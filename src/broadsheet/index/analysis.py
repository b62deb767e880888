"""How text becomes terms. A change here needs a new SCHEMA_VERSION: old indexes are then rebuilt."""

import tantivy

SCHEMA_VERSION = 1
STEMMED = "stemmed"
PLAIN = "plain"
LONGEST_TERM = 60  # bytes; longer ones are formulas or noise


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
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)  # days since 1970, for the newest first
    builder.add_text_field("text", tokenizer_name=STEMMED, index_option="position")
    builder.add_text_field("title", tokenizer_name=STEMMED, index_option="position")
    builder.add_text_field("authors", tokenizer_name=PLAIN, index_option="position")
    builder.add_text_field("category", tokenizer_name="raw", index_option="basic")
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
    return list(ANALYZERS[analyzer].analyze(text))
