"""What a size is a size of: "1,024 tasks", "600K lines of open-source programs"."""

from broadsheet.domain.reading import Size, Span
from broadsheet.enrich.readings.claims.figures import Figure
from broadsheet.enrich.readings.claims.nouns import phrase_after


def sizes_of(text: str, view: str, figure: Figure, sentence: tuple[int, int]) -> list[Size]:
    stop = figure.end if figure.kind in ("length", "time", "power", "storage", "rate") else figure.stop
    first, last = phrase_after(view, stop, sentence[1], most=6)
    what = view[first:last].strip(" -") or figure.unit
    end = max(last, figure.stop)
    quote = Span(text[figure.start : end], figure.start, end)
    values = (figure.value,) if figure.value_max is None else (figure.value, figure.value_max)
    return [Size(value, what, quote) for value in values]
