"""Cues, the units of subtitle files, and the turns made of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.corpus.formats.draft import DraftTurn
from workbench.corpus.formats.html_text import unescaped
from workbench.corpus.formats.names_in_text import (
    MAX_NAME_LENGTH,
    NamedText,
    accepted_labels,
    accepted_names,
    folded,
    looks_like_name,
    split_label,
    split_name,
)
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.times import clock

_CLOCK = r"\d{1,4}:\d{1,4}(?::\d{1,4})?(?:[.,]\d{0,9})?"
_TIMING = re.compile(rf"\s*({_CLOCK})\s*-{{1,3}}>\s*({_CLOCK})(?:\s+(.*))?$")
_TAG = re.compile(
    r"</?(?:c|i|b|u|s|v|q|em|strong|font|span|ruby|rt|rp|lang|br|p|div)(?:[.\s/][^<>]*)?>|<\d+:[\d:.,]*>", re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?>|\[br\]|\\N", re.IGNORECASE)
_STYLE = re.compile(r"\{\\[^{}]*\}|\{/?[biuyYsSfFcCpPo](?::[^{}]*)?\}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)*[ \t]+([^<>]*)>|</v\s*>", re.IGNORECASE)
_CHANGE = re.compile(r"(?:^|(?<=\s))(?:>>+|»)\s*")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]")


@dataclass(slots=True)
class SubtitleCue:
    """A piece of text with its times, as in the file.

    Attributes:
        line: the line of its times, counted from 1.
        lines: of its text, with tags and entities.
        id: the line before the times; empty if there is none.
        start_s: in seconds; None if it cannot be read.
        end_s: likewise.
        speaker: as given outside the text.
    """

    line: int
    lines: list[str] = field(default_factory=list)
    id: str = ""
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None


@dataclass(slots=True)
class Timing:
    """The times of a cue; ``wrong`` is the line's text if one of them cannot be read."""

    start_s: float | None
    end_s: float | None
    wrong: str = ""


def timing_of(line: str) -> Timing | None:
    """Return the times of a line ``0:00:01.000 --> 0:00:02.000``; None for any other line."""
    if "->" not in line or len(line) > 1_000 or not (found := _TIMING.match(line)):
        return None
    start_s, end_s = (clock(one.rstrip(".,")) for one in found.groups()[:2])
    return Timing(start_s, end_s, "" if start_s is not None and end_s is not None else line.strip()[:80])


def plain_text(text: str) -> str:
    """Return a cue's text without tags, styles and entities, on one line."""
    bare = _STYLE.sub("", _TAG.sub("", _BREAK.sub(" ", text))) if "<" in text or "{" in text or "[" in text else text
    if "\\N" in bare:
        bare = bare.replace("\\N", " ")
    return " ".join(unescaped(bare).split())


def voices(text: str) -> list[tuple[str | None, str]]:
    """Split a cue's text at its voice tags; each piece with its speaker, None outside of them."""
    out: list[tuple[str | None, str]] = []
    speaker: str | None = None
    at = 0
    for tag in _VOICE.finditer(text):
        out.append((speaker, text[at : tag.start()]))
        speaker = unescaped(tag[1]).strip() or None if tag[1] is not None else None
        at = tag.end()
    return [*out, (speaker, text[at:])]


def turns_of(cues: Iterable[SubtitleCue], left_out: Counter[str]) -> list[DraftTurn]:
    """Return a turn for each cue and speaker within it: named by a voice tag, outside the text, or in it."""
    listed = list(cues)
    names = _names(listed)
    headed = _bracketed_names(listed)
    turns: list[DraftTurn] = []
    for cue in listed:
        before = len(turns)
        turns += _turns(cue, names, headed)
        if len(turns) == before:
            left_out["cue without text"] += 1
    return turns


def _names(cues: Iterable[SubtitleCue]) -> set[str]:
    beginnings = [_beginnings(cue) for cue in cues if not _is_voiced(cue)]
    names = accepted_names(beginnings)
    return names | accepted_labels(beginnings, names)


def _turns(cue: SubtitleCue, names: set[str], headed: set[str]) -> Iterator[DraftTurn]:
    for speaker, text in _pieces(cue, names, headed):
        if said := plain_text(text):
            yield DraftTurn(said, known_speaker(speaker), cue.start_s, cue.end_s)


def _pieces(cue: SubtitleCue, names: set[str], headed: set[str]) -> list[tuple[str | None, str]]:
    if _is_voiced(cue):
        return voices("\n".join(cue.lines))
    if cue.speaker is not None:
        return [(cue.speaker, "\n".join(cue.lines))]
    out: list[tuple[str | None, str]] = []
    for line in _plain_lines(cue):
        for at, part in enumerate(_parted(line)):
            if named := _named(part, names):
                out.append((named.name, named.text))
            elif not out or at or _CHANGE.match(line):
                out.append((None, part))
            else:
                out[-1] = (out[-1][0], f"{out[-1][1]} {part}")
    if out and headed and (head := _BRACKETED.fullmatch(cue.lines[0].strip())) and folded(head[1]) in headed:
        return [(head[1], " ".join(plain_text(one) for one in cue.lines[1:]))]
    return out


def _named(text: str, names: set[str]) -> NamedText | None:
    found = (one for one in (split_name(text), split_label(text)) if one)
    return next((one for one in found if folded(one.name) in names), None)


def _beginnings(cue: SubtitleCue) -> list[str]:
    """Return the texts that may begin with a name: each line, and what follows a speaker change."""
    return [part for line in _plain_lines(cue) for part in _parted(line)]


def _plain_lines(cue: SubtitleCue) -> list[str]:
    """Return the lines of the text as compared with names: without tags, and without dashes before a name."""
    lines = [plain for one in cue.lines if (plain := plain_text(one))]
    return [_undashed(one) for one in lines]


def _undashed(line: str) -> str:
    bare = line.lstrip("-–— ")
    return bare if bare != line and (named := split_name(bare)) and looks_like_name(named.name) else line


def _parted(line: str) -> list[str]:
    """Split a line of broadcast captions where ``>>`` marks another speaker."""
    parts = [one.strip() for one in _CHANGE.split(line)] if ">>" in line or "»" in line else [line]
    return [one for one in parts if one]


def _is_voiced(cue: SubtitleCue) -> bool:
    return any("<v" in one.lower() and _VOICE.search(one) for one in cue.lines)


def _bracketed_names(cues: list[SubtitleCue]) -> set[str]:
    """Return the names that are alone in brackets on the first line of cues, and recur."""
    heads = (_BRACKETED.fullmatch(cue.lines[0].strip()) for cue in cues if len(cue.lines) > 1)
    found = Counter(
        folded(one[1]) for one in heads if one and looks_like_name(one[1]) and len(one[1]) <= MAX_NAME_LENGTH
    )
    return {name for name, number in found.items() if number > 1}
