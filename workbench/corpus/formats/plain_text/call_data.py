"""What surrounds the turns of a pasted transcript: call data before, notices and summaries after."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workbench.corpus.formats.cell_values import cell_moment
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.plain_text.line_kinds import LineKind, TextLine
from workbench.corpus.formats.times import clock

_FIELDS = {
    "title": "title", "subject": "title", "meeting": "title", "call": "title", "topic": "title", "call title": "title",
    "titel": "title", "thema": "title", "betreff": "title", "meeting title": "title",
    "date": "date", "datum": "date", "recorded": "date", "recorded on": "date", "call date": "date", "time": "date",
    "meeting date": "date", "date and time": "date",
    "duration": "duration", "length": "duration", "dauer": "duration", "recording length": "duration",
    "language": "language", "sprache": "language",
}  # fmt: skip
_KEPT = frozenset(("attendees", "participants", "teilnehmer", "present", "invited", "recording", "location", "account"))
_FATHOM_DATE = re.compile(r"(?P<title>.+?) - (?:[A-Z][a-z]+ \d{1,2}(?:, \d{4})?)$")
_RECORDING = re.compile(r"VIEW RECORDING\b.*", re.IGNORECASE)
_HEADING = re.compile(r"[#\s]*(?:transcript|transkript|transcription|transcripción)[:\s]*", re.IGNORECASE)
_MINUTES = re.compile(
    r"(?:(\d{1,2})\s*(?:h|hrs?|hours?|std)\.?)?\s*(?:(\d{1,3})\s*(?:m|mins?|minutes?|minuten)\.?)?", re.IGNORECASE
)
_TRAILERS = re.compile(
    r"(?:\W*)(?:Transcribed by https?://otter\.ai\b.*|Transcribed by https?://\S+|This transcript was generated\b.*"
    r"|This editable transcript was computer generated\b.*|--- ?end ?---"
    r"|\[?end of (?:transcript|recording|call|meeting)\]?"
    r"|Transcription ended\b.*|Transcript provided by\b.*)\W*",
    re.IGNORECASE,
)
_SECTIONS = frozenset(
    ("summary", "action items", "key takeaways", "next steps", "notes", "meeting notes", "takeaways", "key points",
     "zusammenfassung", "nächste schritte", "call summary", "meeting summary", "follow-ups", "follow ups", "keywords",
     "summary keywords", "highlights", "outline")
)  # fmt: skip
_MAX_TITLE = 200
_MAX_HEADS = 20  # lines above the first turn that may describe the call


def add_call_data(draft: Draft, lines: Sequence[TextLine]) -> None:
    """Read what the lines before the first turn say about the call."""
    untold = [line for line in lines if not _add_field(draft, line) and any(map(str.isalnum, line.whole))]
    rest = [line for line in untold if not _RECORDING.fullmatch(line.whole) and not _HEADING.fullmatch(line.whole)]
    is_fathom = any(_RECORDING.fullmatch(line.whole) for line in lines)
    if rest and draft.title is None and len(rest[0].whole) <= _MAX_TITLE and rest[0].kind is not LineKind.TIME:
        found = _FATHOM_DATE.fullmatch(rest[0].whole) if is_fathom else None
        draft.title = found["title"] if found else rest[0].whole.lstrip("# ")
        rest = rest[1:]
    draft.left_out["stray line"] += len(rest)


def core_of(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    """Return the lines without call data at the top, and without what follows the heading of a summary."""
    first = 0
    for place, line in enumerate(lines[:_MAX_HEADS]):
        if _is_field(line):
            first = place + 1
        elif line.kind is not LineKind.TEXT:
            break
    end = next((place for place in range(first + 1, len(lines)) if _is_section(lines[place])), len(lines))
    return lines[first:end]


def without_trailer(lines: Sequence[TextLine], is_head: Callable[[TextLine], bool], draft: Draft) -> Sequence[TextLine]:
    """Return the lines without what follows the last turn: notices of the tool, and summaries under a heading."""
    last = max((place for place, line in enumerate(lines) if is_head(line)), default=0)
    for place in range(last + 1, len(lines)):
        line = lines[place]
        if is_trailer(line):
            draft.left_out["stray line"] += len(lines) - place
            return lines[:place]
    return lines


def is_trailer(line: TextLine) -> bool:
    """Return whether a line is a notice of the tool, or the heading of a summary."""
    return _is_section(line) or bool(_TRAILERS.fullmatch(line.whole))


def _is_section(line: TextLine) -> bool:
    return line.after_blank and line.whole.lower().strip("#*: ") in _SECTIONS


def _is_field(line: TextLine) -> bool:
    key = line.whole.partition(":")[0].strip("#*- ").lower()
    return key in _FIELDS or key in _KEPT


def _add_field(draft: Draft, line: TextLine) -> bool:
    name, mark, value = line.whole.partition(":")
    key, value = name.strip("#*- ").lower(), value.strip("* ")
    if not mark or not value or (key not in _FIELDS and key not in _KEPT):
        return False
    use = _FIELDS.get(key)
    if use == "title" and draft.title is None:
        draft.title = value[:_MAX_TITLE]
    elif use == "language":
        draft.language = value
    elif use == "date" and (moment := cell_moment(value, None)):
        draft.begin(moment)
    elif use == "duration" and (seconds := _duration(value)) is not None:
        draft.duration_s = seconds
    else:
        draft.fields[name.strip("#*- ")[:100]] = value
    return True


def _duration(value: str) -> float | None:
    if (seconds := clock(value)) is not None:
        return seconds
    found = _MINUTES.fullmatch(value.strip())
    if not found or not any(found.groups()):
        return None
    return float(int(found[1] or 0) * 3600 + int(found[2] or 0) * 60)
