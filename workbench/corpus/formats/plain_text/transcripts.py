"""Pasted transcripts: the form of a text is detected from the share of its lines with one shape.

If the shares are too small, a text is refused; nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.names_in_text import accepted_names, folded, is_role, looks_like_name
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.plain_text.call_data import add_call_data, core_of, without_trailer
from workbench.corpus.formats.plain_text.day_times import count_from_first_day, settle_times
from workbench.corpus.formats.plain_text.line_kinds import LineKind, TextLine, line_of, narrowed
from workbench.corpus.formats.plain_text.lone_names import with_lone_names
from workbench.corpus.formats.plain_text.marked_lines import rewriting_of
from workbench.corpus.formats.plain_text.meet import is_meet, meet_draft
from workbench.corpus.formats.plain_text.stacked_heads import with_joined_heads
from workbench.corpus.formats.roles import known_speaker, sides_of

# Minimum shares of the non-empty lines, in the order in which the shapes are tried.
_SHARES: tuple[tuple[frozenset[LineKind], LineKind, float], ...] = (
    (frozenset({LineKind.TIME_NAME_TEXT}), LineKind.TIME_NAME_TEXT, 0.4),
    (frozenset({LineKind.NAME_TIME}), LineKind.NAME_TIME, 0.15),
    (frozenset({LineKind.TIME_NAME, LineKind.TIME}), LineKind.TIME_NAME, 0.1),
    (frozenset({LineKind.TIME_TEXT, LineKind.TIME_NAME}), LineKind.TIME_TEXT, 0.3),
    (frozenset({LineKind.NAME_TEXT}), LineKind.NAME_TEXT, 0.5),
)
_BELOW = frozenset({LineKind.NAME_TIME, LineKind.TIME_NAME})
_HEADS = {
    LineKind.TIME_NAME_TEXT: frozenset({LineKind.TIME_NAME_TEXT}),
    LineKind.NAME_TIME: frozenset({LineKind.NAME_TIME, LineKind.TIME}),
    LineKind.TIME_NAME: frozenset({LineKind.TIME_NAME, LineKind.TIME}),
    LineKind.TIME_TEXT: frozenset({LineKind.TIME_TEXT, LineKind.TIME_NAME, LineKind.TIME_NAME_TEXT, LineKind.TIME}),
    LineKind.NAME_TEXT: frozenset({LineKind.NAME_TEXT}),
}
_NOT_SPEECH = re.compile(
    r"(?:ACTION ITEM|HIGHLIGHT|BOOKMARK|SCREEN SHARING|QUESTION)\b.*\bWATCH: https?://", re.IGNORECASE
)
MIN_TRANSCRIPT_HEADS = 2
"""Lines that begin a turn: a single one may be anything."""

MIN_TRANSCRIPT_WORDS_PER_S = 0.1
"""For a text with times and without names: people say two or three."""

_LEVEL = re.compile(r"\[?(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL|NOTICE|CRITICAL)\b")
_MODULE = re.compile(r"\w\.\w|\w[:/]\w|_\w+\.")
_MAX_TRANSCRIPT_LINES = 500_000
_LEAST_TO_COME_BACK = 2  # turns; in more, someone speaks again, unlike in the lines of a form
_SEEN = 3_000  # lines used to detect the shape
_BEGINNING = 200  # characters of each of them


class PlainTranscript:
    """Read pasted transcripts; texts of other shapes are not recognised."""

    name = "plain text transcript"

    def recognises(self, file: Opened) -> bool:
        """Return whether enough of the lines have one shape."""
        head = file.head
        if head[:5] in (b"{\\rtf", b"%PDF-") or (b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff")):
            return False
        return not head.lstrip(b"\xef\xbb\xbf").startswith(b"WEBVTT") and is_transcript(file.text[:1_000_000])

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the text, or the reason why it has none."""
        if len(file.lines) > _MAX_TRANSCRIPT_LINES:
            raise UnreadableFile(
                f"has more than {_MAX_TRANSCRIPT_LINES:,} lines; split it into files of one conversation"
            )
        draft = transcript_of(file.text)
        yield (
            draft
            if draft
            else FormatProblem(None, "is not a transcript in any known shape; export it with names or times")
        )


def is_transcript(text: str) -> bool:
    """Return whether enough of a text's lines have one shape."""
    lines = lines_of(text, _SEEN)
    return is_meet(lines) or shape_of(lines) is not None


def transcript_of(text: str) -> Draft | None:
    """Return the conversation in a text; None if its lines have no known shape."""
    lines = lines_of(text)
    if is_meet(lines):
        return meet_draft(lines)
    shape = shape_of(lines[:_SEEN])
    return None if shape is None else draft_of(lines, shape)


def lines_of(text: str, most: int | None = None) -> list[TextLine]:
    """Return the parsed non-empty lines; only the first ``most`` of them, if given."""
    out: list[TextLine] = []
    blank = True
    raws = text.split("\n")
    rewritten = rewriting_of([narrowed(one[:_BEGINNING]) for one in islice(filter(_is_filled, raws), _SEEN)])
    for number, raw in enumerate(raws, 1):
        if len(out) == most:
            break
        if not _is_filled(raw):
            blank = True
            continue
        line = line_of(number, rewritten(narrowed(raw)) if rewritten else raw, blank)
        blank = not line.whole
        if not blank:
            out.append(line)
    return with_lone_names(with_joined_heads(out))


def _is_filled(line: str) -> bool:
    return bool(line) and not line.isspace()


def shape_of(lines: Sequence[TextLine]) -> LineKind | None:
    """Return the shape that enough of the lines have; None if none has."""
    lines = core_of(lines)
    if not lines:
        return None
    counts = Counter(line.kind for line in lines)
    for kinds, shape, least in _SHARES:
        number = sum(counts[one] for one in kinds)
        if number >= MIN_TRANSCRIPT_HEADS and number > least * len(lines) and _fits(shape, lines):
            return shape
    return None


def draft_of(lines: Sequence[TextLine], shape: LineKind) -> Draft:
    """Return the conversation in lines of this shape."""
    draft = Draft([])
    names = _names(lines) if shape is LineKind.NAME_TEXT else None
    first = next(place for place, line in enumerate(lines) if _is_head(line, shape, names))
    add_call_data(draft, lines[:first])
    body = without_trailer(lines[first:], lambda line: _is_head(line, shape, names), draft)
    spellings: dict[str, str] = {}
    texts: list[str] = []
    is_dated = count_from_first_day(draft, [line for line in body if _is_head(line, shape, names)])
    for line in body:
        if _is_head(line, shape, names):
            _close(draft, texts)
            name = None if shape is LineKind.TIME_TEXT and line.kind is not LineKind.TIME_NAME_TEXT else line.name
            speaker = known_speaker(name)
            speaker = spellings.setdefault(folded(speaker), speaker) if speaker else None
            draft.turns.append(DraftTurn("", speaker, line.start_s, line.end_s))
            texts = [line.text] if _says(line, shape) else []
        elif _NOT_SPEECH.match(line.whole):
            draft.left_out["action item"] += 1
        else:
            texts.append(line.whole)
    _close(draft, texts)
    if not is_dated:
        settle_times(draft)
    draft.sides = sides_of(turn.speaker for turn in draft.turns)
    return draft


def _close(draft: Draft, texts: list[str]) -> None:
    if not draft.turns:
        return
    draft.turns[-1].text = " ".join(one for one in texts if one)
    if not draft.turns[-1].text:
        draft.turns.pop()
        draft.left_out["turn without text"] += 1


def _says(line: TextLine, shape: LineKind) -> bool:
    return line.kind is not LineKind.TIME_NAME or shape is LineKind.TIME_TEXT


def _is_head(line: TextLine, shape: LineKind, names: set[str] | None) -> bool:
    if line.kind not in _HEADS[shape]:
        return False
    return names is None or folded(line.name or "") in names


def _fits(shape: LineKind, lines: Sequence[TextLine]) -> bool:
    """Check more than the share: that there is text below heads, and that names are names."""
    if shape is LineKind.NAME_TEXT:
        return _has_speakers(lines)
    if shape in _BELOW:
        places = [place for place, line in enumerate(lines) if line.kind in _HEADS[shape] and not line.text]
        places += [
            place for place, line in enumerate(lines) if line.kind is LineKind.TIME_NAME and shape is LineKind.TIME_NAME
        ]
        told = [place for place, line in enumerate(lines) if line.kind is LineKind.NAME_TIME and line.text]
        followed = sum(1 for one in places if one + 1 < len(lines) and lines[one + 1].kind not in _HEADS[shape])
        return followed + len(told) > (len(places) + len(told)) / 2
    if shape is LineKind.TIME_NAME_TEXT:
        return _are_speakers([line for line in lines if line.kind is LineKind.TIME_NAME_TEXT])
    return _is_spoken([line for line in lines if line.kind in _HEADS[LineKind.TIME_TEXT] and line.start_s is not None])


def _are_speakers(lines: Sequence[TextLine]) -> bool:
    """Return whether the names after times are people's; in logs they are levels, programs and modules."""
    names = [line.name or "" for line in lines]
    if sum(1 for one in names if _LEVEL.match(one)) * 3 >= len(names):
        return False
    if sum(looks_like_name(one) and not _MODULE.search(one) for one in names) > len(names) / 2:
        return True
    return not any(line.date for line in lines) and len(set(map(folded, names))) < len(names) / 2


def _is_spoken(timed: Sequence[TextLine]) -> bool:
    """Return whether the words can be spoken in the time: notes with hours, and logs, have fewer."""
    starts = [line.start_s or 0.0 for line in timed]
    words = sum(len(line.text.split()) for line in timed)
    levels = sum(1 for line in timed if _LEVEL.match(line.text or line.name or ""))
    span = max(starts, default=0.0) - min(starts, default=0.0)
    return span > 0 and words / span >= MIN_TRANSCRIPT_WORDS_PER_S and levels < len(timed) / 3


def _names(lines: Sequence[TextLine]) -> set[str]:
    return accepted_names([line.whole[:200]] for line in lines)


def _has_speakers(lines: Sequence[TextLine]) -> bool:
    """Return whether at least two names recur, or one is a role, and most lines begin with one."""
    names = _names(lines)
    found = Counter(
        key for line in lines if line.kind is LineKind.NAME_TEXT and (key := folded(line.name or "")) in names
    )
    if sum(found.values()) <= 0.5 * len(lines):
        return False
    back = sum(1 for number in found.values() if number > 1)
    return back > 1 or (any(map(is_role, found)) and (back > 0 or sum(found.values()) <= _LEAST_TO_COME_BACK))
