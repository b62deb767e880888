"""Lines of a file, plain or packed, told apart by their first bytes. What cannot be read is a value too."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import zstandard

LONGEST_LINE = 5_000_000  # bytes
CHUNK = 65_536
OnRead = Callable[[int], object]  # told how many bytes of the file, as it lies there, were read
_GZIP, _ZSTD, _BOM = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class BadLine:
    """Stands in the place of a line that cannot be read."""

    reason: str


Line = bytes | BadLine


class _BrokenOff(Exception):
    pass


def unpacked(file: BinaryIO, on_read: OnRead | None = None) -> Iterator[bytes | BadLine]:
    """The content in chunks, unpacked when it is gzip or zstd; a BadLine ends it when the file is damaged."""
    chunks = _raw(file, on_read)
    first = next(chunks, b"")
    try:
        if first.startswith(_GZIP):
            yield from _without_bom(_gunzipped(first, chunks))
        elif first.startswith(_ZSTD):
            yield from _without_bom(_unzstd(first, chunks))
        else:
            yield from _without_bom(_chained(first, chunks))
    except _BrokenOff as error:
        yield BadLine(str(error))


def _without_bom(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield next(chunks, b"").removeprefix(_BOM)
    yield from chunks


def _raw(file: BinaryIO, on_read: OnRead | None) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        if on_read is not None:
            on_read(len(chunk))
        yield chunk


def _gunzipped(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=31)
    try:
        for packed in _chained(first, chunks):
            rest = packed
            while rest:
                if unpack.eof:  # several gzip files, one after the other, are one; zeros may pad them
                    rest = rest.lstrip(b"\0")
                    unpack = zlib.decompressobj(wbits=31) if rest else unpack
                if rest:
                    yield unpack.decompress(rest)
                    rest = unpack.unused_data
    except zlib.error as error:
        raise _BrokenOff(f"the gzip data is damaged from here on ({error})") from error
    if not unpack.eof:
        raise _BrokenOff("the gzip file breaks off here; fetch it again")


def _unzstd(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpack = zstandard.ZstdDecompressor().decompressobj()
    try:
        for packed in _chained(first, chunks):
            rest = packed
            while rest:
                if unpack.eof:
                    unpack = zstandard.ZstdDecompressor().decompressobj()
                yield unpack.decompress(rest)
                rest = unpack.unused_data
    except zstandard.ZstdError as error:
        raise _BrokenOff(f"the zstd data is damaged from here on ({error})") from error
    if not unpack.eof:
        raise _BrokenOff("the zstd file breaks off here; fetch it again")


def _chained(first: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


def split_lines(chunks: Iterable[bytes | BadLine]) -> Iterator[Line]:
    """Lines without their ends. One over LONGEST_LINE is left unread; half a line at a break is dropped."""
    rest = b""
    is_skipping = False
    for chunk in chunks:
        if isinstance(chunk, BadLine):
            yield chunk
            return
        if is_skipping:
            _, line_end, chunk = chunk.partition(b"\n")  # noqa: PLW2901 - what is left of it
            is_skipping = not line_end
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        yield from (line if len(line) <= LONGEST_LINE else _too_long() for line in lines)
        if len(rest) > LONGEST_LINE:
            yield _too_long()
            rest, is_skipping = b"", True
    if rest:
        yield rest


def _too_long() -> BadLine:
    return BadLine(f"a line of more than {LONGEST_LINE / 1e6:.0f} MB; no entry is that long")


def decoded(line: bytes) -> str:
    """Raises ValueError for a line that is not UTF-8."""
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        shown = f"byte 0x{line[error.start]:02x} at place {error.start + 1}"
        raise ValueError(f"not UTF-8 text ({shown}); save the file as UTF-8") from None
