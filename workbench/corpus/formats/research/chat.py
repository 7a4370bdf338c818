"""CHAT, the format of TalkBank (https://talkbank.org/manuals/CHAT.html): one main line per turn, without its codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.roles import side_of
from workbench.corpus.formats.times import millis

_TIME = re.compile(r"[\x15\u2022\xb7](\d{1,9})_(\d{1,9})[\x15\u2022\xb7]")
_MEDIA_TIME = re.compile(r"[\x15\u2022\xb7][^\x15\u2022\xb7]{0,80}?_(\d{1,9})_(\d{1,9})[\x15\u2022\xb7]")
_REPLACED = re.compile(r"(?:<[^<>]*>|\S+)\s*\[::?\s+([^\[\]]*)\]")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_PAUSE = re.compile(r"\((?:\.{1,3}|\d+(?:[.:]\d*)*)\)")
_CODES = re.compile(r"(?<!\S)(?:&[=*]\S+|\+[<\^,\"+/.!?]*(?=\s|$)|0[a-z]+\b|0(?=\s|$)|\d{0,2}[‡„](?=\s|$))")
_FILLER = re.compile(r"&[-~+](?=\w)|&(?=[a-zA-Z])")
_FORM = re.compile(r"@[a-z$:]{1,6}\b")
_MARKS = re.compile(
    r"[<>\u2039\u203a\u21d7\u2197\u2192\u2198\u21d8\u2191\u2193\u2308\u2309\u230a\u230b\u2206\u2207\u00b0\u2581\u2594\u263a\u222c\u03ab\u204e\u2047\u204b\u02c8\u02cc]"
)
_BROKEN_OFF = re.compile(r"(?<!\S)\+[/\"!]{0,3}(\.\.\.\??|[.!?]{1,2})(?=\s|$)")
_BEFORE_MARK = re.compile(r"\s+([.,!?;:])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Chat:
    """Read CHAT transcripts."""

    name = "CHAT (TalkBank)"

    def recognises(self, file: Opened) -> bool:
        """Return whether one of the first lines is a CHAT header."""
        start = file.head[:2_000].removeprefix(b"\xef\xbb\xbf").lstrip()
        return start.startswith((b"@UTF8", b"@Begin", b"@Font")) or (start.startswith(b"@") and b"\n@Begin" in start)

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the file, or the reason why it has none."""
        draft = Draft([])
        names: dict[str, str] = {}
        for number, line in _whole_lines(file.lines):
            if line.startswith("@"):
                _add_head(draft, names, line)
            elif line.startswith("*"):
                _add_turn(draft, line, number)
            elif line.startswith("%"):
                draft.left_out["annotation"] += 1
            elif line.strip():
                draft.left_out["stray line"] += 1
        for code in dict.fromkeys(turn.speaker for turn in draft.turns):
            if code and (name := names.get(code)):
                draft.fields[f"speaker {code}"] = name
                if side := next((side for word in name.split(" ") if (side := side_of(word))), None):
                    draft.sides.setdefault(code, side)
        yield (
            draft
            if draft.turns
            else FormatProblem(None, "has no main lines such as *ANN:; export the transcript again")
        )


def _whole_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Join the lines that begin with a tab to those before."""
    start, whole = 1, ""
    for number, line in enumerate(lines, 1):
        if line.startswith(("\t", "    ")) and whole:
            whole += " " + line.strip()
            continue
        if whole:
            yield start, whole
        start, whole = number, line.rstrip()
    if whole:
        yield start, whole


def _add_head(draft: Draft, names: dict[str, str], line: str) -> None:
    name, _, value = line.partition(":")
    value = value.strip()
    if not value:
        return
    if name == "@PID":
        draft.id = value
    elif name == "@Languages":
        draft.language = value.replace(",", " ").split()[0]
    elif name == "@Participants":
        for one in value.split(","):
            code, *rest = one.split()[:4] if one.split() else [""]
            if code and rest:
                names[code] = rest[0].replace("_", " ") if len(rest) > 1 else rest[0]
    elif name == "@Date":
        draft.started_local = _date(value)
    elif name == "@Media":
        draft.fields["media"] = value.split(",")[0]
    elif name in ("@Situation", "@Activities", "@Location"):
        draft.fields[name[1:].lower()] = value


def _add_turn(draft: Draft, line: str, number: int) -> None:
    speaker, mark, text = line[1:].partition(":")
    if not mark or len(speaker) > 40:
        draft.left_out["stray line"] += 1
        return
    times = _TIME.findall(text) or _MEDIA_TIME.findall(text)
    start_s = millis(times[0][0]) if times else None
    end_s = millis(times[-1][1]) if times else None
    said = spoken(_MEDIA_TIME.sub(" ", _TIME.sub(" ", text)))
    if not said.strip(" .,!?"):
        draft.left_out["turn without words"] += 1
        return
    draft.line = draft.line or number
    draft.turns.append(DraftTurn(said, speaker.strip() or None, start_s, end_s))


def spoken(text: str) -> str:
    """Return what is said in a main line: fillers stay, shortened words are completed, other codes are removed."""
    text = _REPLACED.sub(r"\1", text) if "[:" in text else text
    text = _BRACKETS.sub(" ", text)
    text = _BROKEN_OFF.sub(r" \1", text)
    text = _PAUSE.sub(" ", text)
    text = _CODES.sub(" ", text)
    text = _FILLER.sub("", text)
    text = _FORM.sub("", text)
    text = _MARKS.sub("", text)
    text = re.sub(r"\(([^()\s]{1,20})\)", r"\1", text)
    text = text.replace("_", " ").replace("\x15", " ").replace("„", ",").replace("‡", ",")
    text = re.sub(r"(?<=\w):+(?=\w|\s|$)", "", text)
    return _BEFORE_MARK.sub(r"\1", " ".join(text.split()))


def _date(value: str) -> datetime | None:
    parts = value.split("-")
    if len(parts) != 3 or parts[1].lower() not in _MONTHS or not (parts[0].isdecimal() and parts[2].isdecimal()):
        return None
    try:
        return datetime(int(parts[2]), _MONTHS.index(parts[1].lower()) + 1, int(parts[0]))  # noqa: DTZ001, no zone given
    except (ValueError, OverflowError):
        return None
