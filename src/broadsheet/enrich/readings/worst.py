"""Where readings go wrong next to annotations: the errors of which the reader was surest come first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from broadsheet.domain.reading import Claim
from broadsheet.enrich.readings.claims.decide import chances, shipped_weights
from broadsheet.enrich.readings.claims.reader import weighed_figures
from broadsheet.enrich.readings.claims.view import texts_of
from broadsheet.enrich.readings.names import name_model, scores_of, view_of_text
from broadsheet.enrich.readings.scoring import Gold, match_claims
from broadsheet.enrich.readings.scoring_names import folded_name


@dataclass(frozen=True, slots=True)
class Mistake:
    surety: float  # from 0 to 1: how sure the reader was of what is wrong
    kind: str  # "claim read", "claim missed", "name read", "name missed"
    what: str


def wrong_claims(abstract: str, found: Sequence[Claim], gold: Sequence[Gold]) -> Iterator[Mistake]:
    """Figures that were read and are none, and results that were not."""
    weights = shipped_weights()
    chance_of = [
        (figure, chances(cues, weights)[0]) for figure, _, cues in weighed_figures(texts_of(abstract))
    ]
    pairs = match_claims(found, gold)
    for place in sorted(set(range(len(found))) - {ours for ours, _ in pairs}):
        claim = found[place]
        likely = [chance for figure, chance in chance_of if _is_of(claim, figure.start, figure.value)]
        yield Mistake(max(likely, default=0.5), "claim read", f"{claim.value:g} {claim.unit}".strip())
    for place in sorted(set(range(len(gold))) - {theirs for _, theirs in pairs}):
        row = gold[place]
        likely = [chance for figure, chance in chance_of if figure.value == row["value"]]
        what = f"{row['value']} {row.get('unit') or ''}".strip()
        yield Mistake(1 - max(likely, default=0.0), "claim missed", what)


def _is_of(claim: Claim, start: int, value: float) -> bool:
    return value == claim.value and claim.quote.start <= start < claim.quote.end


def wrong_names(title: str, abstract: str, found: Sequence[str], gold: Sequence[str]) -> Iterator[Mistake]:
    """Names that are others', and own ones that were not read."""
    chance_of = _chances_of_names(title, abstract)
    ours, theirs = ({folded_name(name): name for name in names} for names in (found, gold))
    for key, name in ours.items():
        if key not in theirs:
            yield Mistake(chance_of.get(key, 0.5), "name read", name)
    for key, name in theirs.items():
        if key not in ours:
            yield Mistake(1 - chance_of.get(key, 0.0), "name missed", name)


def _chances_of_names(title: str, abstract: str) -> Mapping[str, float]:
    model = name_model()
    view = view_of_text(title, abstract, model)
    scores = scores_of(view, model)
    return {
        folded_name(candidate.text): 1 / (1 + exp(-max(-50.0, min(50.0, scores[key]))))
        for key, candidate in view.candidates.items()
    }
