"""Where a request came from: what the proxy says, in whatever shape, and nothing that the visitor made up."""

from datetime import date
from typing import Any

import pytest
from django.test import RequestFactory

from broadsheet.deliver.network import hidden_network, network_of
from broadsheet.store.letter_limits import WIDER

PROXY = "10.0.0.1"


@pytest.fixture
def behind_a_proxy(settings: Any) -> None:
    settings.OPTIONS = settings.OPTIONS | {"URL": "https://papers.example.org"}


def seen(forwarded: str, peer: str = PROXY) -> str:
    return network_of(RequestFactory().get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR=peer))


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:50123", "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7:50124", "192.0.2.7"),  # the first was there before the proxy
        ("[2001:db8:1:2::7]:50123", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::8]", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::FFFF:C000:207", "192.0.2.7"),
        ("unknown", PROXY),
        ("192.0.2.7 and 1 more", PROXY),
        ("192.0.2.7, ", PROXY),
        ("x" * 5_000, PROXY),
    ],
)
def test_the_last_hop_counts_without_its_port(forwarded: str, network: str) -> None:
    assert seen(forwarded) == network


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_public_peer_is_no_proxy() -> None:
    assert seen("192.0.2.7", peer="151.101.3.42") == "151.101.3.42"


@pytest.mark.usefixtures("behind_a_proxy")
def test_behind_a_socket_the_proxy_alone_can_tell() -> None:
    assert [seen("192.0.2.7", peer=""), seen("a word", peer="")] == ["192.0.2.7", ""]


def test_without_an_address_of_its_own_the_site_has_no_proxy() -> None:
    assert seen("192.0.2.7") == PROXY


def hidden(peer: str, day: int = 22) -> str:
    return hidden_network(RequestFactory().get("/", REMOTE_ADDR=peer), date(2026, 5, day))


def test_homes_of_one_site_begin_alike_and_nothing_is_told_of_them() -> None:
    homes = [hidden(peer) for peer in ("2001:db8:1:2::7", "2001:db8:1:2::8", "2001:db8:1:3::7")]

    assert homes[0] == homes[1] != homes[2]
    assert len({name[:WIDER] for name in homes}) == 1
    assert hidden("2001:db8:2:2::7")[:WIDER] != homes[0][:WIDER]
    assert {len(name) for name in (*homes, hidden("192.0.2.7"), hidden(""))} == {32}
    assert hidden("192.0.2.7") != hidden("192.0.2.8")
    assert hidden("192.0.2.7") != hidden("192.0.2.7", day=23)
