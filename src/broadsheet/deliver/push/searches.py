"""Writes a webhook's choices as a query, so that the site shows what a message has no room for."""

from broadsheet.domain.interest import Interest


def query_of(interest: Interest) -> str:
    """What is lifted or muted is left out: the query finds the same papers, or a few more.

    >>> query_of(Interest(query="agents OR tools", categories=("cs.CL", "cs.AI")))
    '(agents OR tools) (cat:cs.CL OR cat:cs.AI)'
    >>> query_of(Interest(authors=("Ada Lovelace",)))
    'author:"Ada Lovelace"'
    """
    categories = " OR ".join(f"cat:{name}" for name in interest.categories)
    authors = " OR ".join('author:"{}"'.format(name.replace('"', " ")) for name in interest.authors)
    if not interest.query and not categories:
        return authors
    query = f"({interest.query})" if " OR " in interest.query else interest.query
    both = f"({categories})" if len(interest.categories) > 1 else categories
    return " ".join(filter(None, (query, both)))
