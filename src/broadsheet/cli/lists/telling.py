"""Asks a site for what was typed, and prints it in the form that was asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from broadsheet.cli.lists.rows import Row, plain
from broadsheet.cli.lists.shown import Printer
from broadsheet.cli.lists.site import AskedWrongly
from broadsheet.cli.lists.table import Extent, Listing, asked_of, query_of
from broadsheet.client import ApiError, Client

USUAL, MOST_AT_ONCE = 30, 100  # rows
MOST_IN_FILE = 500
LONGEST_ADDRESS = 8_000  # characters, which every web server takes


@dataclass(frozen=True, slots=True)
class Telling:
    site: Client
    listing: Listing
    typed: Mapping[str, Any]
    printer: Printer
    say: Callable[[str], object]  # beside what is printed

    def tell(self) -> None:
        """Raises ClientError, AskedWrongly."""
        if self.typed.get("form"):
            self._tell_file(self.typed["form"])
        elif self.listing.extent is Extent.ONE:
            self._tell_one(self.site.get(self._path(), **self._query()))
        else:
            self._tell_rows()

    def _tell_rows(self) -> None:
        place, is_told_why = 0, False
        for page in self._pages(self._most()):
            if not place:
                is_told_why = self._tell_head(page)
            for row in page["items"]:
                place += 1
                self._tell_row(row, place)
        if not place and not is_told_why:
            self.say("Nothing found.")

    def _tell_head(self, page: Row) -> bool:
        """Whether it says why there is nothing."""
        for note in (page.get("notes"), page.get("empty_because")):
            if note:
                self.say(plain(note))
        if page.get("mended"):
            self.say(f"Showing results for {page['mended']}  (--as-typed searches for what you typed)")
        edition = page.get("edition")
        if isinstance(edition, dict) and self._is_for_people() and page["items"]:
            self.printer.heading(f"{edition.get('title')}: {edition.get('paper_count')} papers")
        return bool(page.get("empty_because"))

    def _tell_row(self, row: Row, place: int) -> None:
        if self.typed["json"]:
            self.printer.json(row)
        elif fields := self._fields():
            self.printer.columns(row, fields)
        else:
            self.printer.entry(self.listing.shown(row, place))

    def _tell_one(self, thing: Row) -> None:
        if self._is_for_people():
            self.printer.thing(self.listing.told(thing))
        else:
            self._tell_row(thing, 1)

    def _tell_file(self, form: str) -> None:
        """The list's own, whole. A part of a list is a choice of papers, by their names."""
        is_part = self.typed.get("most") or self.typed.get("as_typed")
        if self.listing.file and not is_part:
            path, query = self.listing.file(self._asked(), lambda: next(self._pages(1)))
            self.printer.file(self.site.export(path, form, **query))
        elif refs := self._refs():
            self.printer.file(self.site.export("/papers", form, ref=refs))
        else:
            self.say("Nothing found.")

    def _refs(self) -> list[str]:
        most = self._most()
        wanted = min(most or MOST_IN_FILE + 1, MOST_IN_FILE + 1)
        refs = [plain(row.get("id")) for page in self._pages(wanted, fields="id") for row in page["items"]]
        too_long = len(urlencode([("ref", ref) for ref in refs])) > LONGEST_ADDRESS
        if len(refs) > MOST_IN_FILE or too_long:
            fitting = MOST_IN_FILE if len(refs) > MOST_IN_FILE else MOST_AT_ONCE
            raise AskedWrongly(f"--form: too many papers for one file; --most {fitting} fit")
        return refs

    def _pages(self, most: int | None, **more: str) -> Iterator[Row]:
        path, query = self._path(), self._query() | more
        if self.listing.extent is Extent.PAGES:
            yield from self.site.pages(path, most=most, **query)
        elif self.listing.extent is Extent.CUT:
            yield self.site.page(path, limit=MOST_AT_ONCE if most is None else most, **query)
        else:
            yield self.site.page(path, **query)

    def _asked(self) -> dict[str, Any]:
        return asked_of(self.listing, self.typed)

    def _path(self) -> str:
        return self.listing.path.format_map(self._asked())

    def _query(self) -> dict[str, Any]:
        query = query_of(self.listing, self._asked())
        return query | {"fields": self.typed["fields"]} if self.typed["fields"] else query

    def _fields(self) -> list[str]:
        return (self.typed["fields"] or "").split(",") if self.typed["fields"] else []

    def _most(self) -> int | None:
        return None if self.typed.get("all") else self.typed.get("most") or USUAL

    def _is_for_people(self) -> bool:
        return not self.typed["json"] and not self.typed["fields"]


def in_words(error: ApiError, listing: Listing) -> str:
    """What was typed wrongly is named by the options of the command."""
    flags = {one.parameter: one.flag for one in listing.takes} | {"limit": "--most", "fields": "--fields"}
    told = [
        f"{flags.get(name := one.get('field', ''), name)} {one.get('value')}: expected {one.get('expected')}"
        for one in error.errors
    ]
    hint = " One is sent with --token-file." if error.status in (401, 403) else ""
    return "; ".join(told) or (str(error) if error.code == "unknown" else error.detail) + hint
