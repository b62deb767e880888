"""Under which key all claims about one thing are found, however papers spell its name."""

import re

from broadsheet.lib.text import folded

LONGEST_KEY = 120
_LEADING = ("the ", "our ", "its ")
_KINDS = re.compile(r"(?<=\w) (?:bench ?marks?|data ?sets?|leader ?boards?|test ?sets?|test|suite)$")
_BETWEEN_FIGURES = re.compile(r"(?<=\d) (?=\d)")


def name_key(name: str) -> str:
    """Case, accents, hyphens and spaces do not count, and neither does what kind of thing it is.

    >>> name_key("Qwen2.5-7B"), name_key("Qwen 2.5 7B"), name_key("the ImageNet-1k dataset")
    ('qwen2-5-7b', 'qwen2-5-7b', 'imagenet1k')
    >>> name_key("C"), name_key("C++"), name_key("C#")
    ('c', 'cplusplus', 'csharp')
    """
    words = folded(name.replace("+", " plus ").replace("#", " sharp "))
    for article in _LEADING:
        words = words.removeprefix(article)
    words = _BETWEEN_FIGURES.sub("-", _KINDS.sub("", words))
    return words.replace(" ", "")[:LONGEST_KEY]


def is_name(text: str) -> bool:
    """Whether it names one thing rather than a kind of things.

    >>> is_name("nuScenes"), is_name("GPT-4"), is_name("strong baselines")
    (True, True, False)
    """
    return any(sign.isupper() or sign.isdigit() for sign in text)
