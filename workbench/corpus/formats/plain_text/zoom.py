"""Zoom's saved captions, with the time of day after each name, and its chat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import WRITTEN, Draft, DraftTurn
from workbench.corpus.formats.names_in_files import started_in_name
from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.plain_text.line_kinds import narrowed
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.times import clock, tidy

_CAPTION = re.compile(r"\[(?P<name>[^\[\]]{0,100})\]\s+(?P<time>\d{1,2}:\d\d:\d\d)(?:\s*[AaPp][Mm])?\s*")
_OLD = re.compile(r"(?P<time>\d\d:\d\d:\d\d)\t\s*(?P<name>[^\t]{1,100}?)\s*:\s*\t(?P<text>.*)")
_NEW = re.compile(
    r"(?P<time>\d\d:\d\d:\d\d)\s+(?:From|Von|De|Da|Van)\s+(?P<name>\S.{0,99}?)"
    r"(?:\s+(?:to|an|à|a|naar|To)\s+(?P<to>.{1,200}?))?\s*:\s*(?P<text>.*)"
)
_REACTION = re.compile(r"(?:Reacted to .+ with .+|Removed an? .+ reaction .*)", re.DOTALL)
_QUOTED = re.compile(r'Replying to ".*?"\s*\n?', re.DOTALL)
_LEAST_SHARE = 0.2
_SEEN = 2_000  # lines
_HALF_DAY_S, _DAY_S = 43_200, 86_400


class ZoomCaptions:
    """Read ``meeting_saved_closed_caption.txt``."""

    name = "Zoom captions"

    def recognises(self, file: Opened) -> bool:
        """Return whether enough lines are a name in brackets and a time."""
        return _share(file, _CAPTION) > _LEAST_SHARE

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation; times are offsets from the first, also past midnight."""
        draft = Draft([], started=started_in_name(file.name))
        times = _Elapsed()
        texts: list[list[str]] = []
        for line in file.lines:
            if found := _CAPTION.fullmatch(narrowed(line.strip())):
                draft.turns.append(DraftTurn("", known_speaker(found["name"].strip()), times.of(found["time"])))
                texts.append([])
            elif texts and line.strip():
                texts[-1].append(line.strip())
            elif line.strip():
                draft.left_out["stray line"] += 1
        for turn, said in zip(draft.turns, texts, strict=True):
            turn.text = " ".join(said)
        yield draft


class ZoomChat:
    """Read ``meeting_saved_chat.txt``: messages written during a meeting."""

    name = "Zoom chat"

    def recognises(self, file: Opened) -> bool:
        """Return whether enough lines begin a message."""
        return _share(file, _OLD, _NEW) > _LEAST_SHARE

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation; reactions and quotations are left out."""
        draft = Draft([], started=started_in_name(file.name), notes=[WRITTEN])
        times = _Elapsed()
        messages: list[tuple[DraftTurn, list[str]]] = []
        for line in map(narrowed, file.lines):
            if found := _OLD.fullmatch(line) or _NEW.fullmatch(line):
                turn = DraftTurn("", known_speaker(found["name"]), times.of(found["time"]))
                messages.append((turn, [found["text"]]))
            elif messages:
                messages[-1][1].append(line)
            elif line.strip():
                draft.left_out["stray line"] += 1
        for turn, lines in messages:
            text = "\n".join(one.strip() for one in lines).strip()
            if _REACTION.fullmatch(text):
                draft.left_out["reaction"] += 1
                continue
            turn.text = " ".join(_QUOTED.sub("", text, count=1).split("\n")).strip()
            turn.text = " ".join(turn.text.split())
            draft.turns.append(turn)
        yield draft


class _Elapsed:
    """Converts the time of day to an offset from the first one, also past midnight."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._last = self._days = 0.0

    def of(self, text: str) -> float | None:
        now = clock(text)
        if now is None:
            return None
        if self._first is None:
            self._first = self._last = now
        if self._last - now > _HALF_DAY_S:
            self._days += _DAY_S
        self._last = now
        return tidy(max(0.0, now + self._days - self._first))


def _share(file: Opened, *patterns: re.Pattern[str]) -> float:
    """Return the share of the non-empty lines; of first lines only, if messages span several."""
    lines = [narrowed(one.rstrip()) for one in file.text[:200_000].split("\n")[:_SEEN] if one.strip()]
    found = sum(1 for line in lines if any(one.fullmatch(line) for one in patterns))
    return found / max(len(lines), 1)
