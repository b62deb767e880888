"""The protocol over HTTP at /mcp: one POST, one answer. No sessions and no streams, so threads stay free."""

from importlib import import_module
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from broadsheet.deliver.limits import limited
from broadsheet.deliver.mcp.exchange import Asked

LONGEST = 65_536  # bytes of a request; the longest that makes sense has some 3,000
LONGEST_LENGTH = 15  # digits
_INVALID_REQUEST = -32600
_HERE = (
    "This address speaks the Model Context Protocol (streamable HTTP): send a JSON-RPC request by POST. There"
    " is no stream to GET and no session to DELETE. Give this address to an MCP client; see docs/mcp.md."
)


# Programs come without cookies, and nothing here writes: there is no form to forge.
@csrf_exempt
@never_cache
@limited(lambda why: _refused(429, why))
def answer(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _refused(405, _HERE, Allow="POST")
    if not _may_ask(request):
        return _refused(403, "Origin: a page of another site may not ask here.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit() or len(length) > LONGEST_LENGTH:
        return _refused(400, "Content-Length: expected a whole number.")
    if int(length) > LONGEST:
        return _refused(413, f"The request has more than {LONGEST:,} bytes.")
    headers = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    # Loaded with the first request: a site that no client asks pays nothing for the protocol.
    server = import_module("broadsheet.deliver.mcp.server")
    reply = server.serve_request(Asked("POST", request.path, headers, request.body))
    kept = {name: value for name, value in reply.headers if name.lower() != "content-length"}
    return HttpResponse(reply.body, status=reply.status, headers=kept)


def _may_ask(request: HttpRequest) -> bool:
    """The protocol asks for it: a page that somebody opens must not use the server on their machine."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def _refused(status: int, words: str, **headers: str) -> HttpResponse:
    error = {"code": _INVALID_REQUEST, "message": words}
    told = {"jsonrpc": "2.0", "id": None, "error": error}
    return JsonResponse(told, status=status, headers=headers)
