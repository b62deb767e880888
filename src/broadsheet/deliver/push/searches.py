"""Writes a webhook's choices as a query, so that the site shows what a message has no room for."""

from broadsheet.domain.interest import Interest

_QUOTES = '"“”„‟«»＂'  # which search takes for one sign


def query_of(interest: Interest) -> str:
    """What is lifted or muted is left out: the query finds the same papers, or a few more.

    >>> query_of(Interest(query="agents OR tools", categories=("cs.CL", "cs.AI")))
    '(agents OR tools) (cat:cs.CL OR cat:cs.AI)'
    >>> query_of(Interest(query="agents", categories=("cs.CL",), authors=("Ada Lovelace",)))
    '((agents) AND cat:cs.CL) OR author:"Ada Lovelace"'
    >>> query_of(Interest(authors=("Ada Lovelace",)))
    'author:"Ada Lovelace"'
    """
    query = closed(interest.query)
    categories = " OR ".join(f"cat:{name}" for name in interest.categories)
    categories = f"({categories})" if len(interest.categories) > 1 else categories
    authors = " OR ".join(f'author:"{_unquoted(name)}"' for name in interest.authors)
    if not authors:
        query = f"({query})" if " OR " in query else query
        return " ".join(filter(None, (query, categories)))
    chosen = " AND ".join(filter(None, (f"({query})" if query else "", categories)))
    chosen = f"({chosen})" if query and categories else chosen
    return " OR ".join(filter(None, (chosen, authors)))


def closed(query: str) -> str:
    """A query that may stand beside others: no quote or bracket of it reaches into them.

    >>> [closed(query) for query in ('speech "in noise', "(a OR (b", "a) b ( )", 'x "a (b" )', "“graph")]
    ['speech  in noise', '(a OR (b))', 'a b ( )', 'x "a (b"', ' graph']
    """
    quotes = [at for at, sign in enumerate(query) if sign in _QUOTES]
    lone = quotes[-1] if len(quotes) % 2 else -1
    written, is_quoted, deep = [], False, 0
    for at, sign in enumerate(query):
        is_quoted ^= sign in _QUOTES and at != lone
        deep += not is_quoted and sign == "("
        if sign == ")" and not is_quoted:
            deep -= 1
            if deep < 0:
                deep = 0
                continue
        written.append(" " if at == lone else sign)
    return "".join(written).rstrip() + ")" * deep


def _unquoted(name: str) -> str:
    return "".join(" " if sign in _QUOTES else sign for sign in name)
