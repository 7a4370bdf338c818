"""The kind of each line of a pasted transcript: the head of a turn, with its time and name, or continued text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from workbench.corpus.formats.names_in_text import can_be_name, is_role, looks_like_name, split_name
from workbench.corpus.formats.times import clock, seconds


class LineKind(Enum):
    """The shapes of lines that occur in transcripts."""

    TIME_NAME_TEXT = auto()  # [00:01:23] Ann: Hello
    NAME_TIME = auto()  # Ann  0:12, with the text below; also Ann (0:12): Hello
    TIME_NAME = auto()  # 00:00:12 Ann, with the text below
    TIME = auto()  # 00:00:12 alone
    TIME_TEXT = auto()  # 0:12 Hello
    NAME_TEXT = auto()  # Ann: Hello
    TEXT = auto()


@dataclass(slots=True)
class TextLine:
    """A parsed line.

    Attributes:
        number: in the file, counted from 1.
        kind: by its own shape.
        text: what is said in it.
        whole: the whole line, stripped.
        after_blank: whether the line above is empty or missing.
        date: as written before the time; empty if there is none.
        zone: as written after the time, such as Z or +02:00; empty if there is none.
    """

    number: int
    kind: LineKind
    whole: str
    text: str = ""
    name: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    after_blank: bool = False
    date: str = ""
    zone: str = ""


_T = r"(?:\d{1,3}:\d{2}:\d{2}[:;]\d{2}|\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?|\d{1,6}(?:\.\d{1,3})?\s?s(?:ec)?)"
_HALF = r"(?:[ \u202f]?(?P<half>[AaPp])\.?[Mm]\.?)?"
_TO = r"\s*(?:-+>?|–|—|→|to|bis)\s*"
_LEADING = re.compile(
    rf"[\[(<]?(?:(?P<date>\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}})(?:,?[ \u202f]+|T))?"
    rf"(?P<start>{_T}){_HALF}(?P<zone>Z|[+-]\d\d:?\d\d)?(?:{_TO}(?P<end>{_T}))?[\])>]?"
    r"(?P<gap>\s*(?:[-–—|:•]\s+)?)(?P<rest>.*)"
)
_TRAILING = re.compile(
    rf"(?P<name>.{{1,80}}?)(?P<gap>\s*[|,•·]\s*|\s+[-–—]\s+|\s+|(?=[\[(]))(?P<open>[\[(]?)(?:at\s+)?(?P<start>{_T}){_HALF}"
    rf"(?:{_TO}(?P<end>{_T}))?[\])]?(?P<colon>:?)(?:(?<=[:\])])\s+(?P<text>\S.*))?"
)
_FRAMES = re.compile(r"(\d{1,3}:\d{2}:\d{2})[:;]\d{2}")
_BOLD = re.compile(r"\*\*|__")
_ITALIC = re.compile(rf"(?<![*_])[*_]([\[(]?{_T}[\])]?)[*_](?![*_])")
_QUESTION = re.compile(r"(?:\d{1,2}\s{2,})?(?P<name>[QA])(?:\.\s+|\s{2,})(?P<text>\S.*)")  # of court reporters
_BULLET = re.compile(r"[-*•–]\s+(?=[^\W\d_][^:：]{0,60}[:：])")
_BRACKETED = re.compile(
    r"(?:\[(?P<square>[^\[\]]{1,40})\]|<(?P<angle>[^<>]{1,40})>)(?P<colon>\s*:)?\s+(?P<text>[^<\s].*)"
)
_NOISE = frozenset(
    ("music", "laughter", "laughs", "noise", "applause", "silence", "inaudible", "unintelligible", "crosstalk", "pause",
     "background", "cough", "coughs", "hold", "foreign", "beep", "ringing", "playing", "break", "end", "start", "audio")
)  # fmt: skip
_LONGEST_HEAD = 200
_WIDE = re.compile(r"\s{9,}")


def line_of(number: int, raw: str, after_blank: bool = False) -> TextLine:
    """Return the parsed line."""
    whole = narrowed(raw.replace("\ufeff", "").replace("\u200b", "").replace("\xa0", " ").strip())
    plain = _BOLD.sub("", whole[:_LONGEST_HEAD]) + whole[_LONGEST_HEAD:] if "**" in whole or "__" in whole else whole
    plain = _without_brackets(_without_bullet(_ITALIC.sub(r"\1", plain, count=1)))
    if asked := _QUESTION.fullmatch(plain):
        plain = f"{asked['name']}: {asked['text']}"
    found = _by_leading_time(number, plain) or _by_trailing_time(number, plain) or _by_name(number, plain)
    line = found or TextLine(number, LineKind.TEXT, plain, plain)
    line.after_blank = after_blank
    return line


def narrowed(line: str) -> str:
    """Return a line with at most eight spaces in a row; patterns would backtrack over longer runs."""
    return _WIDE.sub(lambda found: found[0][:8], line)


def _without_bullet(text: str) -> str:
    """Return a list item without its bullet if a role speaks in it; other lists have colons, too."""
    found = _BULLET.match(text) if text[:1] in "-*•–" else None
    named = split_name(text[found.end() : _LONGEST_HEAD]) if found else None
    return text[found.end() :] if found and named and is_role(named.name) else text


def _without_brackets(text: str) -> str:
    """Write a speaker in brackets in the usual form: ``[AGENT] Hello`` and ``<Ann> Hello`` as ``Ann: Hello``."""
    found = _BRACKETED.fullmatch(text) if text[:1] in ("[", "<") else None
    if not found:
        return text
    name = (found["square"] or found["angle"]).strip()
    words = set(name.lower().replace("_", " ").split())
    shown = looks_like_name(name) if found["angle"] or found["colon"] or len(words) > 1 else is_role(name)
    return f"{name}: {found['text']}" if can_be_name(name) and shown and not words & _NOISE else text


def _time(found: re.Match[str], name: str) -> float | None:
    """Return seconds; of the day if a date, or AM or PM, shows that ``10:15`` is an hour and a minute."""
    text = found[name]
    if not text:
        return None
    if text[-1] in "sc":
        return seconds(text)
    time_s = clock(_FRAMES.sub(r"\1", text))
    half = (found["half"] or "").lower()
    if time_s is None or not (half or found.groupdict().get("date")):
        return time_s
    time_s *= 60 if text.count(":") == 1 else 1
    hour = time_s // 3600
    return time_s + 43_200 if half == "p" and hour < 12 else time_s - 43_200 if half == "a" and hour == 12 else time_s


def _by_leading_time(number: int, plain: str) -> TextLine | None:
    if not plain or not (plain[0].isdigit() or plain[0] in "[(<") or not (found := _LEADING.fullmatch(plain)):
        return None
    start_s, end_s = _time(found, "start"), _time(found, "end")
    rest = _without_brackets(found["rest"].strip())
    if start_s is None or (rest and not found["gap"] and plain[0].isdigit()):
        return None
    if not rest:
        line = TextLine(number, LineKind.TIME, plain)
    elif named := split_name(rest):
        line = TextLine(number, LineKind.TIME_NAME_TEXT, plain, named.text, named.name)
    elif can_be_name(rest) and looks_like_name(rest):
        line = TextLine(number, LineKind.TIME_NAME, plain, rest, rest)
    else:
        line = TextLine(number, LineKind.TIME_TEXT, plain, rest)
    line.start_s, line.end_s = start_s, end_s
    line.date, line.zone = found["date"] or "", found["zone"] or ""
    return line


def _by_trailing_time(number: int, plain: str) -> TextLine | None:
    if ":" not in plain[:120] or not (found := _TRAILING.fullmatch(plain)):
        return None
    name = found["name"].strip().rstrip(",:：").strip()
    wide = found["gap"].strip(" ") != "" or len(found["gap"]) > 1 or found["open"]
    if not can_be_name(name) or not (looks_like_name(name) or (wide and len(name.split()) < 4)):
        return None
    start_s, end_s = _time(found, "start"), _time(found, "end")
    if start_s is None:
        return None
    return TextLine(number, LineKind.NAME_TIME, plain, (found["text"] or "").strip(), name, start_s, end_s)


def _by_name(number: int, plain: str) -> TextLine | None:
    named = split_name(plain[:_LONGEST_HEAD]) if ":" in plain[:_LONGEST_HEAD] or "：" in plain[:_LONGEST_HEAD] else None
    if not named:
        return None
    text = named.text + plain[_LONGEST_HEAD:]
    if text[:1] in ("[", "(") and (found := _LEADING.fullmatch(text)) and found["rest"]:  # Ann: [0:12] Hello
        return TextLine(number, LineKind.NAME_TEXT, plain, found["rest"], named.name, _time(found, "start"))
    return TextLine(number, LineKind.NAME_TEXT, plain, text, named.name)
