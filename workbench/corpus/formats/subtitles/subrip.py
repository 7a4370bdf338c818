"""SubRip (.srt), SubViewer (.sbv), and the older text format of Teams: times, then lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.names_in_files import started_in_name
from workbench.corpus.formats.names_in_text import can_be_name
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.subtitles.cues import SubtitleCue, Timing, plain_text, timing_of, turns_of
from workbench.corpus.formats.subtitles.rolling import without_repeats
from workbench.corpus.formats.times import clock

_ARROW = re.compile(r"^[ \t]*\d{1,3}:\d{1,2}:\d{1,2}(?:[.,]\d*)? *-->", re.MULTILINE)
_COMMA = re.compile(r"^(\d{1,3}:\d\d:\d\d\.\d{1,3}),(\d{1,3}:\d\d:\d\d\.\d{1,3})[ \t]*$", re.MULTILINE)
_UNPADDED = re.compile(r"\d+:\d{1,2}:\d{1,2}\.\d+ --> \d+:\d{1,2}:\d{1,2}\.\d+")
_PADDED = re.compile(r"\d\d:\d\d:\d\d[.,]\d{3} --> \d\d:\d\d:\d\d[.,]\d{3}")
_SEEN = 20_000  # characters in which the first times must occur
_MAX_SUBRIP_TOLD = 20


class SubRip:
    """Read SubRip files, including dots for commas, missing numbers, and empty lines within cues."""

    name = "SubRip (SRT)"

    def recognises(self, file: Opened) -> bool:
        """Return whether lines are times with an arrow."""
        return bool(_ARROW.search(_start(file)))

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the file, or the reason why it has none."""
        draft = Draft([], started=started_in_name(file.name))
        lines = file.lines
        places = [(at, timing) for at, line in enumerate(lines) if (timing := timing_of(line))]
        cues = without_repeats(_cues(lines, places, draft), draft.left_out)
        draft.turns = turns_of(cues, draft.left_out)
        yield draft if draft.turns else FormatProblem(None, "its cues have no text; export the subtitles again")


class SubViewer:
    """Read SubViewer files, as YouTube and Google Meet write them."""

    name = "SubViewer (SBV)"

    def recognises(self, file: Opened) -> bool:
        """Return whether lines are two times with a comma."""
        return bool(_COMMA.search(_start(file)))

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the file, or the reason why it has none."""
        draft = Draft([], started=started_in_name(file.name))
        lines = file.lines
        found = ((at, _COMMA.match(line)) for at, line in enumerate(lines))
        places = [(at, Timing(clock(one[1]), clock(one[2]))) for at, one in found if one]
        cues = without_repeats(_cues(lines, places, draft), draft.left_out)
        draft.turns = turns_of(cues, draft.left_out)
        yield draft if draft.turns else FormatProblem(None, "its cues have no text; export the subtitles again")


class TeamsText:
    """Read the older text format of Teams: times without leading zeros, a line with the name, and the text."""

    name = "Microsoft Teams text"

    def recognises(self, file: Opened) -> bool:
        """Return whether the first line has such times, and the file's blocks have names below them."""
        lines = [one.strip() for one in _start(file).split("\n")[:400]]
        first = next((one for one in lines if one), "")
        if not _UNPADDED.fullmatch(first):
            return False
        return is_teams_text(lines)

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the file, or the reason why it has none."""
        yield teams_draft(file.lines)


def is_teams_text(lines: list[str]) -> bool:
    """Return whether lines are blocks of times without leading zeros, a name, and a text."""
    places = [at for at, line in enumerate(lines) if _UNPADDED.fullmatch(line.strip())]
    unpadded = any(not _PADDED.fullmatch(lines[at].strip()) for at in places)
    named = sum(1 for at in places if len(_below(lines, at)) > 1 and can_be_name(_below(lines, at)[0]))
    return bool(places) and unpadded and named > len(places) / 2


def teams_draft(lines: list[str]) -> Draft | FormatProblem:
    """Make a conversation of such blocks."""
    draft = Draft([])
    places = [(at, timing) for at, line in enumerate(lines) if (timing := timing_of(line))]
    for cue in _cues(lines, places, draft):
        texts = [plain for one in cue.lines if (plain := plain_text(one))]
        if len(texts) > 1:
            draft.turns.append(DraftTurn(" ".join(texts[1:]), known_speaker(texts[0]), cue.start_s, cue.end_s))
        elif texts:
            draft.turns.append(DraftTurn(texts[0], None, cue.start_s, cue.end_s))
        else:
            draft.left_out["cue without text"] += 1
    return draft if draft.turns else FormatProblem(None, "its blocks have no text; download the transcript again")


def _below(lines: list[str], at: int) -> list[str]:
    out = []
    for line in lines[at + 1 : at + 4]:
        if timing_of(line):
            break
        if line.strip():
            out.append(line.strip())
    return out


def _start(file: Opened) -> str:
    try:
        return file.text[:_SEEN]
    except (UnreadableFile, OSError):
        return ""


def _cues(lines: list[str], places: list[tuple[int, Timing]], draft: Draft) -> list[SubtitleCue]:
    """Make a cue at each index with times: its text continues to the number, or the times, of the next one."""
    if not places:
        return []
    starts = [_head_place(lines, at, at_before) for (at, _), at_before in zip(places, _before(places), strict=True)]
    wrong = [at + 1 for at, timing in places if timing.wrong]
    if wrong:
        told = ", ".join(map(str, wrong[:_MAX_SUBRIP_TOLD])) + (", …" if len(wrong) > _MAX_SUBRIP_TOLD else "")
        draft.notes.append(f"{len(wrong):,} cue times cannot be read and were left out (line {told})")
    if starts and any(one.strip() for one in lines[: starts[0]]):
        draft.left_out["stray line"] += 1
    ends = [*starts[1:], _last_end(lines)]
    return [
        SubtitleCue(at + 1, [one for one in lines[at + 1 : end] if one.strip()], "", timing.start_s, timing.end_s)
        for (at, timing), end in zip(places, ends, strict=True)
    ]


def _last_end(lines: list[str]) -> int:
    """Return where the last cue ends: before the number of an incomplete one."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    cut_off = end > 1 and lines[end - 1].strip().isdecimal() and not lines[end - 2].strip()
    return end - 1 if cut_off else end


def _before(places: list[tuple[int, Timing]]) -> list[int]:
    return [-1, *(at for at, _ in places[:-1])]


def _head_place(lines: list[str], at: int, before: int) -> int:
    """Return where a cue begins: at the number before its times, which may instead be text of the cue before."""
    if at - 1 <= before or not lines[at - 1].strip().isdecimal():
        return at
    alone = at - 2 == before and before >= 0  # the only line between two times
    return at if alone and not _is_numbered(lines, before) else at - 1


def _is_numbered(lines: list[str], at: int) -> bool:
    return at > 0 and lines[at - 1].strip().isdecimal()
