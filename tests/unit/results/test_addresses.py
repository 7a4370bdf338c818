"""Where webhooks may go."""

from __future__ import annotations

import ipaddress
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.patience import PATIENCE_S
from workbench.domain.errors import InvalidStream
from workbench.results.addresses import ALLOW_LOCAL, checked_url, endpoint_of, is_public, resolved

HOSTILE = [
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.1.1.1:8888/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.8/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://192.0.0.192/opc/v1/instance/",
    "http://192.0.0.9/",
    "http://192.88.99.1/",
    "http://192.88.99.2/",
    "http://192.0.2.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://198.19.255.255/",
    "http://100.127.255.255/",
    "http://172.31.255.255/",
    "http://0251.0376.0251.0376/",
    "http://2852039166/",
    "http://0xA9FEA9FE/",
    "http://[3fff::1]/",
    "http://[3fff:fff::1]/",
    "http://[5f00::1]/",
    "http://[100::1]/",
    "http://[100:0:0:1::1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[64:ff9b::c000:c0]/",
    "http://[2002:c000:c0::1]/",
    "http://[::ffff:192.0.0.192]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[2001:1::1]/",
    "http://[2001:2::1]/",
    "http://[2001:20::1]/",
    "http://[2620:4f:8000::1]/",
    "http://[fd00:ec2::254]/",
    "http://[4000::1]/",
]

# IANA IPv4 and IPv6 Special-Purpose Address Registries, every row.
REGISTRY_IPV4 = [
    "0.0.0.0/8",
    "0.0.0.0/32",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.0.0/29",
    "192.0.0.8/32",
    "192.0.0.9/32",
    "192.0.0.10/32",
    "192.0.0.170/32",
    "192.0.0.171/32",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.88.99.2/32",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "240.0.0.0/4",
    "255.255.255.255/32",
]
REGISTRY_IPV6 = [
    "::1/128",
    "::/128",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "100:0:0:1::/64",
    "2001::/23",
    "2001::/32",
    "2001:1::1/128",
    "2001:1::2/128",
    "2001:1::3/128",
    "2001:2::/48",
    "2001:3::/32",
    "2001:4:112::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:30::/28",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
]
OTHERS = ["224.0.0.0/4", "ff00::/8", "fec0::/10", "::/96"]  # multicast, and what the registries hold no longer
EMBEDDING = {"::ffff:0:0/96", "64:ff9b::/96", "2002::/16"}  # as public as what is in them
MALFORMED = [
    "file:///etc/passwd",
    "ftp://example.org/",
    "gopher://example.org/",
    "javascript:alert(1)",
    "//example.org/",
    "example.org",
    "http://",
    "http:///path",
    "http://user@example.org/",
    "http://user:secret@example.org/",
    "http://example.org@127.0.0.1/",
    "http://example.org:99999/",
    "http://example.org:0/",
    "http://[::1/",
    "http://exa mple.org/",
    "http://example.org/\r\nX-Other: 1",
    "http://example.org\t/",
    "http://example.org\\@127.0.0.1/",
    "http://ⓔxample.org/",
    "http://example.org/" + "a" * 2000,
]


def named(monkeypatch, *addresses):
    """Every name has these addresses; gives the questions asked."""
    asked = []

    def getaddrinfo(host, port, **_):
        asked.append(host)
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in one], socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.fixture(autouse=True)
def _strict(monkeypatch):
    monkeypatch.delenv(ALLOW_LOCAL, raising=False)


@pytest.mark.parametrize("url", HOSTILE)
def test_addresses_of_this_machine_and_its_network_are_refused_when_given_and_when_used(url):
    with pytest.raises(InvalidStream, match="resolves to a private address"):
        checked_url(url)
    with pytest.raises(InvalidStream):
        resolved(endpoint_of(url))


@pytest.mark.parametrize("url", MALFORMED)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(InvalidStream, match="webhook"):
        checked_url(url)


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["::1"], ["93.184.216.34", "127.0.0.1"], ["93.184.216.34", "fe80::1%eth0"]]
)
def test_a_name_that_leads_to_a_local_address_is_refused_also_among_others(monkeypatch, addresses):
    named(monkeypatch, *addresses)
    with pytest.raises(InvalidStream):
        resolved(endpoint_of("https://rebound.example.org/"))


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_connected_to(monkeypatch):
    asked = named(monkeypatch, "93.184.216.34")
    assert resolved(endpoint_of("https://example.org/")) == [(socket.AF_INET, ("93.184.216.34", 443))]
    assert asked == ["example.org"]


def test_local_addresses_can_be_allowed(monkeypatch):
    for allowed, value in ((False, "0"), (False, "true"), (True, "1")):
        monkeypatch.setenv(ALLOW_LOCAL, value)
        if allowed:
            assert checked_url("http://127.0.0.1:8000/") == "http://127.0.0.1:8000/"
        else:
            with pytest.raises(InvalidStream):
                checked_url("http://127.0.0.1:8000/")


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "2606:2800:220:1:248:1893:25c8:1946",
        "64:ff9b::5db8:d822",
        "2002:5db8:d822::1",
        "::ffff:93.184.216.34",
        *(
            "192.0.1.0",
            "192.88.98.255",
            "192.88.100.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.32.0.0",
            "223.255.255.255",
        ),
        *("2001:200::1", "2001:db7:ffff::1", "2001:db9::1", "3ffe::1", "3fff:1000::1", "2620:4f:7fff::1"),
    ],
)
def test_public_addresses(address):
    assert is_public(address)


@pytest.fixture
def no_table(monkeypatch):
    """An interpreter whose own table of networks says that everything is public."""
    for kind in (ipaddress.IPv4Address, ipaddress.IPv6Address):
        for name, said in {"is_global": True, "is_private": False, "is_reserved": False, "is_multicast": False}.items():
            monkeypatch.setattr(kind, name, property(lambda self, said=said: said))


@pytest.mark.parametrize("block", [*REGISTRY_IPV4, *REGISTRY_IPV6, *OTHERS])
def test_no_block_of_ianas_registries_is_public_whatever_the_interpreter_thinks(no_table, block):
    network = ipaddress.ip_network(block)
    if block in EMBEDDING:
        return
    for place in {0, 1, network.num_addresses // 2, network.num_addresses - 2, network.num_addresses - 1}:
        if 0 <= place < network.num_addresses:
            assert not is_public(str(network[place])), network[place]


@given(st.sampled_from([*REGISTRY_IPV4, "224.0.0.0/4"]), st.integers(0, 2**32 - 1), st.integers(0, 2**16 - 1))
def test_an_address_within_another_counts_as_that_one_does(block, drawn, rest):
    network = ipaddress.ip_network(block)
    inner = int(network[drawn % network.num_addresses])
    for outer in (
        ipaddress.IPv6Address(0xFFFF << 32 | inner),  # mapped
        ipaddress.IPv6Address(inner),  # compatible
        ipaddress.IPv6Address(0x64FF9B << 96 | inner),  # NAT64
        ipaddress.IPv6Address(0x2002 << 112 | inner << 80 | rest),  # 6to4
        ipaddress.IPv6Address(0x20010000 << 96 | rest << 32 | inner ^ 0xFFFFFFFF),  # Teredo: its client's address
        ipaddress.IPv6Address(0x20010000 << 96 | inner << 64 | rest),  # Teredo: its server's
    ):
        assert not is_public(str(outer)), outer


def test_a_name_that_is_not_resolved_in_time_is_given_up(monkeypatch):
    answering = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answering.wait(PATIENCE_S) and [])
    with pytest.raises(TimeoutError, match="could not be resolved in time"):
        resolved(endpoint_of("https://slow.example.org/"), 0.05)
    answering.set()


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://example.org", "example.org", "/"),
        ("https://example.org:443/a?b=c#d", "example.org", "/a?b=c"),
        ("http://example.org:8080/a", "example.org:8080", "/a"),
        ("http://[2606:2800::1]:81/", "[2606:2800::1]:81", "/"),
    ],
)
def test_what_the_request_names(url, authority, path):
    endpoint = endpoint_of(url)
    assert (endpoint.authority, endpoint.path) == (authority, path)
