"""As many papers as a message has room for, and how many are left to the site."""

import re
from collections.abc import Callable, Sequence

from broadsheet.deliver import bare_hosts
from broadsheet.deliver.push.news import News, Told

_COMMAND = re.compile(r"(?<![\w/])/(?=\w)")
JOINER = "\N{WORD JOINER}"  # not seen; keeps a name or an address from being taken for one


def as_many(
    news: News, write: Callable[[str, Told], str], room: int, size: Callable[[str], int]
) -> list[str]:
    """The first papers, each as it is written behind its mark, within `room` by `size`."""
    written = []
    for place, one in enumerate(news.papers, start=1):
        text = write(news.mark(place), one)
        room -= size(text)
        if room < 0:
            break
        written.append(text)
    return written


def rest(news: News, shown: Sequence[object]) -> str:
    """ "" when there are no others."""
    left = news.matching - news.before - len(shown)
    return f"and {left:,} more" if left > 0 else ""


def utf16(text: str) -> int:
    """As chat services count."""
    return len(text.encode("utf-16-le", errors="replace")) // 2


def harmless(text: str) -> str:
    """Nobody's name, no command, no tag, no link of its own, whatever a chat service makes of plain text.

    >>> harmless("@everyone: see https://x.org #now").replace(JOINER, "·")
    '@·everyone: see https:·//x.·org #·now'
    >>> harmless("See evil.com, WWW.evil.org or GPT-4.1. It ends.").replace(JOINER, "·")
    'See evil.·com, WWW.·evil.·org or GPT-4.1. It ends.'
    """
    text = text.replace("@", f"@{JOINER}").replace("#", f"#{JOINER}").replace("://", f":{JOINER}//")
    text = bare_hosts.DOT.sub(f".{JOINER}", text)
    return _COMMAND.sub(f"/{JOINER}", text)
