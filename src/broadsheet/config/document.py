"""Writes docs/configure.md from the table of settings; `make docs` calls it."""

import sys

from broadsheet.config.options import OPTIONS, Option

HEAD = """\
# Settings

This page is written from the table in `src/broadsheet/config/options.py`; `make docs` writes it again.

Broadsheet is set by environment variables and by nothing else. Every one may be left out. A value that
cannot be used stops the start and names the variable; so does a variable that begins with `BROADSHEET_` and
is not in this table, because a misspelt setting would otherwise be ignored without a word.

Instead of any variable you may set the same name with `_FILE` at its end, to the path of a file that holds
the value. Use this for the secret ones: a file is not seen in the list of processes. A secret is never shown
in a message.

| variable | default | what it does |
|---|---|---|
"""

TAIL = """
Lists are separated by spaces or commas. Yes and no are `yes`, `no`, `true`, `false`, `on`, `off`, `1` or `0`.

## Examples

Read other fields, and say who you are:

```sh
BROADSHEET_CATEGORIES="hep-th gr-qc math.AG" BROADSHEET_CONTACT="papers@example.org" .venv/bin/broadsheet up
```

Serve a public name behind a reverse proxy (docs/operate.md says what the proxy must do):

```sh
BROADSHEET_URL=https://papers.example.org .venv/bin/broadsheet up
```

Keep the database in PostgreSQL:

```sh
BROADSHEET_DATABASE_URL_FILE=/run/secrets/broadsheet-database .venv/bin/broadsheet up
```
"""


def page() -> str:
    """The whole page as Markdown."""
    return HEAD + "".join(_row(option) for option in OPTIONS) + TAIL


def _row(option: Option[object]) -> str:
    default = f"`{option.default}`" if option.default else "empty"
    secret = " Secret." if option.is_secret else ""
    return f"| `{option.variable}` | {default} | {option.help}{secret} |\n"


if __name__ == "__main__":
    sys.stdout.write(page())
