"""Reads parameters; what makes no sense is refused by naming the field, the value and what is expected."""

import re

from django.http import QueryDict

from broadsheet.lib.text import shortened

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
LONGEST_TOLD = 60


class Refused(ValueError):
    """What was asked for makes no sense; the message says what is expected."""

    def __init__(self, field: str, value: str, expected: str) -> None:
        super().__init__(f"{field}: expected {expected}, not {shortened(value, LONGEST_TOLD)!r}")
        self.field = field


def whole_number(asked: QueryDict, field: str, default: int, *, least: int, most: int) -> int:
    text = asked.get(field, "").strip()
    if not text:
        return default
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise Refused(field, text, f"a whole number from {least} to {most:,}")
    return int(text)
