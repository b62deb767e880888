"""Guards every reply: the host that was asked for, and what a browser may do with the page."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",  # results as one types
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": with it browsers send "Origin: null" on our own forms, which Django refuses.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_WRONG_HOST = "This server does not answer under that host name. Its owner sets BROADSHEET_ALLOWED_HOSTS.\n"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def guard(get_response: GetResponse) -> GetResponse:
    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request) if _host_is_ours(request) else _refuse()
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


def _host_is_ours(request: HttpRequest) -> bool:
    """A page of another site, whose name was made to point here, must not read this one."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _refuse() -> HttpResponse:
    return HttpResponse(_WRONG_HOST, status=400, content_type="text/plain; charset=utf-8")
