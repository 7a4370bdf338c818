"""What a page of the dashboards' server may load."""

from __future__ import annotations

import pytest

from workbench.domain.media_hosts import MEDIA_HOSTS
from workbench.serving.policy import policy


def parts(given: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in given.split("; "))


def test_media_come_from_the_server_and_from_allowed_hosts(monkeypatch):
    """F23."""
    monkeypatch.delenv(MEDIA_HOSTS, raising=False)
    usual = parts(policy())
    assert usual["media-src"] == "'self' data: blob:"
    monkeypatch.setenv(MEDIA_HOSTS, "media.example.org, *.cdn.example.net:8443,10.0.0.1,x;script-src *")
    allowed = parts(policy())
    assert allowed["media-src"] == "'self' data: blob: https://media.example.org https://*.cdn.example.net:8443"
    assert allowed | {"media-src": ""} == usual | {"media-src": ""}


@pytest.mark.parametrize(
    "given", ["media.example.org; script-src *", "media.example.org\nx", "' *", "media.example.org *"]
)
def test_the_list_of_hosts_adds_no_other_directive(monkeypatch, given):
    monkeypatch.setenv(MEDIA_HOSTS, given)
    assert parts(policy())["media-src"] == "'self' data: blob:"
