"""A preview of what an import would find in a file, before anything is imported."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from workbench.corpus.company.importing import ImportSides
from workbench.corpus.company.settings import Company
from workbench.corpus.company.tally import SideCounts
from workbench.corpus.file_reports import FileReport, FileReports
from workbench.corpus.formats import FormatProblem, JsonMapping, mapping_of
from workbench.corpus.languages import with_language
from workbench.corpus.pace import is_odd_pace, words_and_seconds
from workbench.corpus.reading import ReadItem, ReadOptions, read_all
from workbench.corpus.tables import Item
from workbench.domain.conversations import Conversation
from workbench.domain.names import printable
from workbench.domain.plurals import plural
from workbench.domain.time_zones import UTC_ZONE, in_zone

MAX_PREVIEW_SHOWN = 20
"""The most conversations that are shown; all are counted."""

MAX_PREVIEW_TURNS = 5
MAX_PREVIEW_PROBLEMS = 100
_MAX_PREVIEW_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class PreviewedTurn:
    """One of the first turns of a conversation; its text may be shortened."""

    speaker: str | None
    start_s: float | None
    end_s: float | None
    text: str


@dataclass(frozen=True, slots=True)
class PreviewedConversation:
    """A conversation as it would be imported.

    Attributes:
        sides: by speaker, if known.
        last_s: the largest time, in seconds from the start; None if there are no times.
        words_per_second: over the conversation up to ``last_s``; far from 1 to 4, the unit of the times is wrong. None
            without times, and for written conversations.
        first_turns: at most ``MAX_PREVIEW_TURNS``.
    """

    id: str
    title: str | None
    started: datetime | None
    duration_s: float | None
    language: str | None
    turns: int
    speakers: tuple[str, ...]
    sides: Mapping[str, str]
    last_s: float | None
    words_per_second: float | None
    first_turns: tuple[PreviewedTurn, ...]

    def __str__(self) -> str:
        known = (
            f"{one} ({self.sides[one]})" if one in self.sides else one for one in self.speakers[:MAX_PREVIEW_SHOWN]
        )
        started = self.started.isoformat() if self.started else "unknown"
        told = [
            f"{self.id}: {self.title}" if self.title else self.id,
            f"  {plural(self.turns, 'turn')} of {', '.join(known) or 'unknown speakers'}",
            f"  started {started}, language {self.language or 'unknown'}",
            f"  {_pace(self.last_s, self.words_per_second)}",
        ]
        told += (f"  {_clock(one.start_s):>9}  {one.speaker or '?'}: {one.text}" for one in self.first_turns)
        return "\n".join(told)


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would find.

    Attributes:
        files: what was found in each file from another tool.
        conversations: the first ``MAX_PREVIEW_SHOWN``.
        found: how many there are in total.
        problems: the first ``MAX_PREVIEW_PROBLEMS``, with the name of the file.
        sides: how the sides of all speakers would become known.
    """

    files: tuple[FileReport, ...]
    conversations: tuple[PreviewedConversation, ...]
    found: int
    problems: tuple[str, ...]
    sides: SideCounts = field(default_factory=SideCounts)

    def __str__(self) -> str:
        head = (
            f"{plural(self.found, 'conversation')} found, {plural(len(self.problems), 'problem')}; nothing was imported"
        )
        sides = [self.sides] if self.sides.is_worth_telling else []
        parts = (*sides, *self.files, *self.conversations, *self.problems)
        return printable("\n".join([head, *map(str, parts)]))


def preview_import(
    source: str | os.PathLike[str] | list[Any],
    mapping: JsonMapping | Mapping[str, Any] | None = None,
    zone: ZoneInfo = UTC_ZONE,
    company: Company | None = None,
) -> ImportPreview:
    """Read a file or a folder as an import would, and return what it would find; ``company`` decides sides.

    Starts without an offset are local times of ``zone``, and all are shown in its local time.

    Raises:
        FileNotFoundError: ``source`` does not exist.
        InvalidArgument: ``mapping`` is not one.
    """
    reports = FileReports()
    shown: list[PreviewedConversation] = []
    problems: list[str] = []
    found = 0
    by_rule = ImportSides(company)
    options = ReadOptions(zone=zone, mapping=mapping_of(mapping) if mapping is not None else None)
    for one in read_all(source, options=options):
        if isinstance(one.found, FormatProblem):
            if len(problems) < MAX_PREVIEW_PROBLEMS:
                problems.append(_problem(one, one.found))
            continue
        found += 1
        item = by_rule.sided(one, one.found)
        by_rule.count(item)
        _count(reports, one, item)
        if len(shown) < MAX_PREVIEW_SHOWN:
            shown.append(previewed(item.conversation, zone, one.notes))
    return ImportPreview(reports.all(), tuple(shown), found, tuple(problems), by_rule.tally.counts())


def _count(reports: FileReports, one: ReadItem, item: Item) -> None:
    reports.add(one.name, one.format or "workbench JSON Lines", item.conversation, one.left_out, one.notes)


def _problem(one: ReadItem, problem: FormatProblem) -> str:
    line = f", line {one.line}" if one.line else ""
    return printable(f"{one.name}{line}: {problem.reason}", lines=False)


def previewed(
    conversation: Conversation, zone: ZoneInfo = UTC_ZONE, notes: Collection[str] = ()
) -> PreviewedConversation:
    """Return the preview of a conversation, with its start in the local time of ``zone``.

    ``notes`` are its reader's notes.
    """
    turns = conversation.turns
    times = [time for turn in turns for time in (turn.start_s, turn.end_s) if time is not None]
    last_s = max(times, default=None)
    words, seconds = words_and_seconds(conversation, notes)
    return PreviewedConversation(
        conversation.id,
        conversation.title,
        conversation.started and in_zone(conversation.started, zone),
        conversation.duration_s,
        with_language(conversation).language,
        len(turns),
        tuple(dict.fromkeys(turn.party for turn in turns if turn.party)),
        {party.id: party.side.value for party in conversation.parties if party.side},
        last_s,
        words / seconds if seconds else None,
        tuple(
            PreviewedTurn(turn.party, turn.start_s, turn.end_s, turn.text[:_MAX_PREVIEW_CHARACTERS])
            for turn in turns[:MAX_PREVIEW_TURNS]
        ),
    )


def _pace(last_s: float | None, words_per_second: float | None) -> str:
    if last_s is None:
        return "no times"
    if words_per_second is None:
        return f"ends at {_clock(last_s)}"
    odd = " (is the unit of the times right?)" if is_odd_pace(words_per_second) else ""
    return f"ends at {_clock(last_s)}, {words_per_second:.1f} words a second{odd}"


def _clock(time_s: float | None) -> str:
    if time_s is None:
        return "–"
    minutes, seconds = divmod(int(time_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
