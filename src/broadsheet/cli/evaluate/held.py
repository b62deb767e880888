"""The papers of the data folder, as something to search in an evaluation."""

from collections.abc import Iterator

from broadsheet.domain.entry import Entry
from broadsheet.domain.ids import find_key
from broadsheet.store.follow import changes_after

AT_ONCE = 10_000  # papers read from the database


class HeldPapers:
    """The papers of this data folder."""

    def __init__(self) -> None:
        self.repeats = 0
        self._numbers: dict[str, int] = {}

    @property
    def count(self) -> int:
        return len(self._numbers)

    def entries(self) -> Iterator[Entry]:
        seen, is_last = 0, False
        while not is_last:
            changes = changes_after(seen, most=AT_ONCE)
            seen, is_last = changes.up_to, changes.is_last
            for entry in changes.entries:
                self._numbers[entry.key] = entry.paper_id
                yield entry

    def number(self, name: str) -> int | None:
        return self._numbers.get(find_key(name) or name)
