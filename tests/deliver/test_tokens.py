"""A token is good for one purpose, one subscription and one time; anything else is refused with advice."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.deliver import tokens
from broadsheet.deliver.tokens import BadToken, Purpose
from broadsheet.store.subscriptions import Handle
from tests.deliver.conftest import NOW

HANDLE = Handle(7, 2)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_says_which_subscription_of_which_generation(purpose: Purpose) -> None:
    assert tokens.read(purpose, tokens.make(purpose, HANDLE)) == HANDLE


def test_a_confirmation_alone_says_which_letter_it_answers() -> None:
    answers = Handle(7, 2, letter=9)

    for purpose in Purpose:
        found = tokens.read(purpose, tokens.make(purpose, answers))
        assert found == (answers if purpose is Purpose.CONFIRM else HANDLE)


@pytest.mark.parametrize(("made_for", "used_for"), [*itertools.permutations(Purpose, 2)])
def test_a_token_for_one_purpose_is_refused_for_another(made_for: Purpose, used_for: Purpose) -> None:
    with pytest.raises(BadToken, match="not made here for this purpose"):
        tokens.read(used_for, tokens.make(made_for, HANDLE))


@pytest.mark.parametrize(
    ("purpose", "days"),
    [(Purpose.CONFIRM, 3), (Purpose.MANAGE, 365), (Purpose.FEEDBACK, 365), (Purpose.UNSUBSCRIBE, None)],
)
def test_a_token_lasts_as_long_as_it_is_needed(purpose: Purpose, days: int | None) -> None:
    with time_machine.travel(NOW, tick=False):
        token = tokens.make(purpose, HANDLE)
    with time_machine.travel(NOW + timedelta(days=days or 36_500, seconds=-1), tick=False):
        assert tokens.read(purpose, token) == HANDLE
    if days:
        late = NOW + timedelta(days=days, seconds=2)
        with time_machine.travel(late, tick=False), pytest.raises(BadToken, match=r"too old\. .+\."):
            tokens.read(purpose, token)


def test_an_altered_token_is_refused_whatever_was_altered() -> None:
    token = tokens.make(Purpose.MANAGE, HANDLE)
    for at, sign in enumerate(token):
        altered = token[:at] + ("A" if sign != "A" else "B") + token[at + 1 :]
        with pytest.raises(BadToken):
            tokens.read(Purpose.MANAGE, altered)
    for cut in range(len(token)):
        with pytest.raises(BadToken):
            tokens.read(Purpose.MANAGE, token[:cut])


@given(st.text(max_size=400))
def test_whatever_is_sent_as_a_token_is_refused_with_advice(text: str) -> None:
    with pytest.raises(BadToken) as caught:
        tokens.read(Purpose.CONFIRM, text)
    assert caught.value.advice
    assert str(caught.value).endswith(".")


def test_a_token_signed_by_another_key_is_refused() -> None:
    salt = "broadsheet.token.1.manage"
    assert tokens.read(Purpose.MANAGE, signing.dumps([7, 2], salt=salt)) == HANDLE

    with pytest.raises(BadToken):
        tokens.read(Purpose.MANAGE, signing.dumps([7, 2], key="another", salt=salt))
