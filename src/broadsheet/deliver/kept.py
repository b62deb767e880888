"""What a browser keeps for itself: which papers its reader saved and voted for. The server does not.

One signed cookie, `[saved, voted]`, each a list of short names, the newest first; "~" stands before one
that was not counted, so that taking it back subtracts nothing.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from broadsheet.domain.ids import PaperKey, find_key, paper_ref
from broadsheet.domain.signal import SignalKind

COOKIE = "kept"
MOST = 200  # papers of each kind
LONGEST = 3_500  # characters of the cookie; browsers take 4 KB
A_YEAR_S = 365 * 24 * 3600
_NOT_COUNTED = "~"
_FORMAT = "broadsheet.kept.1"  # what another version has signed is not read

Chosen = dict[PaperKey, bool]  # the newest first; whether it was counted


@dataclass(frozen=True, slots=True)
class Kept:
    saved: Chosen
    voted: Chosen

    def of(self, kind: SignalKind) -> Chosen:
        return self.saved if kind is SignalKind.SAVES else self.voted

    def plus(self, kind: SignalKind, key: PaperKey, *, is_counted: bool) -> "Kept":
        return self._with(kind, {key: is_counted} | self.of(kind))

    def minus(self, kind: SignalKind, key: PaperKey) -> "Kept":
        return self._with(kind, {one: counted for one, counted in self.of(kind).items() if one != key})

    def _with(self, kind: SignalKind, chosen: Chosen) -> "Kept":
        newest = dict(list(chosen.items())[:MOST])
        return replace(self, saved=newest) if kind is SignalKind.SAVES else replace(self, voted=newest)


def kept_in(request: HttpRequest) -> Kept:
    """What the browser has sent; nothing when it sent none, or one that we did not sign."""
    cookie = request.COOKIES.get(COOKIE, "")
    if not cookie or len(cookie) > LONGEST:
        return Kept({}, {})
    try:
        saved, voted = _signer().unsign_object(cookie)
    except (BadSignature, ValueError):
        return Kept({}, {})
    return Kept(_read(saved), _read(voted))


def keep_in(response: HttpResponse, kept: Kept, *, is_secure: bool) -> None:
    if not kept.saved and not kept.voted:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    cookie = _written(kept)
    response.set_cookie(COOKIE, cookie, max_age=A_YEAR_S, httponly=True, samesite="Lax", secure=is_secure)


def _written(kept: Kept) -> str:
    """The oldest go where all are too much: names of arXiv are short, but a DOI may have 400 characters."""
    saved, voted = _listed(kept.saved), _listed(kept.voted)
    while len(cookie := _signer().sign_object([saved, voted], compress=True)) > LONGEST:
        (saved if len(saved) >= len(voted) else voted).pop()
    return cookie


def _listed(chosen: Chosen) -> list[str]:
    return [("" if counted else _NOT_COUNTED) + paper_ref(key) for key, counted in chosen.items()]


def _read(names: Any) -> Chosen:
    keys = {name: find_key(name.removeprefix(_NOT_COUNTED)) for name in names}
    return {key: not name.startswith(_NOT_COUNTED) for name, key in keys.items() if key is not None}


def _signer() -> Signer:
    return Signer(salt=_FORMAT)
