"""What goes wrong when a site is asked."""

from collections.abc import Sequence


class ClientError(Exception):
    """Either of the two below."""


class ApiError(ClientError):
    """The site refused, or could not answer; as it said itself where it did."""

    def __init__(self, status: int, code: str, detail: str, errors: Sequence[dict[str, str]] = ()) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)  # field, value, expected


class NoAnswer(ClientError):
    """Nobody is there, or who is there does not answer as a Broadsheet does."""
