"""The ways to shorten a sentence at its ends without changing what it says.

A front goes when it only connects, tells that somebody speaks ("we show that") or gives a purpose. A tail
goes when the rest is whole without it. A part that holds a condition or a negation always stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

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
    DEFINING = 6  # "a method that …"
    WHILE = 7  # ", while …"
    NOTE = 8  # " (code: …)"


@dataclass(frozen=True, slots=True)
class Cut:
    """What stays of a sentence: places in the text, and how they were found."""

    start: int
    end: int
    front: Front = Front.WHOLE
    tail: Tail = Tail.WHOLE


_PAPER = r"(?:paper|work|article|study|letter|report|thesis|manuscript|contribution|survey|note|chapter)"
_LEAD = re.compile(
    rf"(?:(?:In|With|Through) (?:this|the present|our|the current) (?:present |current |short |new )?{_PAPER}"
    r"|To (?:this|that) (?:end|aim)|To (?:do|achieve|address|tackle|solve|overcome|remedy|mitigate|alleviate|bridge|fill|answer)"
    r" (?:so|(?:this|these|that|those|the|such)(?: [\w-]{1,20}){1,3})|For this (?:purpose|reason)|Towards? this (?:end|goal)"
    r"|However|Moreover|Furthermore|Additionally|In addition|Further|Also|Besides|Thus|Hence|Therefore|Consequently|Accordingly"
    r"|As a result|As a consequence|Here|Finally|Specifically|In particular|More specifically|More precisely|Concretely|Overall"
    r"|In summary|To summarize|In conclusion|In short|In contrast|By contrast|Instead|Rather|Nevertheless|Nonetheless"
    r"|Interestingly|Surprisingly|Notably|Importantly|Remarkably|Crucially|Indeed|In fact|For example|For instance|First|Firstly"
    r"|Second|Secondly|Third|Thirdly|Lastly|Then|Next|Now|Recently|Meanwhile|Conversely|Empirically|Theoretically|That is"
    r"|On the other hand|At the same time|On the contrary|Unfortunately|So|And|But|Yet)"
    r"(?:,\s+|\s+(?=we\b|our\b))",
)
_PHRASE = re.compile(
    r"(?:To|In order to|With the (?:goal|aim) of|Inspired by|Motivated by|Based on|Building (?:up)?on|Drawing (?:up)?on|By|Unlike"
    r"|In contrast (?:to|with)|Compared (?:to|with)|Using|Leveraging|Through|Following|Since|Because|Rather than|Instead of"
    r"|As a (?:first )?step|Toward|Towards|Recognizing|Observing|Noting|Driven by|Starting from|Via)\b"
    r"[^,;:]{3,160},\s+(?=(?:we|our|this|it)\b)"
)
_ADVERBS = r"(?:(?:also|then|further|first|finally|here|thus|therefore|hence|additionally|moreover|instead|next|now|[a-z]{3,15}ly) ){0,2}"
_SAYING = re.compile(
    rf"(?:(?:we|We) {_ADVERBS}(?:show|demonstrate|prove|find|found|observe|establish|reveal|report|discover|see|note)"
    r"|(?:(?:our|Our|the|The|these|These) )?(?:\w{1,15} ){0,2}(?:[Rr]esults?|[Ee]xperiments|[Aa]nalys[ei]s|[Ff]indings|[Ee]valuations?)"
    r" (?:(?:also|further|[a-z]{3,15}ly) )?(?:show|demonstrate|prove|reveal|indicate|confirm|establish)s?"
    rf"|(?:this|This|the|The) {_PAPER} {_ADVERBS}(?:shows|demonstrates|proves|finds|establishes|reveals)"
    r"|(?:it|It) (?:is|was) (?:shown|proved|proven|found|demonstrated)),? that,? "
)
_OFFER = (
    rf"(?:(?:we|We) {_ADVERBS}(?:propose|present|introduce|develop|describe|offer|provide|design|devise|release|contribute)"
    rf"|(?:this|This|the|The|our|Our) {_PAPER} {_ADVERBS}(?:proposes|presents|introduces|develops|describes|offers|provides)) "
)
_OFFERING = re.compile(_OFFER + r"(?=(?:a|an|the|two|three|four|new|novel|[A-Z]\w*[A-Z0-9]\w*,) ?)")
_OFFERS = re.compile(_OFFER)

_BREAK = re.compile(
    r"(?P<relative>, ?(?:which|where|whose|who|in which|of which|for which|with which|thus|thereby|hence|so that"
    r"|including|such as|e\.g\.|i\.e\.|namely|especially|particularly|in particular|for example|for instance)\b)"
    r"|(?P<doing>,(?: (?:also|thus|thereby|hence|while|and|consequently|often|[a-z]{3,12}ly))? "
    r"(?:(?:lead|result|achiev|allow|enabl|mak|yield|show|outperform|demonstrat|reduc|improv|provid|"
    r"giv|us|leverag|creat|produc|reveal|suggest|indicat|open|pav|highlight|establish|caus|offer|exceed|surpass|"
    r"extend|generaliz|obtain|reach|requir|avoid|eliminat|ensur|help|bring|mitigat|combin)ing\b))"
    r"|(?P<and>,? and (?:we |also |then |further |thus |hence |[a-z]{3,12}ly ){0,2}"
    r"(?:show|demonstrate|prove|propose|present|introduce|evaluate|find|discuss|provide|apply|analyze|use|derive|achieve|establish"
    r"|describe|report|outperforms?|improves?|illustrate|compare|test|validate|verify|investigate|explore|study|develop)\b)"
    r"|(?P<and_we>, and (?:we|our|it|this)\b)"
    r"|(?P<means> by \w{2,15}ing\b| via \w| using )"
    r"|(?P<stop>; |: | [-–—]{1,3} |[–—] ?(?=[a-z])|--)"
    r"|(?P<defining> (?:that|which|for|to|in which|where|based on|called|consisting of|with which) )"
    r"|(?P<while>, (?:while|whereas|as|since|because|with|for|from|in contrast to|unlike|compared (?:to|with)|both|in order to|to) )"
    r"|(?P<note> \([^()]{1,200}\)[.!]?$)"
)
_TAILS = {
    "relative": Tail.RELATIVE,
    "doing": Tail.DOING,
    "and": Tail.AND,
    "and_we": Tail.AND,
    "means": Tail.MEANS,
    "stop": Tail.STOP,
    "defining": Tail.DEFINING,
    "while": Tail.WHILE,
    "note": Tail.NOTE,
}
_TURNS = re.compile(
    r"\b(?:not|no|nor|never|neither|cannot|\w{1,8}n['’]t|fail|fails|failed|false|wrong|incorrect|but|however|although|though"
    r"|despite|except|unless|until|only|if|when|whenever|provided|assuming|assumption|assumptions|under|without|contrary|yet|hardly|rarely"
    r"|limited|worse|cost|expense|less|few|little|subject to|condition|conditions|as long as|given that)\b",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"(?:While|Although|Though|If|When|Whenever|Since|Because|As|Given|To|By|In|For|With|Despite|Unlike|On|At|From|Under|After|Before"
    r"|Using|Based|Inspired|Motivated|Through|Once|Where|Whereas|Even|Among|Within|Rather|Instead|Recent|Let|Not|Building)\b"
)
_MAIN_CLAUSE = re.compile(r", (?:we|our|this|it|the|these|they|a|an)\b")
_VERB = re.compile(
    r"\b(?:we|is|are|was|were|be|been|has|have|had|can|could|may|might|will|should|does|do|shows?|allows?|enables?|provides?|improves?"
    r"|outperforms?|achieves?|reduces?|leads?|uses?|presents?|proposes?|introduces?|yields?|requires?|makes?|learns?|suffers?|remains?"
    r"|describes?|studies|investigates|explores|addresses|develops|demonstrates?|increases?|gives?|offers?|combines?|extends?|plays?)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?:ed|\bis|\bare|\bbe|\bwas|\bwere|\bonly|\bnot|\bsolely|\bsimply|\bmerely|\bwritten|\blearnt|\bshown)$"
)
_OPEN_END = re.compile(r"\w(?:ed|ing)$")
_LIST_BEFORE = re.compile(r"(?:,| and| or| as| such| than| so| of| for| to| the| a| that| is| are| both)$")


def cuts(text: str, start: int, end: int) -> list[Cut]:
    """The sentence from `start` to `end` first, then what may stand for it."""
    if end - start > LONGEST:
        return [Cut(start, end)]
    sentence = text[start:end]
    tails = [(len(sentence), Tail.WHOLE), *_tails(sentence)]
    return [
        Cut(start + first, start + last, front, tail)
        for first, front in _fronts(sentence)
        for last, tail in tails
        if (not first and tail is Tail.WHOLE) or _stands(sentence, first, last, tail)
    ]


def _fronts(sentence: str) -> Iterator[tuple[int, Front]]:
    yield 0, Front.WHOLE
    place = 0
    for pattern, front in ((_LEAD, Front.LEAD), (_PHRASE, Front.PHRASE)):
        found = pattern.match(sentence, place)
        if found and not _TURNS.search(sentence, place, found.end()) or found and front is Front.LEAD:
            place = found.end()
            yield place, front
    for pattern, front in ((_SAYING, Front.SAYING), (_OFFERING, Front.OFFERING)):
        if found := pattern.match(sentence, place):
            yield found.end(), front


def _tails(sentence: str) -> Iterator[tuple[int, Tail]]:
    """Where a tail that may go begins, the first ones of the sentence."""
    found = 0
    turns = max((match.end() for match in _TURNS.finditer(sentence)), default=0)
    for match in _BREAK.finditer(sentence):
        if match.start() < turns:
            continue
        yield match.start(), _TAILS[match.lastgroup or "stop"]
        found += 1
        if found == MOST_TAILS:
            return


def _stands(sentence: str, first: int, last: int, tail: Tail) -> bool:
    """Whether what is left reads as a sentence, or as a title when a paper is offered by its name."""
    kept = sentence[first:last]
    if kept.count(" ") < FEWEST_WORDS - 1 or not _is_closed(kept):
        return False
    if tail is Tail.WHOLE:
        return True
    if _LIST_BEFORE.search(kept):
        return False
    if _SUBORDINATE.match(kept) and not _MAIN_CLAUSE.search(kept):
        return False
    if tail is Tail.DEFINING:
        offer = _OFFERS.search(sentence, 0, last)
        return offer is not None and "," not in sentence[offer.end() : last] and not _OPEN_END.search(kept)
    if tail is Tail.MEANS and _PASSIVE.search(kept):
        return False
    return bool(_VERB.search(sentence[:last]))


def _is_closed(kept: str) -> bool:
    return (
        kept.count("(") == kept.count(")")
        and kept.count("[") == kept.count("]")
        and kept.count("{") == kept.count("}")
        and kept.count("$") % 2 == 0
        and kept.count('"') % 2 == 0
        and kept.count("“") == kept.count("”")
    )
