"""Everything that is read of one paper. Raise VERSION whenever one of the readers in use reads otherwise."""

from broadsheet.domain.reading import Reading
from broadsheet.enrich.readings.claims import read_claims
from broadsheet.enrich.readings.keywords import read_keywords
from broadsheet.enrich.readings.kinds import read_kind
from broadsheet.enrich.readings.links import read_links
from broadsheet.enrich.readings.names import read_names
from broadsheet.enrich.readings.summary import read_one_line

VERSION = "readings-1"  # kept with each reading: what another version has read is read again


def read(title: str, abstract: str) -> Reading:
    """Whatever the text is, this neither raises nor takes longer than its length allows."""
    names = read_names(title, abstract)
    claims, sizes = read_claims(title, abstract)
    return Reading(
        kind=read_kind(title, abstract, names),
        names=names,
        claims=claims,
        sizes=sizes,
        links=read_links(title, abstract, names),
        one_line=read_one_line(title, abstract),
        keywords=read_keywords(title, abstract),
    )
