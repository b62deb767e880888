import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from broadsheet.lib.http import PoliteClient, UpstreamError, Validators, shown, wait_asked_for
from broadsheet.lib.pace import Pace
from tests.fakes.clock import FakeClock
from tests.fakes.upstream import Answer, Upstream, run_upstream

NOW = datetime(2026, 5, 22, 12, tzinfo=UTC)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with run_upstream() as upstream:
        yield upstream


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def client(tmp_path: Path, clock: FakeClock) -> PoliteClient:
    return PoliteClient(tmp_path, clock, contact="lab@example.org", most_bytes=100_000)


def test_a_reply_comes_with_its_validators(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(b"news", etag='"v1"', last_modified="Fri, 22 May 2026 04:00:00 GMT")

    reply = client.get(f"{upstream.url}/feed", {"date": "2026-05-22"})

    assert (reply.body, reply.is_unchanged) == (b"news", False)
    assert reply.validators == Validators('"v1"', "Fri, 22 May 2026 04:00:00 GMT")
    assert upstream.asked == ["/feed?date=2026-05-22"]


def test_it_names_itself_and_whom_to_write_to(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(b"news")

    client.get(upstream.url)

    agent = upstream.requests[0].headers["user-agent"]
    assert agent.startswith("Broadsheet/")
    assert "(+lab@example.org)" in agent


def test_a_contact_cannot_smuggle_a_header(upstream: Upstream, tmp_path: Path) -> None:
    upstream.will_answer(b"news")

    PoliteClient(tmp_path, FakeClock(), contact="me\r\nX-Evil: 1 ü").get(upstream.url)

    assert upstream.requests[0].headers["x-evil"] is None


def test_what_we_know_is_told_and_304_keeps_it(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(status=304)
    known = Validators('"v1"', "Fri, 22 May 2026 04:00:00 GMT")

    reply = client.get(upstream.url, known=known)

    assert reply.is_unchanged
    assert reply.validators == known
    assert upstream.requests[0].headers["if-none-match"] == '"v1"'
    assert upstream.requests[0].headers["if-modified-since"] == "Fri, 22 May 2026 04:00:00 GMT"


def test_a_304_that_nobody_asked_for_is_an_error(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(status=304)

    with pytest.raises(UpstreamError, match="answered status 304"):
        client.get(upstream.url)


def test_no_cookie_is_kept(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(b"one", set_cookie="who=you")
    upstream.will_answer(b"two")

    client.get(upstream.url)
    client.get(upstream.url)

    assert upstream.requests[1].headers["cookie"] is None


def test_the_second_request_waits_the_gap(upstream: Upstream, client: PoliteClient, clock: FakeClock) -> None:
    upstream.will_answer(b"one")
    upstream.will_answer(b"two")

    client.get(upstream.url)
    client.get(upstream.url)

    assert clock.slept == [1.0]


def test_two_clients_on_one_folder_share_the_gap(
    upstream: Upstream, tmp_path: Path, clock: FakeClock
) -> None:
    upstream.will_answer(b"one")
    upstream.will_answer(b"two")

    PoliteClient(tmp_path, clock).get(upstream.url)
    PoliteClient(tmp_path, clock).get(upstream.url)

    assert clock.slept == [1.0]


def test_all_of_arxiv_is_one_group_with_three_seconds(tmp_path: Path, clock: FakeClock) -> None:
    pace = Pace(tmp_path, clock)

    for host in ("rss.arxiv.org", "oaipmh.arxiv.org", "arxiv.org"):
        with pace.turn(host) as turn:
            turn.begin()

    assert clock.slept == [3.0, 3.0]


def test_a_host_that_only_ends_like_arxiv_is_another_group(tmp_path: Path, clock: FakeClock) -> None:
    assert Pace(tmp_path, clock).group_of("notarxiv.org") == "notarxiv.org"


def test_a_damaged_pace_file_and_a_clock_set_back_do_not_stop_us(tmp_path: Path, clock: FakeClock) -> None:
    pace = Pace(tmp_path, clock)

    for stored in (b"", b"half a num", b"nan", b"1e999", b"99999999999"):
        (tmp_path / "arxiv.org.pace").write_bytes(stored)
        with pace.turn("arxiv.org") as turn:
            assert turn.wait_left() <= timedelta(days=1)


def _ask_from_another_process(folder: Path, url: str) -> None:
    PoliteClient(folder, usual_gap=timedelta(seconds=0.2)).get(url)


@pytest.mark.slow
def test_processes_take_turns(upstream: Upstream, tmp_path: Path) -> None:
    busy: list[int] = []
    overlaps: list[int] = []

    def answer(_: object) -> Answer:
        overlaps.append(len(busy))
        busy.append(1)
        time.sleep(0.05)
        busy.pop()
        return Answer(b"news")

    upstream.routes["/"] = answer
    upstream.routes[""] = answer
    context = get_context("spawn")
    processes = [
        context.Process(target=_ask_from_another_process, args=(tmp_path, upstream.url)) for _ in range(3)
    ]
    started_at = datetime.now(UTC)

    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert overlaps == [0, 0, 0]
    assert datetime.now(UTC) - started_at >= timedelta(seconds=0.4)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", ["120", "Fri, 22 May 2026 12:02:00 GMT"])
def test_a_busy_upstream_says_when_to_come_back(
    upstream: Upstream, client: PoliteClient, status: int, after: str
) -> None:
    upstream.will_answer(status=status, retry_after=after)

    with pytest.raises(UpstreamError, match="asked us to slow down") as caught:
        client.get(upstream.url)

    assert caught.value.retry_after == timedelta(minutes=2)


def test_nobody_asks_again_before_the_time_that_a_busy_upstream_named(
    upstream: Upstream, client: PoliteClient, clock: FakeClock
) -> None:
    upstream.will_answer(status=429, retry_after="120")
    upstream.will_answer(b"news")
    with pytest.raises(UpstreamError):
        client.get(upstream.url)

    with pytest.raises(UpstreamError, match="wait until 2026-05-22T12:02:00") as caught:
        client.get(upstream.url)
    clock.at += timedelta(minutes=2)

    assert caught.value.retry_after == timedelta(minutes=2)
    assert client.get(upstream.url).body == b"news"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 300),
        ("soon", 300),
        ("-5", 300),
        ("0", 1),
        ("1e9", 300),
        ("²", 300),
        ("9" * 400, 86_400),
        ("Fri, 22 May 2020 12:00:00 GMT", 1),
        ("Fri, 22 May 2099 12:00:00 GMT", 86_400),
        ("Fri, 22 May 2026 12:00:30", 30),
        ("Fri, 99 May 2026 12:00:30 GMT", 300),
        ("Fri, 22 May 2026 12:00:99999999999999999999 GMT", 300),
        ("Fri, 22 May 2026 12:00:00 +99999999999999", 300),
    ],
)
def test_a_wait_is_held_within_bounds(header: str, seconds: int) -> None:
    assert wait_asked_for(header, NOW).total_seconds() == seconds


def test_other_errors_say_whether_trying_again_can_help(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(status=404)
    upstream.will_answer(status=502)

    with pytest.raises(UpstreamError, match="answered status 404") as missing:
        client.get(upstream.url)
    with pytest.raises(UpstreamError, match="in trouble") as broken:
        client.get(upstream.url)

    assert missing.value.retry_after is None
    assert broken.value.retry_after == timedelta(minutes=10)


def test_a_redirect_is_followed_and_paced(upstream: Upstream, client: PoliteClient, clock: FakeClock) -> None:
    upstream.will_answer(status=301, location="/there?a=1")
    upstream.will_answer(b"news")

    reply = client.get(f"{upstream.url}/here")

    assert reply.url == f"{upstream.url}/there?a=1"
    assert upstream.asked == ["/here", "/there?a=1"]
    assert clock.slept == [1.0]


def test_a_circle_of_redirects_ends(upstream: Upstream, client: PoliteClient) -> None:
    for _ in range(9):
        upstream.will_answer(status=302, location="/again")

    with pytest.raises(UpstreamError, match="redirects more than 3 times"):
        client.get(upstream.url)

    assert len(upstream.asked) == 4


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://example.org/a", "http://", "http://[bad", ""]
)
def test_a_redirect_to_something_else_is_refused(
    upstream: Upstream, client: PoliteClient, location: str
) -> None:
    upstream.will_answer(status=302, location=location)

    with pytest.raises(UpstreamError):
        client.get(upstream.url)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:192.168.0.1"])
def test_an_upstream_outside_cannot_send_us_inside(
    upstream: Upstream, tmp_path: Path, clock: FakeClock, address: str
) -> None:
    inside = f"http://[{address}]/" if ":" in address else f"http://{address}/"
    seen_as = {"127.0.0.1": ("151.101.3.42",)}  # as if our upstream stood in the open
    client = PoliteClient(tmp_path, clock, find_addresses=lambda host: seen_as.get(host, (address,)))
    upstream.will_answer(status=302, location=inside.replace("127.0.0.1", "127.0.0.2"))

    with pytest.raises(UpstreamError, match="inside this machine's own network"):
        client.get(upstream.url)

    assert len(upstream.asked) == 1


def test_an_upstream_inside_may_redirect_inside(upstream: Upstream, client: PoliteClient) -> None:
    with run_upstream() as other:
        upstream.will_answer(status=302, location=f"{other.url}/there")
        other.will_answer(b"news")

        reply = client.get(upstream.url)

    assert reply.body == b"news"


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "http://", "http://[bad", "no address"])
def test_only_web_addresses_are_asked(client: PoliteClient, url: str) -> None:
    with pytest.raises(UpstreamError, match="is not a web address"):
        client.get(url)


def test_a_reply_that_says_it_is_too_large_is_not_read(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will(Answer(b"x", headers={"Content-Length": "200000000"}, drip_s=60))

    with pytest.raises(UpstreamError, match="sent more than 0 MB"):
        client.get(upstream.url)


def test_an_endless_reply_is_left_early(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will(Answer(b"x" * 10_000, is_endless=True))

    with pytest.raises(UpstreamError, match="sent more than"):
        client.get(upstream.url)


def test_a_packed_reply_is_unpacked(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(gzip.compress(b"news" * 1000), content_encoding="gzip")

    assert client.get(upstream.url).body == b"news" * 1000


def test_a_packed_reply_may_not_grow_past_the_cap(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(gzip.compress(b"\0" * 50_000_000), content_encoding="gzip")

    with pytest.raises(UpstreamError, match="sent more than"):
        client.get(upstream.url)


@pytest.mark.parametrize(
    ("body", "encoding"), [(b"no gzip", "gzip"), (gzip.compress(b"news")[:-9], "gzip"), (b"news", "br")]
)
def test_a_reply_that_cannot_be_unpacked_is_an_error(
    upstream: Upstream, client: PoliteClient, body: bytes, encoding: str
) -> None:
    upstream.will_answer(body, content_encoding=encoding)

    with pytest.raises(UpstreamError) as caught:
        client.get(upstream.url)

    assert caught.value.retry_after == timedelta(minutes=10)


def test_a_reply_that_breaks_off_is_an_error(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will(Answer(b"half the news", cut_at=4))

    with pytest.raises(UpstreamError, match="broke off its reply"):
        client.get(upstream.url)


@pytest.mark.parametrize("has_length", [True, False])
def test_a_slow_drip_runs_into_the_deadline(upstream: Upstream, tmp_path: Path, has_length: bool) -> None:
    headers = {} if has_length else {"Content-Encoding": "identity"}
    upstream.will(Answer(b"x" * 10_000, drip_s=0.02, headers=headers))
    client = PoliteClient(tmp_path, FakeClock(), patience=timedelta(seconds=0.2))

    with pytest.raises(UpstreamError, match="took longer than 0 s") as caught:
        client.get(upstream.url)

    assert caught.value.retry_after == timedelta(minutes=10)


def test_a_server_that_is_down_cannot_be_reached(client: PoliteClient) -> None:
    with run_upstream() as upstream:
        url = upstream.url

    with pytest.raises(UpstreamError, match=r"cannot be reached .* Check this machine's network"):
        client.get(url)


def test_no_secret_stands_in_an_error(upstream: Upstream, client: PoliteClient) -> None:
    upstream.will_answer(status=400)

    with pytest.raises(UpstreamError) as caught:
        client.get(f"{upstream.url}/a", {"api_key": "s3cret", "q": "a b"})

    assert "s3cret" not in str(caught.value)
    assert "/a?api_key=…&q=a b answered status 400." in str(caught.value)


def test_an_endless_address_is_shortened() -> None:
    assert len(shown("https://example.org/" + "a" * 5000)) == 300
