"""What a paper is to be cited as, told from where it says that it appeared: free text that authors type.

Proceedings are the trap: those of a society or an academy are a journal, those of a conference are not.
"""

import re
from enum import StrEnum


class Kind(StrEnum):
    ARTICLE = "article"
    MEETING = "meeting"
    DOCTORAL = "doctoral"  # theses
    MASTERS = "masters"
    PREPRINT = "preprint"  # of what we know no journal


LONGEST_READ = 500  # signs; what an expression does with more is nobody's concern
THESES = (Kind.DOCTORAL, Kind.MASTERS)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)

_DEGREES = r"ph\.?\s?d\.?|d\.?\s?phil\.?|doctoral|doctorate|habilitation|dissertation"
_LESSER = (
    r"master(?:['’]?s)?|m\.?\s?(?:sc|phil|eng|a)\.?|diploma|bachelor(?:['’]?s)?|b\.?\s?sc\.?|undergraduate"
)
_THESIS = re.compile(
    r"\b(?:thesis|dissertation|diplomarbeit|th[eè]se|habilitationsschrift|tesis|doktorarbeit)\b", re.I
)
_OF_MASTERS = re.compile(rf"\b(?:{_LESSER})(?:\s+(?:degree|of \w+))?\s+thesis|diplomarbeit", re.IGNORECASE)
_WORD_OF_THESIS = re.compile(
    rf"^(?:(?:{_DEGREES}|{_LESSER})\s+)?(?:thesis|dissertation)\b\s*[,.:;(-]?\s*", re.IGNORECASE
)

_MEETS = re.compile(
    r"\b(?:conferences?|conf\.?|workshops?|symposi(?:um|a)|symp\.|congress|colloquium|meetings?|seminar"
    r"|(?:summer|winter)\s+school)(?![a-z])",
    re.IGNORECASE,
)
_PROCEEDINGS = re.compile(r"\bproc(?:eedings?\b|s?\.|\b)", re.IGNORECASE)
_SERIES = re.compile(
    r"\blecture notes in (?:computer|artificial|bioinf|networks|business|informatics|electrical)"
    r"|\blect\.?\s?notes (?:in )?(?:comput|comp|artif)|\b(?:LNCS|LNAI|LNBIP|CCIS|LIPIcs|EPTCS|PMLR|CEUR)\b"
    r"|communications in computer and information science|advances in neural information"
    r"|\bPoS\b|\bPOS\s?\(|proceedings of science|\bSPIE\b|photo-opt|machine learning research workshop"
)  # fmt: skip
_SERIES_ANYHOW = re.compile(_SERIES.pattern.replace(r"|\bPoS\b", ""), re.IGNORECASE)
_NAMES = re.compile(
    r"(?<![A-Za-z])(?:(?i:neurips|interspeech|eurocrypt|asiacrypt|infocom|globecom|eusipco|sigmod|siggraph|sigcomm"
    r"|sigir|sigkdd|usenix|emnlp|miccai|wacv|iccv|cvpr|eccv|bmvc|accv|icml|iclr|icassp|aistats|corl|ijcai|aaai|naacl"
    r"|eacl|aacl|coling|lrec|conll|semeval|ismir|recsys|gecco|aamas|icdar|icpr|ijcnn|icann|isbi)"
    r"|NIPS|ACL|KDD|CHI|ICRA|IROS|RSS|UAI|COLT|ALT|STOC|FOCS|SODA|SoCG|ICALP|STACS|LICS|PODC|PODS|CAV|TACAS"
    r"|POPL|PLDI|CRYPTO|NDSS|CCS|ECIR|CIKM|WSDM|VLDB|ICDE|EDBT|ICDM|ISIT|ITW|VTC|ICC|ICIP|ASRU|SLT|ICSE"
    r"|FSE|ISSTA|WWW(?=\W*\d)|ACM ?MM)"
    r"(?:-?\w*\d+)?(?![A-Za-z.])"
)
# "COLM 2025" and no more than that: a conference, but for what looks like the short name of a journal.
_SHORT_NAME = re.compile(
    r"(?:IEEE |ACM )?(?!J|T[A-Z]{2}|PR[A-EXL]|PL[AB]|NP[AB]|Ap|AJ|MNRAS|NJP|EPL|IJ|CQG|CMP|SIAM|PASP"
    r"|IEEE|ACM)"
    r"(?=\w{0,15}[A-Z]\w{0,15}[A-Z])[A-Za-z-]{3,16}[ '’-]{0,2}(?:19|20)?\d\d(?!\w|,? ?\d|:\d)"
)

# In what follows "Proc. IEEE" and its like are journals.
_JOURNAL = re.compile(
    r"\bjournal|\btrans(?:actions\b|\.)|\bletters\b|\bj\.\s?(?:of\s)?[A-Z][a-z]*\.|(?-i:\bJ\.? ?Phys)"
    r"|phys\.\s?j\.|\bEPJ Web|\bPNAS\b|\bPACM"
    r"|\bcomput(?:er|\.) graph(?:ics|\.) forum|\bproc(?:eedings)?\.?\s*suppl|\bannals\b|\bPVLDB\b"
    r"|\bphys(?:ical|\.)\s?rev(?:iew|\.)|(?<!supple)\bint\.?\s?j\.",
    re.IGNORECASE,
)
_OF_A_SOCIETY = re.compile(
    r"\bproc(?:eedings)?\b\.?\s*(?:of\s+)?(?:the\s+)?"
    r"(?:(?:[\w.&'’-]{1,40}\s+){0,3}?"
    r"(?:academy|acad\b|acad\.|society|soc\.|soc\b|institut(?:e|ion)\b|inst\.|endowment))"
    r"|\bproc(?:eedings)?\b\.?\s*(?:of\s+)?(?:the\s+)?(?:natl?\b|nat\.|r\.|roy\b|lond|edinb|camb|amer\.?\s?math|AMS\b|LMS\b"
    r"|vldb|ieee\s*(?:$|[,;:.(]|vol|\d{1,3}\b(?!\d))"
    r"|acm\s+(?:on\s+)?(?:program|hum|inter|meas|netw|manag|softw|comput(?:er|\.)\s?graph)"
    r"|(?:on\s+)?privacy enhancing)",
    re.IGNORECASE,
)
_MEETING_OF_ALL = re.compile(r"journal of machine learning research:?\s+workshop|jmlr:?\s+w", re.IGNORECASE)


def kind_of(journal: str) -> Kind:
    """
    >>> [str(kind_of(text)) for text in ("Phys. Rev. D 76", "Proc. of ICML 2020", "Proc. R. Soc. A", "")]
    ['article', 'meeting', 'article', 'preprint']
    """
    text = _ADDRESS.sub(" ", journal[:LONGEST_READ])
    if not journal:
        return Kind.PREPRINT
    if _THESIS.search(text):
        return Kind.MASTERS if _OF_MASTERS.search(text) else Kind.DOCTORAL
    return Kind.MEETING if _is_of_a_meeting(text) else Kind.ARTICLE


def _is_of_a_meeting(text: str) -> bool:
    if _SERIES.search(text) or _SERIES_ANYHOW.search(text) or _MEETING_OF_ALL.search(text):
        return True
    if _JOURNAL.search(text):
        return False
    if _OF_A_SOCIETY.search(text) and not _MEETS.search(text):
        return False
    return any(words.search(text) for words in (_MEETS, _PROCEEDINGS, _NAMES)) or bool(
        _SHORT_NAME.match(text)
    )


def school_of(text: str) -> str:
    """Of a thesis: without the word for it, which every style writes itself.

    >>> school_of("PhD thesis, MIT (2007)"), school_of("Thesis")
    ('MIT (2007)', 'Thesis')
    """
    return _WORD_OF_THESIS.sub("", text).strip() or text
