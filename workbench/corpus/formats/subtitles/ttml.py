"""Timed text in XML (TTML, DFXP): captions of broadcasters, captioning offices and video platforms."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.bounds import MAX_DEPTH
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.subtitles.cues import SubtitleCue, turns_of
from workbench.corpus.formats.subtitles.rolling import without_repeats
from workbench.corpus.formats.times import clock, number, tidy

_ROOT = re.compile(rb"<(?:[\w.-]+:)?tt[\s>][^>]*(?:/ns/ttml|ttaf1|ttml)", re.DOTALL)
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|m|s|ms|f|t)")
_FRAMES = re.compile(r"(\d{2,}:\d\d:\d\d):(\d{1,3}(?:\.\d+)?)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ID = "{http://www.w3.org/XML/1998/namespace}id"


@dataclass(frozen=True, slots=True)
class _Rates:
    """Frames and ticks per second."""

    frames: float
    ticks: float


class TimedText:
    """Read TTML files."""

    name = "TTML"

    def recognises(self, file: Opened) -> bool:
        """Return whether the root element is one of timed text."""
        return bool(_ROOT.search(file.head[:4_000]))

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the file, or the reason why it has none."""
        try:
            root = parse(io.BytesIO(file.data), forbid_dtd=True).getroot()
        except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
            raise UnreadableFile(f"is damaged XML ({str(error)[:100]}); export the captions again") from None
        draft = Draft([], language=root.get(_LANGUAGE) or None)
        names = {one.get(_ID): _name(one) for one in root.iter() if _tag(one) == "agent"}
        cues = list(_cues(root, _rates(root), names))
        draft.turns = turns_of(without_repeats(cues, draft.left_out), draft.left_out)
        yield draft if draft.turns else FormatProblem(None, "has no captions with text; export them again")


def _cues(root: Element, rates: _Rates, names: dict[str | None, str | None]) -> Iterator[SubtitleCue]:
    waiting: list[tuple[Element, float, str | None, int]] = [(root, 0.0, None, 0)]
    while waiting:
        element, since_s, speaker, depth = waiting.pop()
        agent = _attribute(element, "agent")
        speaker = names.get(agent, agent) if agent else speaker
        begin = _time(element.get("begin"), rates)
        if _tag(element) == "p":
            yield _cue(element, since_s, rates, speaker)
            continue
        since_s += begin or 0.0
        if depth < MAX_DEPTH:
            waiting += [(one, since_s, speaker, depth + 1) for one in reversed(element)]


def _cue(element: Element, since_s: float, rates: _Rates, speaker: str | None) -> SubtitleCue:
    begin, end, length = (_time(element.get(one), rates) for one in ("begin", "end", "dur"))
    if begin is None:  # the times of its first part, if the parts have times of their own
        begin = next((found for one in element.iter() if (found := _time(one.get("begin"), rates)) is not None), None)
    start_s = None if begin is None else tidy(since_s + begin)
    if end is not None:
        end_s: float | None = tidy(since_s + end)
    else:
        end_s = None if length is None or start_s is None else tidy(start_s + length)
    return SubtitleCue(0, _lines(element), "", start_s, end_s, speaker)


def _lines(element: Element) -> list[str]:
    """Return the text split at its line breaks; other elements end nothing, and their text is kept."""
    parts: list[str] = []
    for one in element.iter():
        if _tag(one) == "br":
            parts.append("\n")
        elif one.text and _tag(one) != "metadata":
            parts.append(" ".join(one.text.split("\n")))
        if one.tail and one is not element:
            parts.append(" ".join(one.tail.split("\n")))
    lines = "".join(parts).split("\n")
    return [text for line in lines if (text := " ".join(line.split()))]


def _time(text: str | None, rates: _Rates) -> float | None:
    """Return the seconds of ``00:00:01.5``, ``00:00:01:12`` with frames, and ``12.5s``, ``300f`` or ``9t``."""
    if not text or len(text) > 40:
        return None
    text = text.strip()
    if found := _FRAMES.fullmatch(text):
        whole = clock(found[1])
        return None if whole is None else tidy(whole + float(found[2]) / rates.frames)
    if found := _OFFSET.fullmatch(text):
        unit_s = _UNITS.get(found[2]) or 1 / (rates.frames if found[2] == "f" else rates.ticks)
        return tidy(float(found[1]) * unit_s)
    return clock(text)


def _rates(root: Element) -> _Rates:
    frames = number(_attribute(root, "frameRate")) or 30.0
    parts = (_attribute(root, "frameRateMultiplier") or "1 1").replace(":", " ").split()
    over, under = (number(one) or 1.0 for one in (parts * 2)[:2])
    ticks = number(_attribute(root, "tickRate"))
    frames = max(frames, 1.0) * (over / under if over > 0 and under > 0 else 1.0)
    return _Rates(frames, max(ticks or frames, 1.0))


def _name(agent: Element) -> str | None:
    return next((text for one in agent if _tag(one) == "name" and (text := " ".join((one.text or "").split()))), None)


def _attribute(element: Element, name: str) -> str | None:
    return next((value for key, value in element.items() if _local(key) == name), None)


def _tag(element: Element) -> str:
    return _local(element.tag) if isinstance(element.tag, str) else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]
