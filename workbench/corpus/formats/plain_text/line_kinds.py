"""What a line of a pasted transcript is: the head of a turn, with its time and name, or text that goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from workbench.corpus.formats.names_in_text import can_be_name, looks_like_name, split_name
from workbench.corpus.formats.times import clock


class LineKind(Enum):
    """The shapes of lines; each is one way in which transcripts are written."""

    TIME_NAME_TEXT = auto()  # [00:01:23] Ann: Hello
    NAME_TIME = auto()  # Ann  0:12, with the text below; also Ann (0:12): Hello
    TIME_NAME = auto()  # 00:00:12 Ann, with the text below
    TIME = auto()  # 00:00:12 alone
    TIME_TEXT = auto()  # 0:12 Hello
    NAME_TEXT = auto()  # Ann: Hello
    TEXT = auto()


@dataclass(slots=True)
class TextLine:
    """A line, taken apart.

    Attributes:
        number: in the file, counted from 1.
        kind: what it looks like on its own.
        text: what is said in it.
        whole: the line as it stands, stripped.
    """

    number: int
    kind: LineKind
    whole: str
    text: str = ""
    name: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    after_blank: bool = False


_T = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_DATE = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[ \u202f]+)?"
_LEADING = re.compile(
    rf"[\[(<]?{_DATE}(?P<start>{_T})(?:[ \u202f]?[AaPp]\.?[Mm]\.?)?(?:\s*(?:-+>?|–|—|to|bis)\s*(?P<end>{_T}))?[\])>]?"
    r"(?P<gap>\s*(?:[-–—|:•]\s+)?)(?P<rest>.*)"
)
_TRAILING = re.compile(
    rf"(?P<name>.{{1,80}}?)(?P<gap>\s*[|,•·]\s*|\s+[-–—]\s+|\s+|(?=[\[(]))(?P<open>[\[(]?)(?:at\s+)?(?P<start>{_T})"
    rf"(?:\s*(?:-+>?|–|—|to)\s*(?P<end>{_T}))?[\])]?(?P<colon>:?)(?:(?<=:)\s+(?P<text>\S.*))?"
)
_BOLD = re.compile(r"\*\*|__")
_LONGEST_HEAD = 200


def line_of(number: int, raw: str, after_blank: bool = False) -> TextLine:
    """Return what a line is."""
    whole = raw.replace("\ufeff", "").replace("\u200b", "").replace("\xa0", " ").strip()
    plain = _BOLD.sub("", whole[:_LONGEST_HEAD]) + whole[_LONGEST_HEAD:] if "**" in whole or "__" in whole else whole
    found = _by_leading_time(number, plain) or _by_trailing_time(number, plain) or _by_name(number, plain)
    line = found or TextLine(number, LineKind.TEXT, plain, plain)
    line.after_blank = after_blank
    return line


def _by_leading_time(number: int, plain: str) -> TextLine | None:
    if not plain or not (plain[0].isdigit() or plain[0] in "[(<") or not (found := _LEADING.fullmatch(plain)):
        return None
    start_s, end_s = clock(found["start"]), clock(found["end"]) if found["end"] else None
    rest = found["rest"].strip()
    if start_s is None or (rest and not found["gap"] and plain[0].isdigit()):
        return None
    if not rest:
        return TextLine(number, LineKind.TIME, plain, "", None, start_s, end_s)
    if named := split_name(rest):
        return TextLine(number, LineKind.TIME_NAME_TEXT, plain, named.text, named.name, start_s, end_s)
    if can_be_name(rest) and looks_like_name(rest):
        return TextLine(number, LineKind.TIME_NAME, plain, rest, rest, start_s, end_s)
    return TextLine(number, LineKind.TIME_TEXT, plain, rest, None, start_s, end_s)


def _by_trailing_time(number: int, plain: str) -> TextLine | None:
    if ":" not in plain[:120] or not (found := _TRAILING.fullmatch(plain)):
        return None
    name = found["name"].strip().rstrip(",")
    wide = found["gap"].strip(" ") != "" or len(found["gap"]) > 1 or found["open"]
    if not can_be_name(name) or not (looks_like_name(name) or (wide and len(name.split()) < 4)):
        return None
    start_s = clock(found["start"])
    if start_s is None:
        return None
    end_s = clock(found["end"]) if found["end"] else None
    return TextLine(number, LineKind.NAME_TIME, plain, (found["text"] or "").strip(), name, start_s, end_s)


def _by_name(number: int, plain: str) -> TextLine | None:
    named = split_name(plain[:_LONGEST_HEAD]) if ":" in plain[:_LONGEST_HEAD] or "：" in plain[:_LONGEST_HEAD] else None
    if not named:
        return None
    return TextLine(number, LineKind.NAME_TEXT, plain, named.text + plain[_LONGEST_HEAD:], named.name)
