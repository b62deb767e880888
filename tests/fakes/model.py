"""A language model behind an OpenAI-compatible endpoint, played: it answers what a test tells it to."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.upstream import Answer, Asked

Writes = Callable[[str, str], str]


def said(text: str | None, reason: str = "stop", **message: Any) -> bytes:
    """A whole reply, as https://platform.openai.com/docs/api-reference/chat/object has it, shortened."""
    told = {"role": "assistant", "content": text, **message}
    choice = {"index": 0, "message": told, "finish_reason": reason}
    return json.dumps({"id": "1", "object": "chat.completion", "choices": [choice]}).encode()


def paper_of(asked: Asked) -> tuple[str, str]:
    """The title and the abstract that were sent."""
    paper = json.loads(json.loads(asked.body)["messages"][-1]["content"])
    return paper["title"], paper["abstract"]


@dataclass
class FakeModel:
    """Repeats the first sentence of each abstract, unless told what to write."""

    writes: Writes = lambda title, text: text.split(". ")[0] + "."
    titles: list[str] = field(default_factory=list)  # in the order of asking

    def __call__(self, asked: Asked) -> Answer:
        title, text = paper_of(asked)
        self.titles.append(title)
        return Answer(said(self.writes(title, text)))
