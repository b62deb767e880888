"""What the JSON Lines formats have in common: one object per line, one record per object."""

from collections.abc import Callable, Iterable, Iterator

import orjson

from broadsheet.domain.paper import BadRecord, PaperRecord, Told
from broadsheet.lib.text import shortened
from broadsheet.sources.fields import Fields
from broadsheet.sources.lines import BadLine, Line, decoded


def read_objects(
    lines: Iterable[Line], name: str, source: str, make: Callable[[Fields], PaperRecord]
) -> Iterator[Told]:
    """One record, or the reason why not, for each line that is not blank."""
    for number, line in enumerate(lines, 1):
        if is_blank(line):
            continue
        try:
            yield make(as_object(line))
        except ValueError as error:
            yield BadRecord(source, f"{name} line {number}", shortened(str(error), 300))


def is_blank(line: Line) -> bool:
    return not isinstance(line, BadLine) and (not line or line.isspace())


def as_object(line: Line) -> Fields:
    """Raises ValueError with a reason that a reader of the file understands."""
    if isinstance(line, BadLine):
        raise ValueError(line.reason)
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        decoded(line)  # the better reason, when this is it
        raise ValueError(f"broken JSON: {error}") from None
    if type(fields) is not dict:
        raise ValueError("the line is JSON but no object; expected {…} on each line")
    return fields
