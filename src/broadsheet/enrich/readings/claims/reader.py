"""Reads the figures that a title and abstract state: results as claims, and how large things are."""

from broadsheet.domain.reading import Claim, Size
from broadsheet.enrich.readings.claims.against import baseline_of, dataset_of
from broadsheet.enrich.readings.claims.cues import figure_cues, first_own_word, sentence_cues
from broadsheet.enrich.readings.claims.decide import Role, role_of
from broadsheet.enrich.readings.claims.figures import Figure, figures_in
from broadsheet.enrich.readings.claims.measures import bound_of, direction_of, metric_of
from broadsheet.enrich.readings.claims.phrases import phrase_figures_in
from broadsheet.enrich.readings.claims.quotes import quote_around
from broadsheet.enrich.readings.claims.scales import is_factor, unit_of_score
from broadsheet.enrich.readings.claims.sentences import sentence_around, sentence_starts
from broadsheet.enrich.readings.claims.sizes import sizes_of
from broadsheet.enrich.readings.claims.view import plain_view
from broadsheet.enrich.readings.claims.whose import Own, own_work, subject_of


def read_claims(title: str, abstract: str) -> tuple[list[Claim], list[Size]]:
    """Every offset counts characters of the abstract as given."""
    view = plain_view(abstract)
    claims: list[Claim] = []
    sizes: list[Size] = []
    own: Own | None = None
    for figure, sentence, cues in weighed_figures(view):
        role = role_of(cues)
        if role is Role.RESULT:
            own = own or own_work(title, view)
            claims.append(_claim(abstract, view, figure, sentence, own))
        elif role is Role.SIZE:
            sizes += sizes_of(abstract, view, figure, sentence)
    return _once(claims), sizes


def weighed_figures(view: str) -> list[tuple[Figure, tuple[int, int], list[str]]]:
    """Each figure with the span of its sentence and what speaks for and against its being a result."""
    figures = all_figures(view)
    if not figures:
        return []
    starts = sentence_starts(view)
    first_own = first_own_word(view)
    weighed = []
    around, cues = (0, 0), list[str]()
    for figure in figures:
        sentence = sentence_around(starts, figure.start)
        if sentence != around:
            around, cues = sentence, sentence_cues(view, sentence, first_own)
        weighed.append((figure, sentence, cues + figure_cues(view, figure, sentence)))
    return weighed


def all_figures(view: str) -> list[Figure]:
    figures = figures_in(view)
    phrases = phrase_figures_in(view)
    if phrases:
        taken = [(phrase.start, phrase.end) for phrase in phrases]
        figures = [figure for figure in figures if not _inside(figure, taken)] + phrases
        figures.sort(key=lambda figure: figure.start)
    for figure in figures:
        if is_factor(view, figure):
            figure.kind, figure.unit = "factor", "x"
    return figures


def _inside(figure: Figure, spans: list[tuple[int, int]]) -> bool:
    return any(start <= figure.start < end for start, end in spans)


def _claim(text: str, view: str, figure: Figure, sentence: tuple[int, int], own: Own) -> Claim:
    metric = metric_of(view, figure, sentence)
    baseline = baseline_of(view, sentence, figure.start, figure.stop)
    if figure.before is not None:
        before = text[figure.before.start : figure.before.stop]
        baseline = f"{before} ({baseline})" if baseline else before
    return Claim(
        value=figure.value,
        unit=unit_of_score(view, figure, sentence, metric),
        quote=quote_around(text, figure, sentence),
        value_max=figure.value_max,
        metric=metric,
        subject=subject_of(view, sentence, figure.start, own),
        dataset=dataset_of(view, sentence, figure.start, figure.stop, own),
        baseline=baseline,
        bound=bound_of(view, figure),
        direction=direction_of(view, figure, sentence),
    )


def _once(claims: list[Claim]) -> list[Claim]:
    """An abstract that says a figure twice claims it once, as first told."""
    kept: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        kept.setdefault((claim.value, claim.unit), claim)
    return list(kept.values())
