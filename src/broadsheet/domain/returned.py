"""What comes back after a mail was sent, whoever tells of it: a mailbox, or a mail service."""

from enum import StrEnum


class ReturnKind(StrEnum):
    HARD = "hard"  # it could not be delivered, and never will be
    SOFT = "soft"  # not now, or nobody can tell
    COMPLAINT = "complaint"  # the reader called it unwanted mail
    LEFT = "left"  # the reader unsubscribed, by mail or at the mail service
    ASKED = "asked"  # somebody asks by mail to be unsubscribed, and shows no link: for the owner to see
    UNKNOWN = "unknown"  # of a mail that we know nothing of; counted by day
