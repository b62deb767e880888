"""broadsheet web: the pages alone, by gunicorn."""

import os
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand
from django.db import connections
from django.urls import resolve
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from broadsheet import wiring
from broadsheet.cli import address, prepare
from broadsheet.cli.supervise import end_with_parent
from broadsheet.cli.web_worker import PatientWorker
from broadsheet.enrich.embed.static import shipped_table
from broadsheet.index.vector_scan import load_faiss

THREADS = 4  # of each process; a download that is read slowly holds one, and there is one download at a time


class Command(BaseCommand):
    help = "Serve the pages, without the worker."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        address.add_arguments(parser)
        parser.add_argument("--follow", type=int, help=SUPPRESS)  # the process to end with

    def handle(self, *args: Any, host: str | None, port: int | None, **options: Any) -> None:
        host, port = address.settle(host, port)
        address.check_free(host, port)
        parent = options["follow"]
        if parent is None:
            prepare.migrate()
            self.stdout.write(f"Broadsheet is at {wiring.site_url()}/  (Ctrl-C stops it)")
            self.stdout.flush()
        connections.close_all()  # a connection must not be shared by the processes forked from this one
        Server(_settings(host, port), parent).run()


def _settings(host: str, port: int) -> dict[str, object]:
    return {
        "bind": address.binding(host, port),
        "workers": wiring.option("WEB_PROCESSES"),
        "worker_class": PatientWorker,
        "threads": THREADS,
        "http_parser": "python",  # what PatientWorker was tried with
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 5,
        "keepalive": 5,
        "limit_request_line": 8_190,  # bytes; a long query stands in its address
        "accesslog": None,  # nobody's reading is written down
        "errorlog": "-",
        "loglevel": "warning",
        "control_socket_disable": True,
        "worker_tmp_dir": _memory_folder(),
    }


def _memory_folder() -> str | None:
    """Where workers touch their heartbeat file: on a slow disk that may take longer than the time-out."""
    folder = Path("/dev/shm")  # noqa: S108  (gunicorn makes its file there with a random name, and unlinks it)
    return str(folder) if folder.is_dir() and os.access(folder, os.W_OK) else None


class Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: dict[str, object], parent: int | None) -> None:
        self.settings = settings
        self.parent = parent
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)
        if self.parent is not None:
            self.cfg.set("when_ready", lambda _: end_with_parent(self.parent))

    def load(self) -> WSGIHandler:
        resolve("/")  # reads all pages' modules now, once, before the processes fork
        shipped_table()  # theirs in common then, and no first reader waits for it
        load_faiss()
        return WSGIHandler()
