"""Readers of other packages: they are asked first, and what they do wrong ends with them."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from workbench.corpus.formats import FormatProblem, FoundConversation, format_of, installed
from workbench.corpus.formats.draft import Draft, DraftTurn


class Shouted:
    """Reads files that begin with an exclamation mark."""

    name = "shouted notes"

    def recognises(self, file):
        return file.head.startswith(b"!")

    def read(self, file):
        if "broken" in file.text:
            raise KeyError("no such note")
        yield Draft([DraftTurn(line.strip("! ")) for line in file.lines if line])


class Angry(Shouted):
    def recognises(self, file):
        raise ValueError("not today")


NOTHING = object()


@pytest.fixture
def install(monkeypatch):
    def installing(*names):
        found = [EntryPoint(name, f"{__name__}:{name}", installed.GROUP) for name in names]
        monkeypatch.setattr(installed, "entry_points", lambda group: found if group == installed.GROUP else [])
        installed.installed_formats.cache_clear()

    yield installing
    installed.installed_formats.cache_clear()


def read(path):
    form = format_of(path)
    return form and list(form.read(path))


def test_a_package_adds_a_reader(install, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("!Hello there\n!It is too expensive\n")
    assert read(path) is None
    install("Shouted")
    (found,) = read(path)
    assert isinstance(found, FoundConversation)
    assert [turn.text for turn in found.conversation.turns] == ["Hello there", "It is too expensive"]


def test_one_that_fails_costs_a_reason_or_a_warning(install, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("!broken\n")
    install("Shouted")
    (found,) = read(path)
    assert isinstance(found, FormatProblem)
    assert "shouted notes" in found.reason
    assert "KeyError" in found.reason
    install("Angry", "Shouted")
    path.write_text("!Hello\n")
    with pytest.warns(UserWarning, match="not today"):
        (found,) = read(path)
    assert isinstance(found, FoundConversation)


@pytest.mark.parametrize("name", ["Missing", "NOTHING"])
def test_what_is_no_reader_is_warned_about(install, tmp_path, name):
    path = tmp_path / "a.txt"
    path.write_text("Agent: Hello\nCustomer: Hi\n")
    install(name)
    with pytest.warns(UserWarning, match=name):
        (found,) = read(path)
    assert isinstance(found, FoundConversation)
