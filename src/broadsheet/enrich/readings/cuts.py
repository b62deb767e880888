"""The ways to shorten a sentence at its ends without changing what it says.

A front goes when it only connects ("However,"), tells that somebody speaks ("we show that") or gives a
purpose. A tail goes when the rest is whole without it. What holds a condition or a negation always stays.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

LONGEST = 1_500  # characters of a sentence that is looked into
MOST_TAILS = 10
FEWEST_WORDS = 6


class Front(IntEnum):
    WHOLE = 0
    LEAD = 1  # "However, ", "In this paper, ", "To this end, "
    PHRASE = 2  # "To address this gap, "
    SAYING = 3  # "we show that "
    OFFERING = 4  # "we propose "


class Tail(IntEnum):
    WHOLE = 0
    RELATIVE = 1  # ", which …"
    DOING = 2  # ", leading to …"
    AND = 3  # ", and show …"
    MEANS = 4  # " by learning …"
    STOP = 5  # "; …", ": …", " – …"
    DEFINING = 6  # "we propose a method that …"
    WHILE = 7  # ", while …"
    NOTE = 8  # " (code: …)"


class Cut(NamedTuple):
    """What stays of a sentence: places in the text, and how they were found."""

    start: int
    end: int
    front: Front = Front.WHOLE
    tail: Tail = Tail.WHOLE


def _any(words: str) -> str:
    """Words or patterns, separated by a comma and a space, as one pattern."""
    return "(?:" + "|".join(words.split(", ")) + ")"


_PAPER = _any("paper, work, article, study, letter, report, thesis, manuscript, survey, note, chapter")
_CONNECTIVE = _any(
    "However, Moreover, Furthermore, Additionally, In addition, Further, Also, Besides, Thus, Hence, "
    "Therefore, Consequently, Accordingly, As a result, As a consequence, Here, Finally, Specifically, "
    "In particular, More specifically, More precisely, Concretely, Overall, In summary, To summarize, "
    "In conclusion, In short, In contrast, By contrast, Instead, Rather, Nevertheless, Nonetheless, "
    "Interestingly, Surprisingly, Notably, Importantly, Remarkably, Crucially, Indeed, In fact, First, "
    "Firstly, Second, Secondly, Third, Thirdly, Lastly, Then, Next, Now, Recently, Meanwhile, "
    "Conversely, Empirically, Theoretically, That is, On the other hand, At the same time, "
    "On the contrary, Unfortunately, So, And, But, Yet, For this purpose, For this reason, To do so, "
    "Towards? this (?:end|goal), To (?:this|that) (?:end|aim|goal)"
)
_TASK = _any(
    "achieve, address, tackle, solve, overcome, remedy, mitigate, alleviate, bridge, fill, answer, close"
)
_LEAD = re.compile(
    rf"(?:(?:In|With|Through) (?:this|the present|our|the current) (?:present |current |short |new )?{_PAPER}"
    rf"|To {_TASK} (?:this|these|that|those|the|such)(?: [\w-]{{1,20}}){{0,3}}|{_CONNECTIVE})"
    r"(?:,\s+|\s+(?=we\b|our\b))"
)
_PHRASE = re.compile(
    _any(
        "To, In order to, With the (?:goal|aim) of, Inspired by, Motivated by, Based on, "
        "Building (?:up)?on, Drawing (?:up)?on, Unlike, In contrast (?:to|with), Leveraging, Since, "
        "Because, As a (?:first )?step, Towards?, Recognizing, Observing, "
        "Noting, Driven by, Starting from"
    )
    + r"\b[^,;:]{3,160},\s+(?=(?:we|our|this)\b)"
)
_ADVERBS = (
    _any("also, then, further, first, finally, here, thus, instead, next, now, [a-z]{3,15}ly").join(
        ["(?:", " )"]
    )
    + "{0,2}"
)
_SHOW = _any("show, demonstrate, prove, find, found, observe, establish, reveal, report, discover, note")
_SHOWS = _any("show, demonstrate, prove, reveal, indicate, confirm, establish")
_SAYING = re.compile(
    rf"(?:[Ww]e {_ADVERBS}{_SHOW}"
    r"|(?:(?:[Oo]ur|[Tt]he|[Tt]hese) )?(?:\w{1,15} ){0,2}"
    rf"(?:[Rr]esults?|[Ee]xperiments|[Aa]nalys[ei]s|[Ff]indings|[Ee]valuations?) {_ADVERBS}{_SHOWS}s?"
    rf"|[Tt]h(?:is|e) {_PAPER} {_ADVERBS}{_SHOWS}s"
    r"|[Ii]t (?:is|was) (?:shown|proved|proven|found|demonstrated)),? that,? "
)
_OFFER = _any(
    "propose, present, introduce, develop, describe, offer, provide, design, devise, release, contribute"
)
_OFFERS = re.compile(rf"(?:[Ww]e {_ADVERBS}{_OFFER}|(?:[Tt]h(?:is|e)|[Oo]ur) {_PAPER} {_ADVERBS}{_OFFER}s) ")
_NAMED = re.compile(r"(?:an?|the|two|three|four|new|novel)\b|[A-Z]\w{0,30}[A-Z0-9]\w{0,30},")

_DOING = _any(
    "lead, result, achiev, allow, enabl, mak, yield, show, outperform, demonstrat, reduc, improv, "
    "provid, giv, us, leverag, creat, produc, reveal, suggest, indicat, open, pav, highlight, establish, "
    "caus, offer, exceed, surpass, extend, generaliz, obtain, reach, requir, avoid, eliminat, ensur, "
    "help, bring, mitigat, combin"
)
_AND = _any(
    "show, demonstrate, prove, propose, present, introduce, evaluate, find, discuss, provide, apply, "
    "analyze, use, derive, achieve, establish, describe, report, outperforms?, improves?, illustrate, "
    "compare, test, validate, verify, investigate, explore, study, develop"
)
# One sign first, then what stands behind it: the search leaps from one such sign to the next.
_BREAK = re.compile(
    r"[,; :–—-](?:"
    r"(?<=,) ?(?:(?P<RELATIVE>(?:(?:in |of |for |with )?which|where|whose|who|thus|thereby|hence|so that"
    r"|including|such as|e\.g\.|i\.e\.|namely|especially|particularly|in particular|for example"
    r"|for instance)\b)"
    rf"|(?P<AND>and (?:(?:we|our|it|this)\b|{_ADVERBS}{_AND}\b))"
    rf"|(?P<DOING>(?:[a-z]{{3,12}} )?{_DOING}ing\b)"
    r"|(?P<WHILE>(?:while|whereas|as|since|because|with|for|from|in contrast to|unlike|compared (?:to|with)"
    r"|both|in order to|to) ))"
    rf"|(?<= )(?:(?P<AND_>and (?:we\b|{_ADVERBS}{_AND}\b))"
    r"|(?P<MEANS>by \w{2,15}ing\b|via |using )"
    r"|(?P<DEFINING>(?:that|which|for|to|in which|where|based on|called|consisting of|with which) )"
    r"|(?P<NOTE>\([^()]{1,200}\)[.!]?$)"
    r"|(?P<STOP>[-–—]{1,3} ))"
    r"|(?<=[;:–—-])(?P<STOP_>(?<=[;:]) |(?<=[–—]) ?(?=[a-z])|(?<=-)-))"
)
_TURNS = re.compile(
    r"\b(?:not|no|nor|never|neither|cannot|\w{1,8}n['’]t|fail|fails|failed|false|wrong|incorrect|but|however"
    r"|although|though|despite|except|unless|until|only|if|when|whenever|provided|assuming|assumptions?|under"
    r"|without|contrary|yet|hardly|rarely|limited|worse|cost|expense|less|few|little|subject to"
    r"|conditions?|as long as"
    r"|given that)\b"
)
_SUBORDINATE = re.compile(
    _any(
        "While, Although, Though, If, When, Whenever, Since, Because, As, Given, To, By, In, For, With, "
        "Despite, Unlike, On, At, From, Under, After, Before, Using, Based, Inspired, Motivated, "
        "Through, Once, Where, Whereas, Even, Among, Within, Rather, Instead, Recent, Let, Not, Building"
    )
    + r"\b"
)
_MAIN_CLAUSE = re.compile(r", (?:we|our|this|it|the|these|they|an?)\b")
_VERB = re.compile(
    r"\b(?:[Ww]e|is|are|was|were|be|been|has|have|had|can|could|may|might|will|should|does|do|studies|"
    + _any(
        "show, allow, enable, provide, improve, outperform, achieve, reduce, lead, use, present, "
        "propose, introduce, yield, require, make, learn, suffer, remain, describe, investigate, "
        "explore, address, develop, demonstrate, increase, give, offer, combine, extend, play"
    )
    + r"s?)\b"
)
_PASSIVE = re.compile(r"(?:ed|\b(?:is|are|be|was|were|only|not|solely|simply|merely|written|learnt|shown))$")
_OPEN_END = re.compile(r"\w(?:ed|ing)$")
_UNFINISHED = re.compile(
    r"(?:,|\b(?:and|or|as|such|than|so|of|for|to|the|a|that|is|are|both|in|on|with|by))$"
)
_FIRST_OF_MANY = re.compile(r"\b(?:first|firstly|i|1|a)\)|: ?(?:first|firstly)\b|\(i\)", re.IGNORECASE)


def cuts(text: str, start: int, end: int) -> list[Cut]:
    """The sentence from `start` to `end` first, then what may stand for it."""
    return [cut for cut in parts(text, start, end) if stands(text, start, cut)]


def parts(text: str, start: int, end: int) -> list[Cut]:
    """The sentence first, then what may stand for it where it `stands`."""
    if end - start > LONGEST:
        return [Cut(start, end)]
    sentence = text[start:end]
    tails = [(len(sentence), Tail.WHOLE), *_tails(sentence)]
    return [
        Cut(start + first, start + last, front, tail)
        for first, front in _fronts(sentence)
        for last, tail in tails
        if first < last
    ]


def stands(text: str, start: int, cut: Cut) -> bool:
    """Whether a part of the sentence at `start` reads as one, or as a title if it names what is offered."""
    if cut.start == start and cut.tail is Tail.WHOLE:
        return True
    kept = text[cut.start : cut.end]
    if kept.count(" ") < FEWEST_WORDS - 1 or not _is_closed(kept):
        return False
    return cut.tail is Tail.WHOLE or (_is_finished(kept) and _may_go(text[start : cut.end], kept, cut.tail))


def _fronts(sentence: str) -> Iterator[tuple[int, Front]]:
    yield 0, Front.WHOLE
    place = 0
    if lead := _LEAD.match(sentence):
        place = lead.end()
        yield place, Front.LEAD
    phrase = _PHRASE.match(sentence, place)
    if phrase and not _TURNS.search(phrase[0]):
        place = phrase.end()
        yield place, Front.PHRASE
    if saying := _SAYING.match(sentence, place):
        yield saying.end(), Front.SAYING
    offer = _OFFERS.match(sentence, place)
    if offer and _NAMED.match(sentence, offer.end()):
        yield offer.end(), Front.OFFERING


def _tails(sentence: str) -> list[tuple[int, Tail]]:
    """Where a tail that may go begins, the first ones of the sentence."""
    turns = max((match.end() for match in _TURNS.finditer(sentence)), default=0)
    found: list[tuple[int, Tail]] = []
    for match in _BREAK.finditer(sentence, turns):
        found.append((match.start(), Tail[(match.lastgroup or "").rstrip("_")]))
        if len(found) == MOST_TAILS:
            break
    return found


def _is_finished(kept: str) -> bool:
    if _UNFINISHED.search(kept) or _FIRST_OF_MANY.search(kept):
        return False
    return not _SUBORDINATE.match(kept) or bool(_MAIN_CLAUSE.search(kept))


def _may_go(before: str, kept: str, tail: Tail) -> bool:
    if tail is Tail.DEFINING:
        offer = _OFFERS.search(before)
        return offer is not None and "," not in before[offer.end() :] and not _OPEN_END.search(kept)
    if tail is Tail.MEANS and _PASSIVE.search(kept):
        return False
    return bool(_VERB.search(before))


def _is_closed(kept: str) -> bool:
    pairs = all(kept.count(opening) == kept.count(closing) for opening, closing in ("()", "[]", "{}", "“”"))
    return pairs and kept.count("$") % 2 == 0 and kept.count('"') % 2 == 0
