"""WebVTT (https://www.w3.org/TR/webvtt1/), with the variants of Zoom, Teams, YouTube and Webex."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.names_in_files import started_in_name
from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.subtitles.cues import SubtitleCue, timing_of, turns_of
from workbench.corpus.formats.subtitles.rolling import without_repeats
from workbench.corpus.formats.times import earlier, zoned

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|$)")
_LANGUAGE = re.compile(r"(?:^|[;\s])Language:\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3})", re.IGNORECASE)
_TEAMS_ID = re.compile(r"([0-9a-fA-F-]{36}/\d+)-\d+")
_WEBEX_ID = re.compile(r'\d+\s+"([^"]*)"(?:\s+\([^()]*\))?')
_NOT_CUES = ("NOTE", "STYLE", "REGION")
_MAX_VTT_TOLD = 20  # lines that are listed; further ones are counted


class WebVtt:
    """Read WebVTT files; voices, names next to the cues and names in the text are speakers."""

    name = "WebVTT"

    def recognises(self, file: Opened) -> bool:
        """Return whether the first line is WebVTT's."""
        if _HEAD.match(file.head):
            return True
        return file.head[:2] in (b"\xff\xfe", b"\xfe\xff") and bool(re.match(r"WEBVTT(?:[ \t\n]|$)", file.text))

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the file, or the reason why it has none."""
        draft = Draft([])
        cues = _cues(file.lines, draft)
        if not cues:
            yield FormatProblem(None, "has a WebVTT head but no cues; export the transcript again")
            return
        if _is_metadata(cues):
            yield from _of_metadata(cues, draft)
            return
        draft.started = started_in_name(file.name)
        cues = _joined(_named(without_repeats(cues, draft.left_out)))
        draft.turns = turns_of(cues, draft.left_out)
        yield draft if draft.turns else FormatProblem(None, "its cues have no text; export the transcript again")


def _cues(lines: list[str], draft: Draft) -> list[SubtitleCue]:
    """Return the cues, in the file's order; comments, styles and regions are skipped."""
    at = _header(lines, draft)
    cues: list[SubtitleCue] = []
    wrong: list[int] = []
    while at < len(lines):
        if lines[at] == "":
            at += 1
            continue
        end = _block_end(lines, at)
        place = _timing_place(lines, at, end)
        if place is not None and (timing := timing_of(lines[place])):
            if timing.wrong:
                wrong.append(place + 1)
            end = _cue_end(lines, place + 1, end)
            ids = lines[at].strip() if place > at else ""
            cues.append(SubtitleCue(place + 1, lines[place + 1 : end], ids, timing.start_s, timing.end_s))
        elif not lines[at].startswith(_NOT_CUES) and any(one.strip() for one in lines[at:end]):
            draft.left_out["stray line"] += 1
        at = end
    if wrong:
        told = ", ".join(map(str, wrong[:_MAX_VTT_TOLD])) + (", …" if len(wrong) > _MAX_VTT_TOLD else "")
        draft.notes.append(f"{len(wrong):,} cue times cannot be read and were left out (line {told})")
    return cues


def _header(lines: list[str], draft: Draft) -> int:
    """Read the lines up to the first empty one, or the first cue; return where the cues begin."""
    at = 0
    while at < len(lines) and lines[at].strip() and not timing_of(lines[at]):
        if found := _LANGUAGE.search(lines[at]):
            draft.language = found[1]
        at += 1
    cue_follows = at < len(lines) and at > 1 and lines[at].strip() != ""
    return at - 1 if cue_follows and lines[at - 1].strip().isdigit() else at


def _block_end(lines: list[str], at: int) -> int:
    while at < len(lines) and lines[at] != "":
        at += 1
    return at


def _timing_place(lines: list[str], at: int, end: int) -> int | None:
    """Return the line of a block's times: its first, or the one after its id; none in comments."""
    if re.fullmatch(r"NOTE(?:[ \t].*)?", lines[at]):
        return None
    return next((place for place in range(at, min(at + 2, end)) if timing_of(lines[place])), None)


def _cue_end(lines: list[str], at: int, end: int) -> int:
    """Return where a cue's text ends: at its block's end, or before times, as the empty line may be missing."""
    for place in range(at, end):
        if timing_of(lines[place]):
            has_id = place > at and (
                lines[place - 1].strip().isdigit() or _TEAMS_ID.fullmatch(lines[place - 1].strip())
            )
            return place - 1 if has_id else place
    return end


def _named(cues: list[SubtitleCue]) -> list[SubtitleCue]:
    """Read the speakers from ids such as ``1 "Ann Lee" (2483)``, as Webex writes them."""
    for cue in cues:
        if found := _WEBEX_ID.fullmatch(cue.id):
            cue.speaker = found[1]
    return cues


def _joined(cues: list[SubtitleCue]) -> list[SubtitleCue]:
    """Join the cues into which Teams splits one utterance: their ids are equal up to the last number."""
    out: list[SubtitleCue] = []
    known: dict[str, SubtitleCue] = {}
    for cue in cues:
        found = _TEAMS_ID.fullmatch(cue.id)
        first = known.get(found[1]) if found else None
        if first is None or _voice(first) != _voice(cue):
            out.append(cue)
            if found:
                known[found[1]] = cue
            continue
        first.lines = ["\n".join(first.lines).rstrip().removesuffix("</v>"), *_unvoiced(cue.lines)]
        first.end_s = max((one for one in (first.end_s, cue.end_s) if one is not None), default=None)
    return out


def _voice(cue: SubtitleCue) -> str:
    found = re.match(r"\s*<v[^<>]*>", "\n".join(cue.lines))
    return found[0].strip() if found else ""


def _unvoiced(lines: list[str]) -> list[str]:
    return [re.sub(r"^\s*<v[^<>]*>", "", lines[0]), *lines[1:]] if lines else []


def _is_metadata(cues: list[SubtitleCue]) -> bool:
    return all("\n".join(cue.lines).lstrip().startswith("{") for cue in cues[:5]) and '"spokenText"' in "".join(
        cues[0].lines
    )


def _of_metadata(cues: list[SubtitleCue], draft: Draft) -> Iterator[Draft | FormatProblem]:
    """Read Microsoft Graph's ``metadataContent``: the text of each cue is JSON."""
    for cue in cues:
        try:
            told = json.loads("\n".join(cue.lines))
        except (ValueError, RecursionError):
            yield FormatProblem(cue.line, "its text is not JSON, as that of the other cues is; download the file again")
            continue
        text = told.get("spokenText") if isinstance(told, dict) else None
        if not isinstance(text, str) or not text.strip():
            draft.left_out["cue without text"] += 1
            continue
        speaker = told.get("speakerName")
        draft.turns.append(
            DraftTurn(text.strip(), speaker if isinstance(speaker, str) else None, cue.start_s, cue.end_s)
        )
        if draft.language is None and isinstance(told.get("spokenLanguage"), str):
            draft.language = told["spokenLanguage"]
        if draft.started is None and (start := zoned(told.get("startDateTime"))) and cue.start_s is not None:
            draft.started = earlier(start, cue.start_s)
    yield draft if draft.turns else FormatProblem(None, "its cues have no spokenText; download the file again")
