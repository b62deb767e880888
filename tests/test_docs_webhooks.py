"""What docs/webhooks.md tells programmers works as it stands there."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import time_machine
from standardwebhooks.webhooks import WebhookVerificationError

from broadsheet.deliver.push import plain
from broadsheet.deliver.push.news import Kind, News, told
from broadsheet.domain.edition import Window, WindowKind
from broadsheet.lib.standard_webhooks import new_secret, signed
from tests.deliver.test_push_forms import SITE, placed

PAGE = (Path(__file__).parent.parent / "docs" / "webhooks.md").read_text()


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return [shape(value[0])] if isinstance(value, list) else type(value).__name__


def test_the_json_is_as_described() -> None:
    paper = placed(3, "SlowSort", code="https://github.com/owner/slowsort")
    window = Window(WindowKind.DAY, datetime(2026, 5, 22, tzinfo=UTC).date())
    news = News(
        Kind.PRINTED, datetime(2026, 5, 23, tzinfo=UTC), SITE, 9, "cs.CL", told([paper], SITE), window, 512
    )

    assert shape(orjson.loads(plain.body(news))) == shape(json.loads(example("json")))


def test_the_python_verifies() -> None:
    known: dict[str, Any] = {}
    exec(example("python"), known)
    now, secret, body = datetime(2026, 5, 23, tzinfo=UTC), new_secret(), b'{"type":"test"}'
    headers = signed([new_secret(), secret], "msg_1", now, body)

    with time_machine.travel(now):
        assert known["news_of"](secret, headers, body) == {"type": "test"}
        with pytest.raises(WebhookVerificationError):
            known["news_of"](new_secret(), headers, body)


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")
def test_the_javascript_verifies() -> None:
    secret, body = new_secret(), '{"type":"test","data":"é"}'
    headers = signed([new_secret(), secret], "msg_1", datetime.now(UTC), body.encode())
    old = signed([secret], "msg_1", datetime(2020, 1, 1, tzinfo=UTC), body.encode())
    asked = f"""{example("js")}
const tried = (secret, headers, body) => {{ try {{ return newsOf(secret, headers, Buffer.from(body)).type }} catch (e) {{ return e.message }} }};
const [s, other, h, old, b] = {json.dumps([secret, new_secret(), headers, old, body])};
console.log([tried(s, h, b), tried(other, h, b), tried(s, h, b + " "), tried(s, old, b)].join("|"));
"""  # noqa: E501
    done = subprocess.run(["node", "-e", asked], capture_output=True, text=True, timeout=20, check=True)

    wrong = "not signed with this secret"
    assert done.stdout.strip() == f"test|{wrong}|{wrong}|too old, or from the future"
