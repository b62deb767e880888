"""What every template may use: the reader's theme and our version. Touches no session."""

from importlib.metadata import version

from django.http import HttpRequest

from broadsheet import wiring

THEMES = ("auto", "light", "dark")
VERSION = version("broadsheet")


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "theme": theme_of(request),
        "version": VERSION,
        "is_offline": wiring.option("OFFLINE"),
        "has_readers": wiring.option("READERS"),
    }


def theme_of(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "auto")
    return theme if theme in THEMES else "auto"
