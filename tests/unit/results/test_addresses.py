"""Where webhooks may go."""

from __future__ import annotations

import socket

import pytest

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
]
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
    with pytest.raises(InvalidStream, match="where none may go"):
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
    assert resolved(endpoint_of("https://example.org/")) == (socket.AF_INET, ("93.184.216.34", 443))
    assert asked == ["example.org"]


def test_local_addresses_can_be_allowed(monkeypatch):
    for allowed, value in ((False, "0"), (False, "true"), (True, "1")):
        monkeypatch.setenv(ALLOW_LOCAL, value)
        if allowed:
            assert checked_url("http://127.0.0.1:8000/") == "http://127.0.0.1:8000/"
        else:
            with pytest.raises(InvalidStream):
                checked_url("http://127.0.0.1:8000/")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_public_addresses(address):
    assert is_public(address)


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
