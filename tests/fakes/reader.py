"""A reader for tests: reads what it is told to, by patterns, and counts how often it was asked."""

import re
from dataclasses import dataclass, field

from broadsheet.domain.reading import Claim, Reading, Span


@dataclass
class FakeReader:
    """Takes every number before "x" or "%" for a claim, with the words around it as its quote."""

    before: int = 2  # words of the quote on either side of the figure
    after: int = 2
    misread: dict[float, float] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, title: str, text: str) -> Reading:
        self.asked.append(title)
        words = list(re.finditer(r"\S+", text))
        claims = []
        for place, word in enumerate(words):
            found = re.fullmatch(r"(\d+(?:\.\d+)?)(x|%)[.,]?", word.group())
            if found:
                start = words[max(0, place - self.before)].start()
                end = words[min(len(words) - 1, place + self.after)].end()
                value = float(found[1])
                quote = Span(text[start:end], start, end)
                claims.append(Claim(self.misread.get(value, value), found[2], quote, metric="speed"))
        line = Span(text[:10], 0, 10) if len(text) >= 10 else None
        return Reading(names=(title.partition(":")[0],), claims=claims, one_line=line)
