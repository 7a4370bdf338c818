"""What an import reports about each file: its format, what was found in it, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.corpus.formats.assemble import told_counts
from workbench.domain.conversations import Conversation
from workbench.domain.names import printable
from workbench.domain.plurals import plural

MAX_REPORTED_FILES = 10_000
"""The most files that a report lists."""

_MAX_NOTES = 5
_MAX_SPEAKERS = 1_000


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found in a file from another tool.

    Attributes:
        name: the file's name.
        format: the detected format.
        conversations: how many it has.
        turns: of all of them.
        speakers: different ones, over all conversations.
        turns_without_speaker: of all of them.
        turns_without_time: likewise.
        left_out: how much was not read as speech, by kind.
        notes: what was assumed.
    """

    name: str
    format: str
    conversations: int = 0
    turns: int = 0
    speakers: int = 0
    turns_without_speaker: int = 0
    turns_without_time: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [
            plural(self.conversations, "conversation"),
            plural(self.turns, "turn"),
            plural(self.speakers, "speaker"),
        ]
        if self.turns_without_speaker:
            parts.append(f"{plural(self.turns_without_speaker, 'turn')} without speaker")
        if self.turns_without_time:
            parts.append(f"{plural(self.turns_without_time, 'turn')} without time")
        told = f"{self.name}: {self.format}: {', '.join(parts)}"
        if left_out := told_counts(self.left_out):
            told += f"; left out: {left_out}"
        return printable("; ".join([told, *self.notes]), lines=False)


class FileReports:
    """Collects what is found in files."""

    def __init__(self) -> None:
        self._files: dict[str, _Counts] = {}

    def add(
        self, name: str, form: str, conversation: Conversation, left_out: Mapping[str, int], notes: tuple[str, ...]
    ) -> None:
        """Add a conversation that was found in a file."""
        if name not in self._files and len(self._files) >= MAX_REPORTED_FILES:
            return
        found = self._files.setdefault(name, _Counts(form))
        found.conversations += 1
        found.turns += len(conversation.turns)
        for turn in conversation.turns:
            if turn.party is None:
                found.without_speaker += 1
            elif len(found.speakers) < _MAX_SPEAKERS:
                found.speakers.add(turn.party)
            found.without_time += turn.start_s is None
        found.left_out.update(left_out)
        for note in notes:
            if len(found.notes) < _MAX_NOTES:
                found.notes[note] = None

    def all(self) -> tuple[FileReport, ...]:
        """Return a report for each file, in the order in which they were read."""
        return tuple(
            FileReport(
                name,
                one.form,
                one.conversations,
                one.turns,
                len(one.speakers),
                one.without_speaker,
                one.without_time,
                dict(one.left_out),
                tuple(one.notes),
            )
            for name, one in self._files.items()
        )


@dataclass(slots=True)
class _Counts:
    form: str
    conversations: int = 0
    turns: int = 0
    without_speaker: int = 0
    without_time: int = 0
    speakers: set[str] = field(default_factory=set)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: dict[str, None] = field(default_factory=dict)
