"""Django's settings, made from the table in options.py and nothing else."""

import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.module_loading import import_string

from broadsheet.config import options

OPTION_TABLE = options.OPTIONS  # the owner's page lists it
OPTIONS = options.read_options()  # wiring reads these; nothing else does

DATA_FOLDER: Path = OPTIONS["DATA"]


def _kept_secret(folder: Path) -> str:
    """The signing key of this data folder, made once, readable by its owner alone."""
    path = folder / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):  # another process was first: its key stands
            path.hardlink_to(made)
        made.unlink()
        return path.read_text().strip()


def _database(url: str) -> dict[str, object]:
    if not url or url.startswith("sqlite:///"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///") or DATA_FOLDER / "broadsheet.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # a writer waits its turn
                "timeout": 60,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                " PRAGMA temp_store=MEMORY; PRAGMA mmap_size=67108864; PRAGMA cache_size=-8000;"
                " PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=8000",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


DEBUG = OPTIONS["DEBUG"]
SECRET_KEY = OPTIONS["SECRET_KEY"] or _kept_secret(DATA_FOLDER)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *OPTIONS["ALLOWED_HOSTS"]]
if OPTIONS["HOST"] not in ("0.0.0.0", "::"):  # noqa: S104  (compared with, not bound to)
    ALLOWED_HOSTS.append(OPTIONS["HOST"])
if OPTIONS["URL"]:
    ALLOWED_HOSTS.append(urlsplit(OPTIONS["URL"]).hostname)
IS_HTTPS = OPTIONS["URL"].startswith("https://")
if IS_HTTPS:
    CSRF_TRUSTED_ORIGINS = [OPTIONS["URL"]]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "broadsheet.cli",
    "broadsheet.store",
    "broadsheet.deliver.web",
    "broadsheet.deliver.email",
    "broadsheet.deliver.api",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "broadsheet.deliver.web.middleware.guard",
    "broadsheet.deliver.api.gate.gate",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "broadsheet.deliver.negotiation.Negotiation",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "broadsheet.deliver.web.context.site",
            ],
        },
    }
]
ROOT_URLCONF = "broadsheet.config.urls"
WSGI_APPLICATION = "broadsheet.config.wsgi.application"
DATABASES = {
    "default": {**_database(OPTIONS["DATABASE_URL"]), "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 365 * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" hides the Origin that form checks need
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144

# Nobody's reading is written down: no access log, no line for a page that was not found, and of a page
# that broke neither address nor query.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {
        "quiet": {"()": lambda: import_string("broadsheet.deliver.web.quiet.without_what_was_asked")}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["quiet"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "httpx": {"level": "WARNING"},
        "mcp": {"level": "CRITICAL"},  # would tell what was asked; we log by ourselves what fails
        "psycopg": {"level": "ERROR"},  # warns of each statement that Ctrl-C interrupts
    },
}
