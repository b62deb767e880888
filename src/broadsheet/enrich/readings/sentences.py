"""Where the sentences of a scientific text begin and end. Linear in the length of the text."""

import re

# The stop stands first, so that the search leaps from stop to stop; the space behind it belongs to neither.
_END = re.compile(r"([.!?](?:[\"'”’)\]}]{0,3}(?=\s)|(?<=[a-z)}\]%][.!?])(?=[A-Z][a-z]{0,15} )))\s*")
_WORD_BEFORE = re.compile(r"[^\s(\[{~]{1,25}$")
_LONGEST_SHORT_FORM = 6  # "approx"
_NEXT = re.compile(r"[\"'“‘(\[{$%\\`*_]{0,4}(?:[A-Z0-9\\$]|[^\W\d_a-z]|[a-z]{1,3}-?[A-Z0-9]|[a-z]-[a-z])")
_STARTER = re.compile(
    r"(?:A|All|Although|An|And|As|At|Based|Both|But|By|Each|Experiments|Extensive|Finally|First|For"
    r"|From|Further|Furthermore"
    r"|Given|Here|How|However|If|In|Inspired|It|Its|Many|Moreover|Most|Motivated|On|Our|Results"
    r"|Second|Since|Several|So"
    r"|Specifically|Such|That|The|Then|There|Therefore|These|They|This|Those|Thus|To|Under|Unlike"
    r"|Using|We|What|When"
    r"|While|With|Yet|Code|Data)\b"
)
# Before a capital these go on; before a word that starts sentences only the first kind does.
_ALWAYS = frozenset(
    re.findall(
        r"\S+",
        "e.g i.e cf vs viz fig figs eq eqs eqn eqns sec secs ref refs tab thm prop def resp approx "
        "dr prof mr mrs ms "
        "st a.k.a aka w.r.t wrt ca p pp vol nos jr",
    )
)
_OFTEN = frozenset(re.findall(r"\S+", "al etc no inc ltd co corp dept univ u.s u.k"))


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, without the space around it.

    >>> text = "Smith et al. (2019) reach 3.1 BLEU, cf. Fig. 2. We reach 4.7."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Smith et al. (2019) reach 3.1 BLEU, cf. Fig. 2.', 'We reach 4.7.']
    """
    found: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for match in _END.finditer(text):
        end, following = match.end(1), match.end()
        if following < len(text) and _goes_on(text, start, end, following):
            continue
        found.append((start, end))
        start = following
    end = len(text.rstrip())
    return [*found, (start, end)] if start < end else found


def _goes_on(text: str, start: int, end: int, following: int) -> bool:
    """Whether the stop at `end` is within a sentence."""
    if end - start < 4:  # the number of an item of a list
        return True
    if end == following:  # a space is missing: "sets.We", but not "Node.Js"
        return not _STARTER.match(text, following)
    if not _NEXT.match(text, following):
        return True
    if text[end - 1] != "." or _is_behind_long_word(text, start, end - 1):
        return False
    before_starter = _STARTER.match(text, following) is not None
    return _is_short_form(text[max(start, end - 26) : end - 1], text[following], before_starter)


def _is_behind_long_word(text: str, start: int, place: int) -> bool:
    begin = place - _LONGEST_SHORT_FORM - 1
    return begin >= start and text[begin:place].isalpha()


def _is_short_form(before: str, sign: str, before_starter: bool) -> bool:
    match = _WORD_BEFORE.search(before)
    word = match[0].lower() if match else ""
    if word in _ALWAYS:
        return True
    if before_starter:
        return False
    if word in _OFTEN:
        return sign not in "$\\"
    return len(word) == 1 and word.isalpha() and match is not None and match[0].isupper() and sign.isupper()
