"""A claim as a row of a table, with the addresses of what it names."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from broadsheet.deliver.web.proofs import Sentence
from broadsheet.domain.naming import is_name, name_key
from broadsheet.store.claims import About, ClaimRow
from broadsheet.store.page_values import Claimed

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Row:
    claimed: Claimed
    of: ClaimRow | None = None  # the paper, where the table has many
    proof: SafeString | None = None
    sentence: int = 0  # its number, on the page of its paper

    @property
    def subject(self) -> str:
        return address_of(About.NAME, self.claimed.claim.subject)

    @property
    def baseline(self) -> str:
        return address_of(About.NAME, self.claimed.claim.baseline)

    @property
    def dataset(self) -> str:
        return address_of(About.BENCHMARK, self.claimed.claim.dataset)


def address_of(about: About, name: str) -> str:
    """Where the claims about it are; "" where it names nothing."""
    is_known = is_name(name) and name_key(name) and len(name) <= LONGEST_NAME
    return reverse(about, args=[name]) if is_known else ""


def rows_of(claims: Sequence[Claimed], sentences: Sequence[Sentence]) -> list[Row]:
    numbers = {claim_id: one.number for one in sentences for claim_id in one.claims}
    return [Row(one, sentence=numbers.get(one.claim_id, 0)) for one in claims]


def linked_names(names: Sequence[str], claims: Sequence[Claimed]) -> list[tuple[str, str]]:
    """A paper's own names; those that its claims are about lead to all claims about them."""
    known = {name_key(one.claim.subject or names[0]) for one in claims} if names else set()
    return [(name, address_of(About.NAME, name) if name_key(name) in known else "") for name in names]
