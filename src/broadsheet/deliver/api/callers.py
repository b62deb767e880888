"""Who calls, by the token that came along, and what that token may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from broadsheet.deliver import tokens
from broadsheet.deliver.api.problems import Problem
from broadsheet.deliver.tokens import BadToken, Purpose
from broadsheet.domain.scope import OF_OWNER, Scope
from broadsheet.store import api_tokens
from broadsheet.store.subscriptions import Handle

_MAIL_SCOPES = {
    Purpose.MANAGE: (Scope.SUBSCRIPTION, Scope.END),
    Purpose.UNSUBSCRIBE: (Scope.END,),
    Purpose.FEEDBACK: (),
    Purpose.CONFIRM: (),
}
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="broadsheet"'}


@dataclass(frozen=True, slots=True)
class Caller:
    token_id: int | None = None  # of a token of the owner's making
    scopes: tuple[Scope, ...] = ()
    handle: Handle | None = None  # of the subscription whose link is the token
    is_known: bool = False


ANYBODY = Caller()
OWNER = Caller(scopes=OF_OWNER, is_known=True)  # at the terminal of this machine


def caller_of(request: HttpRequest, now: datetime) -> Caller:
    """Raises Problem for a token that stands for nothing: who sends one means to be known."""
    written = request.headers.get("Authorization", "")
    if not written:
        return ANYBODY
    scheme, _, token = written.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise _refused("Authorization: expected Bearer and a token")
    return _of_owner(token, now) if token.startswith(api_tokens.BEGINS) else _of_mail(token)


def _of_owner(token: str, now: datetime) -> Caller:
    held = api_tokens.find(token, now)
    if held is None:
        raise _refused("This token was not made here.")
    if not held.is_good(now):
        raise _refused("This token was revoked." if held.revoked_at else "This token is too old.")
    return Caller(held.id, held.scopes, is_known=True)


def _of_mail(token: str) -> Caller:
    """The word of a link in a mail, of whichever purpose."""
    why = ""
    for purpose, scopes in _MAIL_SCOPES.items():
        try:
            return Caller(scopes=scopes, handle=tokens.read(purpose, token), is_known=True)
        except BadToken as error:
            why = why if why.startswith("The link is too old") else str(error)
    raise _refused(why.replace("The link", "The token") or "This token was not made here.")


def _refused(why: str) -> Problem:
    return Problem(
        401, why, headers={"WWW-Authenticate": f'{_CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'}
    )


class Needs(HttpBearer):
    """What an address asks of the token."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        caller: Caller = getattr(request, "caller", ANYBODY)
        if not caller.is_known:
            words = (
                f"This address needs a token with the scope {self.scope}: send Authorization: Bearer TOKEN."
            )
            raise Problem(401, words, headers=_CHALLENGE)
        if self.scope not in caller.scopes:
            has = f"it has {', '.join(caller.scopes)}" if caller.scopes else "it has none"
            words = f"This address needs a token with the scope {self.scope}; {has}."
            raise Problem(403, words)
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        raise NotImplementedError("the gate has read the token")
