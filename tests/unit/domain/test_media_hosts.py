"""Where recordings may be played from (F23)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.media_hosts import MEDIA_HOSTS, Remote, allowed_hosts, remote_of

ALLOWED = "media.example.org, *.cdn.example.net, other.example.org:8443"


@pytest.fixture(autouse=True)
def _allowed(monkeypatch):
    monkeypatch.setenv(MEDIA_HOSTS, ALLOWED)


@pytest.mark.parametrize(
    ("url", "address", "host"),
    [
        ("https://media.example.org/a.wav", "https://media.example.org/a.wav", "media.example.org"),
        ("HTTPS://Media.Example.ORG:443/a b.wav?x=1 2#f", "https://media.example.org/a%20b.wav?x=1%202", None),
        ("https://media.example.org", "https://media.example.org/", None),
        ("https://a.b.cdn.example.net/ü%20.wav", "https://a.b.cdn.example.net/%C3%BC%20.wav", "a.b.cdn.example.net"),
        ("https://other.example.org:8443/a", "https://other.example.org:8443/a", "other.example.org:8443"),
        ("https://media.example.org/'\"<>.wav", "https://media.example.org/'%22%3C%3E.wav", None),
    ],
)
def test_an_allowed_host_is_played_from_an_address_made_of_what_was_checked(url, address, host):
    found = remote_of(url)
    assert isinstance(found, Remote), found
    assert found.address == address
    assert found.host == (host or "media.example.org")


REFUSED = [
    *("http://media.example.org/a.wav", "ftp://media.example.org/a", "//media.example.org/a", "media.example.org/a"),
    *("javascript:alert(1)", "data:audio/wav;base64,AAAA", "blob:https://media.example.org/1", "file:///a.wav"),
    *("https://elsewhere.example.org/a", "https://xmedia.example.org/a", "https://media.example.org.evil.net/a"),
    *("https://cdn.example.net/a", "https://xcdn.example.net/a", "https://media.example.org:444/a"),
    *("https://other.example.org/a", "https://other.example.org:443/a", "https://media.example.org./a"),
    *("https://ann@media.example.org/a", "https://:x@media.example.org/a", "https://media.example.org@evil.net/a"),
    *("https://media.example.org\\@evil.net/a", "https://evil.net\\media.example.org", "https://media.example.org/\na"),
    *("https://media.example.org/\x00", "https://me\tdia.example.org/a", "https://[::1]/a", "https://[/a", "https://"),
    *("https:///a", "https://media.example.org:99999/a", "https://media.example.org:x/a", "", "https", "https:"),
    "https://media.example.org/" + "a" * 2_000,
]


@pytest.mark.parametrize("url", REFUSED)
def test_everything_else_is_refused_with_a_reason(url):
    told = remote_of(url)
    assert isinstance(told, str)
    assert told.endswith(".")
    assert len(told) < 300


LOCAL = [
    *("localhost", "a.localhost", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0", "10.0.0.1", "192.168.0.1"),
    *("169.254.169.254", "192.0.0.192", "100.64.0.1", "93.184.216.34", "[::1]", "[fe80::1]", "[::ffff:7f00:1]"),
    *("router", "nas.local", "files.internal", "x.lan", "x.home", "1.0.0.127.in-addr.arpa", "a.0x7f", "a.1"),
]


@pytest.mark.parametrize("host", LOCAL)
def test_this_machine_its_network_and_bare_addresses_are_never_played_from_even_if_listed(monkeypatch, host):
    monkeypatch.setenv(MEDIA_HOSTS, f"{host},*.{host},media.example.org")
    assert [one.name for one in allowed_hosts()] == ["media.example.org"]
    for url in (f"https://{host}/a.wav", f"https://x.{host}/a.wav", f"http://{host}/a.wav"):
        assert isinstance(remote_of(url), str), url


@pytest.mark.parametrize(
    "given", ["", " ,", "*", "*.org", "https://media.example.org", "media.example.org/x", "a b.org"]
)
def test_a_list_that_names_no_host_allows_none(monkeypatch, given):
    monkeypatch.setenv(MEDIA_HOSTS, given)
    assert [one for one in allowed_hosts() if one.name != "org"] == []
    assert isinstance(remote_of("https://media.example.org/a"), str)


@given(st.text(st.sampled_from("htps:/\\@.#?[]%0x1aA-é media.example.org\n\t\0"), max_size=30))
def test_whatever_is_given_the_address_leads_to_a_listed_host(text):
    for url in (text, "https://" + text, "https://media.example.org" + text, text + "media.example.org/"):
        found = remote_of(url)
        if isinstance(found, Remote):
            parts = urlsplit(found.address)
            assert (parts.scheme, parts.username, parts.password) == ("https", None, None)
            assert any(one.holds(parts.hostname or "", parts.port) for one in allowed_hosts())
            assert found.address.isascii()
            assert "\\" not in found.address
