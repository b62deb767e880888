"""Reads the figures that a title and abstract state: results as claims, and how large things are."""

from functools import cache, partial

from broadsheet.domain.reading import Claim, Size
from broadsheet.enrich.readings.claims.against import baseline_of, dataset_of, evaluated_on
from broadsheet.enrich.readings.claims.cues import figure_cues, first_own_word, sentence_cues
from broadsheet.enrich.readings.claims.decide import Role, role_of, shipped_weights
from broadsheet.enrich.readings.claims.directions import bound_of, direction_of
from broadsheet.enrich.readings.claims.figures import Figure, figures_in
from broadsheet.enrich.readings.claims.idioms import is_idiom
from broadsheet.enrich.readings.claims.measures import metric_of
from broadsheet.enrich.readings.claims.phrases import phrase_figures_in
from broadsheet.enrich.readings.claims.quotes import quote_around
from broadsheet.enrich.readings.claims.scales import is_factor, unit_of_score
from broadsheet.enrich.readings.claims.sentences import sentence_around, sentence_starts
from broadsheet.enrich.readings.claims.sizes import sizes_of
from broadsheet.enrich.readings.claims.tidy import tidy_baseline, tidy_metric, tidy_place, tidy_subject
from broadsheet.enrich.readings.claims.view import Texts, texts_of
from broadsheet.enrich.readings.claims.whose import Own, own_work, subject_of

MOST = 100  # no abstract holds more; a text of ten thousand numbers would take seconds otherwise


def read_claims(title: str, abstract: str) -> tuple[list[Claim], list[Size]]:
    """Every offset counts characters of the abstract as given."""
    texts = texts_of(abstract)
    claims: list[Claim] = []
    sizes: list[Size] = []
    own: Own | None = None
    weights, told = shipped_weights(), set[tuple[float, str]]()
    for figure, sentence, cues in weighed_figures(texts):
        role = role_of(cues, weights)
        if role is Role.RESULT and len(claims) < MOST and not _is_told(figure, told):
            own = own or own_work(title, texts, cache(partial(evaluated_on, texts)))
            claims.append(_claim(abstract, texts, figure, sentence, own))
        elif role is Role.SIZE and len(sizes) < MOST:
            sizes += sizes_of(abstract, texts.view, figure, sentence)
    return claims, sizes


def weighed_figures(texts: Texts) -> list[tuple[Figure, tuple[int, int], list[str]]]:
    """Each figure with the span of its sentence and what speaks for and against its being a result."""
    view, lower = texts
    figures = all_figures(view, lower)
    if not figures:
        return []
    starts = sentence_starts(view)
    first_own = first_own_word(lower)
    weighed = []
    around, cues = (0, 0), list[str]()
    for figure in figures:
        sentence = sentence_around(starts, figure.start)
        if sentence != around:
            around, cues = sentence, sentence_cues(lower, sentence, first_own)
        weighed.append((figure, sentence, cues + figure_cues(view, lower, figure, sentence)))
    return weighed


def all_figures(view: str, lower: str) -> list[Figure]:
    figures = figures_in(view, lower)
    phrases = phrase_figures_in(lower)
    if phrases:
        taken = {place for phrase in phrases for place in range(phrase.start, phrase.end)}
        figures = [figure for figure in figures if figure.start not in taken] + phrases
        figures.sort(key=lambda figure: figure.start)
    for figure in figures if "factor" in lower else ():
        if is_factor(view, figure):
            figure.kind, figure.unit = "factor", "x"
    return [figure for figure in figures if not is_idiom(lower, figure)]


def _claim(text: str, texts: Texts, figure: Figure, sentence: tuple[int, int], own: Own) -> Claim:
    view, lower = texts
    baseline = tidy_baseline(baseline_of(texts, sentence, figure.start, figure.stop))
    subject = tidy_subject(subject_of(view, sentence, figure.start, own), own.name)
    metric = metric_of(view, figure, sentence)
    if figure.before is not None:
        before = text[figure.before.start : figure.before.stop]
        baseline = f"{before} ({baseline})" if baseline else before
    return Claim(
        value=figure.value,
        unit=unit_of_score(view, figure, sentence, metric),
        quote=quote_around(text, figure, sentence),
        value_max=figure.value_max,
        metric=tidy_metric(metric, subject, baseline),
        subject=subject,
        dataset=tidy_place(dataset_of(texts, sentence, figure.start, figure.stop, own)),
        baseline=baseline,
        bound=bound_of(lower, figure),
        direction=direction_of(lower, figure, sentence),
    )


def _is_told(figure: Figure, told: set[tuple[float, str]]) -> bool:
    """An abstract that says a figure twice claims it once, as first told."""
    key = (figure.value, figure.unit)
    if key in told:
        return True
    told.add(key)
    return False
