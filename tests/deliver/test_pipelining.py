"""Mails that go over the line in fewer round trips (RFC 2920), and what a refusal among them does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from broadsheet.deliver.email.post import Answer, Letter, PostDown, SmtpPost
from broadsheet.lib import smtp_server
from tests.fakes.mail import run_mail_server
from tests.fakes.talk import Talk, run_talk

TEXT = b"Subject: short\n\nOne line.\n"
ENVELOPE = ["MAIL", "RCPT", "DATA"]
MAIL = ["Subject: short", "", "One line."]


def letters(*kinds: str) -> list[Letter]:
    return [
        Letter("a", "digest@example.org", f"{kind}-{number}@example.org", TEXT)
        for number, kind in enumerate(kinds)
    ]


def sent(post: SmtpPost, mails: Sequence[Letter], *, is_looking_ahead: bool = True) -> list[Answer]:
    after = [*mails[1:], None] if is_looking_ahead else [None] * len(mails)
    return [post.send(mail, then) for mail, then in zip(mails, after, strict=True)]


@contextmanager
def talking(talk: Talk) -> Iterator[SmtpPost]:
    with run_talk(talk):
        post = SmtpPost(smtp_server.read(talk.url), "papers.example.org", deadline_s=2.0)
        try:
            yield post
        finally:
            post.close()


def states(answers: Sequence[Answer]) -> list[str]:
    return [answer.state for answer in answers]


@pytest.mark.parametrize(
    ("offers", "is_looking_ahead", "turns"),
    [((), True, 40), (("PIPELINING",), False, 20), (("PIPELINING",), True, 11)],
)
def test_ten_mails_cost_four_two_or_one_round_trip_each(
    offers: tuple[str, ...], is_looking_ahead: bool, turns: int
) -> None:
    talk = Talk(offers, wait_s=0.02)
    with talking(talk) as post:
        post._opened()
        before = talk.turns

        answers = sent(post, letters(*["ok"] * 10), is_looking_ahead=is_looking_ahead)

        assert talk.turns - before == turns
    assert states(answers) == ["sent"] * 10
    assert talk.mails == [MAIL] * 10


def test_data_that_is_taken_for_nobody_is_ended_by_an_empty_mail() -> None:
    talk = Talk(answers={"RCPT": ["550 5.1.1 Nobody"], ".": ["554 No recipients"]})
    with talking(talk) as post:
        answers = sent(post, letters("no", "ok"))

    assert states(answers) == ["refused", "sent"]
    assert answers[0].text == "550 5.1.1 Nobody"
    assert talk.heard[:10] == ["EHLO", *ENVELOPE, ".", "RSET", *ENVELOPE, "."]
    assert talk.mails == [[], MAIL]
    assert talk.calls == 1


def test_no_empty_mail_goes_to_somebody_though_the_sender_was_put_off() -> None:
    talk = Talk(answers={"MAIL": ["451 Not now"]})
    with talking(talk) as post:
        answers = sent(post, letters("ok", "ok"))

    assert states(answers) == ["waiting", "sent"]
    assert talk.mails == [MAIL]
    assert talk.calls == 2  # what was taken for the first was taken back by leaving


@pytest.mark.parametrize(
    ("answers", "expected", "calls"),
    [
        ({"RCPT": ["421 Too much"]}, ["waiting", "sent"], 2),
        ({"RCPT": ["550 No"], "DATA": ["503 No recipients"]}, ["refused", "sent"], 1),
        ({"RCPT": ["550 No"], "DATA": [""]}, ["refused", "sent"], 2),
        ({"DATA": ["451 Not now"]}, ["waiting", "sent"], 1),
        ({"DATA": ["250 OK"]}, ["waiting", "sent"], 2),
        ({"MAIL": ["250 OK", ""]}, ["sent", "sent"], 2),
        ({"RCPT": ["250 OK", ""]}, ["sent", "waiting"], 1),
        ({"RCPT": ["250 OK", "550 No"]}, ["sent", "refused"], 1),
    ],
)
def test_each_answer_to_an_envelope_counts_for_its_own_mail(
    answers: dict[str, list[str]], expected: list[str], calls: int
) -> None:
    talk = Talk(answers=answers)
    with talking(talk) as post:
        assert states(sent(post, letters("a", "b"))) == expected

        assert [mail for mail in talk.mails if mail] == [MAIL] * expected.count("sent")
        assert talk.calls == calls


@pytest.mark.parametrize(
    ("answer", "state", "calls"),
    [
        ("451 Not now", "waiting", 1),
        ("554 Spam", "refused", 1),
        ("421 Leaving", "waiting", 2),
        ("", "unknown", 2),
        ("what?", "unknown", 2),
        ("354 Go on", "unknown", 2),
        ("251 Passed on", "sent", 1),
    ],
)
def test_each_answer_to_a_whole_mail_counts_for_that_mail(answer: str, state: str, calls: int) -> None:
    talk = Talk(answers={".": [answer]})
    with talking(talk) as post:
        assert states(sent(post, letters("a", "b"))) == [state, "sent"]

        assert [mail for mail in talk.mails if mail][:2] == [MAIL] * 2
        assert talk.calls == calls


def test_whose_envelope_was_said_and_whose_mail_does_not_follow_gets_nothing() -> None:
    talk = Talk()
    with talking(talk) as post:
        first, second, third = letters("a", "b", "c")
        post.send(first, second)

        assert post.send(third).state == "sent"
        post.send(first, second)

    assert talk.mails == [MAIL] * 3
    assert talk.heard.count("QUIT") == 0  # who waits for a text would take it for one


def test_a_refused_sender_stops_all_in_words() -> None:
    talk = Talk(answers={"MAIL": ["550 5.7.1 Not you"], "RCPT": ["503 No"], "DATA": ["503 No"]})
    with talking(talk) as post:
        with pytest.raises(PostDown, match="refuses the sender digest@"):
            post.send(*letters("a", "b"))
        assert post.send(letters("c")[0]).state == "sent"


def test_a_server_that_is_slow_with_the_next_envelope_still_has_the_first_mail() -> None:
    kinds = ["ok", "stall", "ok", "busy", "ok", "drop", "ok", "no", "ok", "dropafter", "ok"]
    with run_mail_server(stall_s=1.0) as server:
        server.pipelines = True
        post = SmtpPost(smtp_server.read(server.url), "papers.example.org", deadline_s=0.4)

        answers = sent(post, letters(*kinds))
        post.close()

    of_kind = {"ok": "sent", "no": "refused", "dropafter": "unknown"}
    assert states(answers) == [of_kind.get(kind, "waiting") for kind in kinds]
    assert max(server.taken.values()) == 1
