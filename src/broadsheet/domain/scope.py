"""What a token of the API may do. Reading what is public needs none."""

from enum import StrEnum


class Scope(StrEnum):
    READ = "read"  # what everybody may read, as often as BROADSHEET_API_TOKEN_RATE says
    STATUS = "status"  # how sources and jobs are doing
    SUBSCRIPTION = (
        "subscription"  # read and change one subscription: by the link of a mail, never by the owner
    )
    END = "subscription:end"  # end that subscription


OF_OWNER = (Scope.READ, Scope.STATUS)  # that the owner can give away
