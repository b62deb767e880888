"""Keeps what a reader asked for out of the log: of a page that broke, the kind of error and place stay."""

import logging
import traceback


def without_what_was_asked(record: logging.LogRecord) -> bool:
    """A logging filter. The address goes, and so does the error's message, which may quote a search."""
    if hasattr(record, "request"):
        error = record.exc_info[1] if record.exc_info else None
        status = getattr(record, "status_code", "unknown")
        record.msg = f"A page was answered with status {status}{_told(error)}"
        record.args, record.exc_info, record.exc_text = (), None, None
    return True


def _told(error: BaseException | None) -> str:
    """The lines of code that led to the error, and to those it came from, without their messages."""
    if error is None:
        return ""
    lines = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    return f": {type(error).__name__} at\n{lines}{_told(error.__cause__ or error.__context__)}"
