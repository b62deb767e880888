"""An envelope sender names one mail, and cannot be made by who has not had it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.deliver.email import verp
from broadsheet.deliver.email.verp import Meant
from broadsheet.store.subscriptions import Handle

BOUNCES = "bounces@example.org"
LONGEST_NUMBER = 2**63 - 1
MADE_AT = datetime(2026, 5, 22, 6, 30, tzinfo=UTC)


def mark_of(address: str) -> str:
    return address.partition("+")[2].partition("@")[0]


def read(mark: str, made_at: datetime | None = MADE_AT) -> Meant | None:
    return verp.read(mark, lambda _: made_at)


@given(st.integers(1, LONGEST_NUMBER), st.integers(0, 999_999_999))
def test_what_is_made_can_be_read_in_either_case(number: int, generation: int) -> None:
    handle = Handle(number, generation)
    for address, meant in (
        (verp.of_delivery(BOUNCES, number, MADE_AT), Meant(delivery=number)),
        (verp.of_letter(BOUNCES, handle), Meant(handle=handle)),
    ):
        assert re.fullmatch(r"bounces\+[a-z0-9.-]+@example\.org", address)
        assert len(address.partition("@")[0]) <= 64
        assert read(mark_of(address)) == meant
        assert read(mark_of(address).upper()) == meant


def test_the_longest_mailbox_that_a_setting_takes_leaves_room() -> None:
    address = verp.of_delivery(f"{'b' * 26}@example.org", LONGEST_NUMBER, MADE_AT)

    assert len(address.partition("@")[0]) <= 64
    letter = verp.of_letter(f"{'b' * 26}@example.org", Handle(10**9 - 1, 10**9 - 1))
    assert len(letter.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "mark",
    ["", "d1", "d1-", "d1-aaaaaaaaaaaaaaaa", "d1.2-aaaaaaaaaaaaaaaa", "s1-aaaaaaaaaaaaaaaa", "x" * 9_000],
)
def test_what_was_not_made_here_means_nothing(mark: str) -> None:
    assert read(mark) is None


def test_another_number_under_the_same_signature_means_nothing() -> None:
    mark = mark_of(verp.of_delivery(BOUNCES, 12, MADE_AT))
    letter = mark_of(verp.of_letter(BOUNCES, Handle(12, 0)))

    assert read(mark.replace("d12", "d13")) is None
    assert read(letter.replace("s12.0", "s12.1")) is None
    assert read(letter.replace("s12.0", "d12")) is None


def test_a_delivery_that_has_the_number_of_another_is_not_meant() -> None:
    mark = mark_of(verp.of_delivery(BOUNCES, 12, MADE_AT))

    assert read(mark) == Meant(delivery=12)
    assert read(mark, MADE_AT + timedelta(seconds=1)) is None
    assert read(mark, None) is None


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert read(text) is None


def test_another_site_signs_otherwise(settings: object) -> None:
    mark = mark_of(verp.of_delivery(BOUNCES, 12, MADE_AT))
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]

    assert read(mark) is None
