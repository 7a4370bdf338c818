"""Google Meet's transcripts: a line with the time every few minutes, and paragraphs ``Name: text`` between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.names_in_text import accepted_names, folded
from workbench.corpus.formats.plain_text.line_kinds import LineKind, TextLine
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.times import clock

_TITLE = re.compile(
    r"\W*(?P<title>.+?)(?: - \d{4}/\d\d/\d\d .*?)? [-–—] (?:Transcript|Transkript|Transcription|Transcripción)"
)
_FULL_TIME = re.compile(r"\d{1,2}:\d\d:\d\d")
_ENDED = re.compile(r"\D+(?P<time>\d{1,2}:\d\d:\d\d)\W*")


def is_meet(lines: Sequence[TextLine]) -> bool:
    """Return whether there are lines with only a time, h:mm:ss, and most of the lines between are ``Name: text``."""
    first = _first_time(lines)
    if first is None:
        return False
    body = [line for line in lines[first : _end(lines, first)] if not _is_time(line)]
    named = _named(body)
    return len(body) > 0 and sum(named) * 2 > len(body) and _is_time(lines[first]) and named[0]


def meet_draft(lines: Sequence[TextLine]) -> Draft:
    """Return the conversation; only the first turn after each time has a start."""
    draft = Draft([])
    first = _first_time(lines) or 0
    end = _end(lines, first)
    for line in lines[:first]:
        if found := _TITLE.fullmatch(line.whole):
            draft.title = found["title"]
    if end < len(lines) and (found := _ENDED.fullmatch(lines[end].whole)):
        draft.duration_s = clock(found["time"])
    body = lines[first:end]
    names = accepted_names([line.whole[:200]] for line in body if not _is_time(line))
    start_s: float | None = None
    for line in body:
        if _is_time(line):
            start_s = line.start_s
        elif line.kind is LineKind.NAME_TEXT and folded(line.name or "") in names:
            draft.turns.append(DraftTurn(line.text, known_speaker(line.name), start_s))
            start_s = None
        elif draft.turns:
            draft.turns[-1].text = f"{draft.turns[-1].text} {line.whole}"
        else:
            draft.left_out["stray line"] += 1
    return draft


def _first_time(lines: Sequence[TextLine]) -> int | None:
    return next((place for place, line in enumerate(lines) if _is_time(line)), None)


def _is_time(line: TextLine) -> bool:
    return line.kind is LineKind.TIME and bool(_FULL_TIME.fullmatch(line.whole))


def _end(lines: Sequence[TextLine], first: int) -> int:
    """Return where the transcript ends: at the last line that ends in a time, such as "Transcription ended after …"."""
    for place in range(len(lines) - 1, max(first, len(lines) - 8), -1):
        if _ENDED.fullmatch(lines[place].whole) and lines[place].kind is not LineKind.NAME_TEXT:
            return place
    return len(lines)


def _named(body: Sequence[TextLine]) -> list[bool]:
    names = accepted_names([line.whole[:200]] for line in body)
    return [line.kind is LineKind.NAME_TEXT and folded(line.name or "") in names for line in body]
