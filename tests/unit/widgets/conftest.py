import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fakes
from fakes import LINES, FakeWorkspace


class Page:
    """Stands in for the browser: sends requests to a widget and keeps its replies, and what it hears without asking."""

    def __init__(self, widget):
        self.widget = widget
        self.replies, self.news = [], []
        widget.send = lambda content, buffers=None: (self.news if "news" in content else self.replies).append(content)

    def ask(self, kind, **values):
        self.widget._handle_custom_msg({"id": str(len(self.replies)), "kind": kind, **values}, [])
        assert self.replies[-1]["id"] == str(len(self.replies) - 1)
        return self.replies[-1]

    def result(self, kind, **values):
        reply = self.ask(kind, **values)
        assert reply["error"] is None
        return reply["result"]


@pytest.fixture
def page():
    return Page


@pytest.fixture
def workspace():
    return FakeWorkspace(size=3)


@pytest.fixture
def tracker(workspace):
    return workspace.trackers.create("Pricing objections", examples=list(LINES))


@pytest.fixture
def clock(monkeypatch):
    """Time stands still until a test moves it."""
    now = [0.0]
    monkeypatch.setattr(fakes.time, "monotonic", lambda: now[0])
    return now
