"""Whose fault a refusal is, by what mail servers say."""

import pytest

from broadsheet.domain.refusal import is_of_address, is_ours

OURS = [
    "550 5.4.5 Daily user sending limit exceeded",
    "550 Hourly sending limit exceeded",
    "554 5.7.1 <ada@example.net>: Relay access denied",
    "550 relaying to <ada@example.net> prohibited by administrator",
    "550 We do not relay",
    "530 5.7.0 Authentication Required",
    "535 5.7.8 Username and Password not accepted",
]
OF_NOBODY = [
    "550 5.7.26 This mail is unauthenticated: DKIM did not pass",
    "554 5.7.9 Not wanted here",
    "554 Your access to this mail system has been rejected",
    "550 Message rejected as spam by 5.1.9.12",
    "550 rejected because of SPF",
    "552 5.3.4 Message too big",
    "552 Message size exceeds fixed limit",
    "550 5.1.8 Sender address rejected",
    "550 5.7.1 Recipient address rejected: Access denied",
    "failed 5.7.26",
]
OF_ADDRESS = [
    "550 5.1.1 <ada@example.net>: Recipient address rejected: User unknown in relay recipient table",
    "550 No such user here",
    "553 mailbox name not allowed",
    "552 5.2.2 Over quota",
    "552 This user is over quota",
    "550 5.2.1 The account is disabled",
    "550 5.4.4 Host or domain name not found",
    "550 5.5.0 Requested action not taken: mailbox unavailable",
    "550 5.4.1 Recipient address rejected: Access denied",
    "554 delivery error: dd This user doesn't have an example.com account",
    "554 30 Sorry, your mail cannot be delivered. This mailbox is disabled",
    "550 5.0.0 User unknown",
    "511 user unknown",
    "host mx.example.net[192.0.2.1]:587 said: 550 No such user",
    "",  # of a mail service that says no more
]


@pytest.mark.parametrize("answer", OURS)
def test_what_our_own_server_lacks_is_no_readers_fault(answer: str) -> None:
    assert is_ours(answer)
    assert not is_of_address(answer)


@pytest.mark.parametrize("answer", OF_NOBODY)
def test_what_is_thought_of_the_mail_tells_nothing_of_the_address(answer: str) -> None:
    assert not is_ours(answer)
    assert not is_of_address(answer)


@pytest.mark.parametrize("answer", OF_ADDRESS)
def test_a_mailbox_that_is_gone_is_the_addresss_own(answer: str) -> None:
    assert is_of_address(answer)
