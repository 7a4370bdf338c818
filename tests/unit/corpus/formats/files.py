"""Reads files that a test writes down, as an import does."""

from __future__ import annotations

from pathlib import Path

from workbench.corpus.formats import FORMATS, FormatProblem, FoundConversation
from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.recognition import conversations_of, recognised
from workbench.domain.conversations import Conversation

Found = FoundConversation | FormatProblem


def opened(name: str, content: str | bytes) -> Opened:
    """Return a file of this content, which lies nowhere."""
    return Opened(Path("/nowhere") / name, content.encode() if isinstance(content, str) else content)


def format_name(name: str, content: str | bytes) -> str | None:
    """Return the name of the format that knows the file; None if none does."""
    found = recognised(opened(name, content), FORMATS)
    return found.name if found else None


def read(name: str, content: str | bytes) -> list[Found]:
    """Return what the file gives; the test fails where no format knows it."""
    file = opened(name, content)
    form = recognised(file, FORMATS)
    assert form is not None, f"no format knows {name}"
    return list(conversations_of(form, file))


def calls(name: str, content: str | bytes) -> list[Conversation]:
    """Return the conversations of a file without problems."""
    found = read(name, content)
    assert all(isinstance(one, FoundConversation) for one in found), found
    return [one.conversation for one in found if isinstance(one, FoundConversation)]


def call(name: str, content: str | bytes) -> Conversation:
    """Return the one conversation of a file without problems."""
    (found,) = calls(name, content)
    return found


def said(name: str, content: str | bytes) -> list[tuple[str | None, str]]:
    """Return who says what in the one conversation of a file."""
    return [(turn.party, turn.text) for turn in call(name, content).turns]


def timed(name: str, content: str | bytes) -> list[tuple[float | None, float | None, str]]:
    """Return the start, the end and the text of each turn."""
    return [(turn.start_s, turn.end_s, turn.text) for turn in call(name, content).turns]


def reason(name: str, content: str | bytes) -> str:
    """Return the one reason why a file gives nothing."""
    (found,) = read(name, content)
    assert isinstance(found, FormatProblem), found
    return found.reason
