"""Whose figure it is: the one the sentence speaks of, or else the paper's own work."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from broadsheet.enrich.readings.claims.nouns import phrase_after, phrase_before
from broadsheet.enrich.readings.claims.view import Texts
from broadsheet.enrich.readings.claims.words import word_set

_INTRODUCED = re.compile(
    r" (?:propos\w{1,3}|introduc\w{1,3}|presents?|develops?|devise|release|construct|create|curate"
    r"|build|describe)\b",
)
_CALLED = re.compile(r"(?:\b(?:called|named|dubbed|termed|namely|coined|denoted as|as)|[,(:]) {0,3}(?=[A-Z])")
# A word that only a name is spelled like: a capital or digit after its first letter.
_NAME = re.compile(
    r"\b[A-Z][A-Za-z]{0,15}[A-Z0-9-][\w.+-]{0,24}(?: (?:[A-Z][\w.-]{0,20}|[0-9][\w.]{0,4}\b)){0,2}"
)
_CAPITALS = re.compile(r"[A-Z][\w.+-]{0,24}(?: [A-Z][\w.+-]{0,24}){0,3}")
_IS_SET = re.compile(r"\b(?:benchmark|dataset|data set|corpus|test ?bed|suite|leaderboard)\b")
# What the whole field says; no name of anybody's work.
_COMMON = word_set(
    "llm llms nlp rag cpu cpus gpu gpus ai ml rl sft rlhf lm lms vlm vlms mllm mllms cnn cnns rnn rnns "
    "dnn gan gans api apis qa vqa asr tts ir kv moe cot sota mt gui ui slm slms gnn gnns plm plms vit "
    "vits dpo ppo grpo lora nlg nlu ocr 2d 3d in-context few-shot zero-shot cross-lingual "
    "state-of-the-art"
)
_VERB = re.compile(
    r"(?<![\w-])(?:achiev|outperform|surpass|exceed|improv|reduc|attain|obtain|reach|yield|deliver"
    r"|demonstrat|show|increas|decreas"
    r"|boost|accelerat|sav|cut|lower|provid|offer|enabl|perform|run|scor|beat|solv|produc|gain|give|get"
    r"|take|requir|use|consum"
    r"|contain|match|retain|maintain|recover|lead|result|speed|degrad|drop|struggl|can|could|is|are|was"
    r"|were|has|have|remain"
    r"|generat|train|scal|bring|need|make|complet|answer|transfer|rank|modif|handl|incur|suffer|exhibit"
    r"|utiliz|find|found|assess|release|evaluat)(?:e?s|ed?|ing|ies)?\b"
)
_PRONOUN = word_set(
    "it they we this that these those which what results result experiments experiment evaluation "
    "evaluations ones one model models method methods approach framework technique techniques system "
    "algorithm there study analysis findings performance accuracy score scores improvements improvement "
    "gains gain evaluated paper work latency memory time speed average baselines"
)
_WEAK = word_set(
    "can could may might will would should also further not to even that shows show and is are then still"
)
_IT = re.compile(r"\b(?:[Ii]t|[Ww]e|[Tt]his) (?:[a-z]{3,12}ly |can |could |also ){0,2}$")
_OURS = re.compile(r"\b(?:our|Our|the proposed|The proposed) {1,2}(?=[A-Z])")
_SETS_OUT = 200  # a paper names what it brings within so many characters of "we propose"


@dataclass(frozen=True, slots=True)
class Own:
    """The paper's own work: what it is called, and whether that is something to measure others on."""

    name: str
    is_data: bool
    measured_on: Callable[[], str] = str  # what its experiments are on, wherever the abstract says so


def own_work(title: str, texts: Texts, measured_on: Callable[[], str] = str) -> Own:
    """
    >>> from broadsheet.enrich.readings.claims.view import texts_of
    >>> own_work("Fleet: Fast Readers", texts_of("We present Fleet, a benchmark of reading."))
    Own(name='Fleet', is_data=True, measured_on=<class 'str'>)
    """
    title, view = title[:300], texts.view
    found = _INTRODUCED.search(texts.lower)
    near = view[found.end() : found.end() + _SETS_OUT].partition(". ")[0] if found is not None else ""
    is_data = _IS_SET.search(near.lower()) is not None or _IS_SET.search(title.lower()) is not None
    head, colon, _ = title.partition(":")
    if colon and len(head.split()) <= 5:
        return Own(head.strip(), is_data, measured_on)
    return Own(_named(near) or _named(title) or _described(view, found), is_data, measured_on)


def _named(text: str) -> str:
    called = _CALLED.search(text)
    for found in _NAME.finditer(text):
        if _is_own(found[0]):
            if called is not None and called.end() < found.start():
                break
            return found[0].rstrip(".,-")
    if called is not None and (capitals := _CAPITALS.match(text, called.end())) is not None:
        return capitals[0].rstrip(".,-")
    return ""


def _is_own(name: str) -> bool:
    return name.lower() not in _COMMON and not name[0].isdigit()


def _described(view: str, introduced: re.Match[str] | None) -> str:
    if introduced is None:
        return ""
    start, end = phrase_after(view, introduced.end(), min(len(view), introduced.end() + _SETS_OUT), most=6)
    return view[start:end]


def subject_of(view: str, sentence: tuple[int, int], at: int, own: Own) -> str:
    """The noun phrase before the last verb before the figure; "it" and "our method" are the paper's own."""
    start = max(sentence[0], at - 260)
    for verb in reversed(list(_VERB.finditer(view, start, at))):
        if _IT.search(view, max(start, verb.start() - 24), verb.start()):
            return own.name
        first, last = phrase_before(view, start, verb.start())
        words = view[first:last].split()
        while words and (words[-1].lower() in _WEAK or words[-1].endswith("ly")):
            words.pop()
        if not words or words[0][0].isdigit():
            continue
        if (subject := _subject(words, own)) is not None:
            return subject
    if (ours := _OURS.search(view, start, at)) is not None and (name := _CAPITALS.match(view, ours.end())):
        return name[0].rstrip(".,-")
    return own.name


def _subject(words: list[str], own: Own) -> str | None:
    """None when the words tell nothing and an earlier verb may."""
    if any(_VERB.fullmatch(word) for word in words):
        return None
    head, lowest = words[-1].lower().strip(".,"), words[0].lower()
    has_name = any(_is_name(word) for word in words if word.lower() not in _PRONOUN)
    if lowest in ("our", "we", "it", "its"):
        return " ".join(words[1:]) if has_name else own.name
    if head in _PRONOUN:  # "Extensive experiments" are the paper's own, "GPT-4 models" are not
        return " ".join(words) if any(_is_spelled_like_a_name(word) for word in words) else own.name
    if has_name or (len(words) > 1 and not _VERB.match(words[0])):
        return " ".join(words)
    return None


def _is_spelled_like_a_name(word: str) -> bool:
    return any(sign.isupper() or sign.isdigit() for sign in word[1:]) and word.lower() not in _COMMON


def _is_name(word: str) -> bool:
    return any(sign.isupper() for sign in word) and word.lower() not in _COMMON
