"""The entry point of the broadsheet command: our commands by name, errors on one line, exit codes 0, 1, 2."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from broadsheet.config.options import BadSetting

FOLDER = Path(__file__).parent / "management" / "commands"
DJANGOS_OWN = {
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
    "--skip-checks",
}
ASKS_A_SITE = {"list"}  # which sets Django up by itself, and not for another site than this
HELP_HINT = "Every command has --help. Settings are BROADSHEET_* variables; see docs/configure.md."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done, 1: it failed and said why, 2: it was asked wrongly."""
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    if words[0] in ("-h", "--help", "help", "--version"):
        return _say(_version() if words[0] == "--version" else _overview(), 0)
    name = words[0].replace("-", "_")
    if name not in _commands():
        return _say(f"broadsheet: there is no command {words[0]!r}; try broadsheet --help", 2)
    return _guarded(name, words[1:])


def _guarded(name: str, words: list[str]) -> int:
    try:
        code = _run(name, words)
        sys.stdout.flush()  # while somebody is here to hear that nobody reads it
        return code
    except BadSetting as error:
        return _say(f"broadsheet: {error}", 2)
    except KeyboardInterrupt:
        return _say("broadsheet: stopped", 130)
    except BrokenPipeError:  # `broadsheet search … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # of the data folder; commands tell of their own files themselves
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"broadsheet: {where}{error.strerror or error}", 1)


def _run(name: str, words: list[str]) -> int:
    import django  # noqa: PLC0415  (takes 0.2 s, which --help need not wait for)
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management.base import CommandError  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    from broadsheet.index.base import IndexDamaged  # noqa: PLC0415

    try:
        if name not in ASKS_A_SITE:
            django.setup()
        command = import_module(f"broadsheet.cli.management.commands.{name}").Command()
        options = _parsed(command, name.replace("_", "-"), words)
        command.execute(*options.pop("args", ()), **options)
    except CommandError as error:
        return _say(f"broadsheet: {error}", error.returncode)
    except IndexDamaged as error:
        return _say(f"broadsheet: {error}", 1)
    except (DatabaseError, ImproperlyConfigured) as error:
        return _say(f"broadsheet: the database failed: {' '.join(str(error).split())}", 1)
    return 0


def _parsed(command: Any, name: str, words: list[str]) -> dict[str, Any]:
    """The options of a command, without those that Django gives to every one in its --help."""
    from django.core.management.base import CommandError  # noqa: PLC0415

    command.suppressed_base_arguments = DJANGOS_OWN
    parser = command.create_parser("broadsheet", name)
    try:
        return dict(vars(parser.parse_args(words)))
    except CommandError as error:
        what = str(error).removeprefix("Error: ")
        raise CommandError(f"{name}: {what}; try broadsheet {name} --help", returncode=2) from error


def _commands() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


def _overview() -> str:
    lines = ["broadsheet: the front page of research that you run yourself", ""]
    lines += [f"  {name.replace('_', '-'):<12}{_help(name)}" for name in _commands()]
    return "\n".join([*lines, "", HELP_HINT])


def _help(name: str) -> str:
    """The help line of a command, read from its file: importing Django for it would take a second."""
    for line in (FOLDER / f"{name}.py").read_text().splitlines():
        if line.strip().startswith("help = "):
            return line.split('"')[1]
    return ""


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return f"broadsheet {version('broadsheet')}"


def _say(text: str, code: int) -> int:
    stream = sys.stdout if code == 0 else sys.stderr
    stream.write(text + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
