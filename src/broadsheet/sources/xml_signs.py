"""Takes out of an XML reply what XML forbids: one stray sign must not stop the reading of all else."""

import re

_FORBIDDEN = bytes(sign for sign in range(32) if sign not in b"\t\n\r")
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|(\d+));")


def without_forbidden_signs(body: bytes) -> bytes:
    r"""
    >>> without_forbidden_signs(b"a\x01b&#x1;c&#xD800;d&#233;")
    b'abcd&#233;'
    """
    return _REFERENCE.sub(_allowed, body.translate(None, _FORBIDDEN))


def _allowed(found: re.Match[bytes]) -> bytes:
    digits = (found[1] or found[2]).lstrip(b"0")
    sign = int(digits or b"0", 16 if found[1] else 10) if len(digits) <= 8 else -1
    is_fine = sign in (9, 10, 13) or 0x20 <= sign < 0xD800 or 0xE000 <= sign < 0xFFFE
    return found[0] if is_fine or 0x10000 <= sign <= 0x10FFFF else b""
