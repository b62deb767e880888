"""What the log tells of a page that broke: enough to mend it, nothing of who read or searched what."""

import io
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the handler of our own settings writes."""
    logging.config.dictConfig(settings.LOGGING)
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


def broken() -> Exception:
    try:
        try:
            raise KeyError("hunter2")
        except KeyError as cause:
            raise ValueError("no word like hunter2") from cause
    except ValueError as error:
        return error


def test_a_page_that_broke_leaves_no_address_and_no_query(written: io.StringIO) -> None:
    request = RequestFactory().get("/paper/hunter2", {"q": "hunter2"})

    log_response(
        "Internal Server Error: %s",
        request.path,
        response=HttpResponse(status=500),
        request=request,
        exception=broken(),
    )

    said = written.getvalue()
    assert "hunter2" not in said.replace('raise KeyError("hunter2")', "").replace('like hunter2")', "")
    assert "status 500: ValueError at" in said
    assert "KeyError at" in said
    assert "test_quiet.py" in said


def test_other_lines_stay_as_they_are(written: io.StringIO) -> None:
    logging.getLogger("broadsheet.worker").warning("the index is %s behind", 3)

    assert "the index is 3 behind" in written.getvalue()
