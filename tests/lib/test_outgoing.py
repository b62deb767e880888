"""What a person typed in is sent to, and nothing inside this machine's own network is."""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from broadsheet.lib.outgoing import MOST_SAID, BadTarget, NotSent, Outgoing, Sender
from broadsheet.lib.private import is_private
from tests.fakes.upstream import Answer, Upstream, run_upstream

OWN = frozenset({"127.0.0.1"})
CERTIFICATES = ssl.create_default_context()


@pytest.fixture
def receiver() -> Iterator[Upstream]:
    with run_upstream() as opened:
        opened.routes["/hook"] = lambda asked: Answer(b"thanks")
        yield opened


def send(sender: Sender, url: str) -> str:
    return str(sender.send(Outgoing(url, b"{}")))


def port_of(receiver: Upstream) -> str:
    return receiver.url.rpartition(":")[2]


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "0.0.0.0", "localhost", "localhost."),
        *("10.0.0.1", "192.168.1.1", "172.16.9.9", "100.64.0.1", "169.254.169.254", "224.0.0.1"),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[::127.0.0.1]", "[fd00::1]", "[fe80::1]"),
        *("[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[fec0::1]", "[ff02::1]", "255.255.255.255"),
    ],
)
def test_nothing_is_sent_inside_the_own_network_however_it_is_written(receiver: Upstream, host: str) -> None:
    with pytest.raises(BadTarget, match="own network"):
        send(Sender(certificates=CERTIFICATES), f"https://{host}:{port_of(receiver)}/hook")
    assert receiver.asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "ftp://example.org/", "//example.org/", "https:///hook", "https://", "https://a b.org/"),
        *("https://user:pw@example.org/", "https://example.org/#here", "https://example.org:0/"),
        *(
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://exa\nmple.org/",
            "https://x.org/" + "a" * 3000,
        ),
        *("https://example.org:99999/", "https://[::1/", "http://example.org/hook"),
    ],
)
def test_what_is_no_address_of_a_hook_is_refused_without_asking(url: str) -> None:
    def never(host: str) -> tuple[str, ...]:
        raise AssertionError(host)

    with pytest.raises(BadTarget, match="expected"):
        Sender(find_addresses=never).check(url)


def test_a_host_that_the_owner_names_may_be_inside(receiver: Upstream) -> None:
    assert send(Sender(OWN), f"{receiver.url}/hook") == "200: thanks"
    assert (
        send(Sender(frozenset({f"127.0.0.1:{port_of(receiver)}"})), f"{receiver.url}/hook") == "200: thanks"
    )
    Sender(frozenset({"[::1]:8065"})).judge("http://[::1]:8065/hook")
    with pytest.raises(BadTarget):
        send(Sender(frozenset({"127.0.0.1:1"})), f"{receiver.url}/hook")


def test_one_inside_address_among_others_is_enough_to_refuse_a_host() -> None:
    both = Sender(find_addresses=lambda host: ("151.101.3.42", "::ffff:10.0.0.1"))

    with pytest.raises(BadTarget, match="own network"):
        send(both, "https://hooks.example.org/")


def test_a_name_that_points_inside_a_moment_later_gains_nothing(receiver: Upstream) -> None:
    """The host is looked up once, and the connection goes to the address that was judged."""
    looked_up: list[str] = []

    def rebinding(host: str) -> tuple[str, ...]:
        looked_up.append(host)
        return ("203.0.113.7",) if len(looked_up) == 1 else ("127.0.0.1",)

    first_is_out = Sender(find_addresses=rebinding, certificates=CERTIFICATES)
    with pytest.raises(BadTarget):  # 203.0.113.0/24 is nobody's
        send(first_is_out, f"https://rebinds.example.org:{port_of(receiver)}/")
    assert looked_up == ["rebinds.example.org"]

    reached: list[str] = []

    def once(host: str) -> tuple[str, ...]:
        reached.append(host)
        assert len(reached) == 1, "looked up again"
        return ("127.0.0.1",)

    url = f"http://hooks.example.org:{port_of(receiver)}/hook"
    assert send(Sender(frozenset({"hooks.example.org"}), find_addresses=once), url) == "200: thanks"
    assert receiver.requests[0].headers["host"] == f"hooks.example.org:{port_of(receiver)}"


def test_where_nobody_listens_is_told_after_all_addresses() -> None:
    both = Sender(frozenset({"hooks.lan"}), find_addresses=lambda host: ("127.0.0.1", "127.0.0.1"))
    with run_upstream() as gone:
        port = port_of(gone)

    with pytest.raises(NotSent, match="cannot be reached"):
        send(both, f"http://hooks.lan:{port}/")


def test_an_unknown_host_is_told() -> None:
    with pytest.raises(NotSent, match="nobody knows"):
        send(Sender(find_addresses=lambda host: ()), "https://nobody.example.org/")


def test_redirects_lead_nowhere(receiver: Upstream) -> None:
    receiver.will_answer(b"", 302, location=f"{receiver.url}/other")

    assert send(Sender(OWN), f"{receiver.url}/hook") == "302"
    assert receiver.asked == ["/hook"]


def test_an_endless_answer_is_read_no_further_than_needed(receiver: Upstream) -> None:
    receiver.will(Answer(b"x" * 10_000, is_endless=True))

    answer = Sender(OWN).send(Outgoing(f"{receiver.url}/hook", b"{}"))

    assert len(answer.said) <= MOST_SAID
    assert len(str(answer)) < 400


def test_a_slow_drip_is_cut_off(receiver: Upstream) -> None:
    receiver.will(Answer(b"x" * 100, drip_s=0.05))

    with pytest.raises(NotSent, match="no whole answer"):
        send(Sender(OWN, patience=timedelta(seconds=0.3)), f"{receiver.url}/hook")


def test_no_message_shows_the_address(receiver: Upstream) -> None:
    with run_upstream() as gone:
        url = f"{gone.url}/services/SECRET"

    with pytest.raises(NotSent) as caught:
        send(Sender(OWN), url)
    assert "SECRET" not in str(caught.value)


def test_proxies_of_the_environment_are_not_asked(
    receiver: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert send(Sender(OWN), f"{receiver.url}/hook") == "200: thanks"


@contextmanager
def tls_server(folder: Path, name: str) -> Iterator[tuple[str, ssl.SSLContext]]:
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    files = ["-addext", f"subjectAltName=DNS:{name}", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(["openssl", *asked, *files], cwd=folder, check=True, capture_output=True)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield str(server.server_port), ssl.create_default_context(cafile=str(folder / "cert.pem"))
        server.shutdown()


def test_a_certificate_is_checked_against_the_name_and_not_the_address(tmp_path: Path) -> None:
    with tls_server(tmp_path, "hooks.example.org") as (port, certificates):
        own = frozenset({"hooks.example.org", "other.example.org"})
        sender = Sender(own, find_addresses=lambda host: ("127.0.0.1",), certificates=certificates)

        assert send(sender, f"https://hooks.example.org:{port}/") == "204"
        with pytest.raises(NotSent, match="mismatch"):
            send(sender, f"https://other.example.org:{port}/")


def test_addresses_out_in_the_internet_are_not_private() -> None:
    out = ("151.101.3.42", "2606:4700:4700::1111", "64:ff9b::9765:32a", "::ffff:151.101.3.42")

    assert not any(map(is_private, out))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "192.0.0.1",
            "192.0.0.8",
            "192.0.0.170",
            "192.0.2.1",
            "192.31.196.1",
            "192.52.193.1",
            "192.88.99.1",
        ),
        *("192.175.48.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1", "100.64.0.1", "0.0.0.0"),
        *("100::1", "100:0:0:1::1", "2001::1", "2001:1::1", "2001:2::1", "2001:20::1", "2001:db8::1"),
        *("2620:4f:8000::1", "3fff::1", "3fff:fff::1", "5f00::1", "fc00::1", "fe80::1%eth0", "4000::1"),
        *("::ffff:192.0.0.8", "64:ff9b::192.88.99.1", "2002:c000:8::1", "::192.0.0.8"),
    ],
)  # each a block of https://www.iana.org/assignments/iana-ipv4-special-registry or of its IPv6 twin
def test_special_addresses_are_private_on_every_python(address: str) -> None:
    assert is_private(address)
