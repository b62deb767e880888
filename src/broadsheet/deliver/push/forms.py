"""Turns news into what is sent, in the form and to the place that a webhook wants."""

from collections.abc import Callable, Sized
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import orjson

from broadsheet.deliver.push import discord, matrix, plain, slack, telegram
from broadsheet.deliver.push.news import News
from broadsheet.domain.webhook import Form, Target
from broadsheet.lib.http import wait_asked_for
from broadsheet.lib.outgoing import Answer, Outgoing
from broadsheet.lib.standard_webhooks import signed


def written(news: News, target: Target) -> str:
    """The body, the same over all tries."""
    writers = {
        Form.JSON: plain.body,
        Form.SLACK: slack.body,
        Form.DISCORD: discord.body,
        Form.TELEGRAM: telegram.body,
        Form.MATRIX: matrix.body,
    }
    return writers[target.form](news)


def listed(news: News, form: Form) -> int:
    """How many of its papers stand in what is written: a service may have no room for all of them."""
    counts: dict[Form, Callable[[News], Sized]] = {
        Form.JSON: lambda told: told.papers,
        Form.SLACK: slack.listed,
        Form.DISCORD: discord.listed,
        Form.TELEGRAM: telegram.listed,
        Form.MATRIX: matrix.listed,
    }
    return len(counts[form](news))


def addressed(body: str, target: Target, message_id: str, at: datetime) -> Outgoing:
    """One try of it."""
    data, base = body.encode(), target.url.rstrip("/")
    if target.form is Form.JSON:
        known = [one for one in (target.secret, target.former_secret) if one]
        return Outgoing(target.url, data, signed(known, message_id, at, data))
    if target.form is Form.TELEGRAM:
        return Outgoing(f"{base}/bot{target.token}/sendMessage", telegram.addressed(body, target.room))
    if target.form is Form.MATRIX:
        room = quote(target.room, safe="")
        # Under the same id a server takes the same message once.
        url = f"{base}/_matrix/client/v3/rooms/{room}/send/m.room.message/{message_id}"
        return Outgoing(url, data, {"Authorization": f"Bearer {target.token}"}, "PUT")
    return Outgoing(target.url, data)


def wait_of(answer: Answer, now: datetime) -> timedelta | None:
    """How long a refusal asks us to wait: by its header, or as Telegram, Discord and Matrix say it."""
    if told := answer.headers.get("retry-after"):
        return wait_asked_for(told, now)
    try:
        said: Any = orjson.loads(answer.said)
        parameters = said.get("parameters") or {}
        seconds = parameters.get("retry_after") or said.get("retry_after")
        milliseconds = said.get("retry_after_ms")
        return timedelta(seconds=float(seconds or float(milliseconds) / 1000))
    except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError, OverflowError):
        return None
