"""Transcripts in Word documents (.docx): those of Teams and Google Meet, and any that plain text could contain."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from workbench.corpus.formats.archives import check_archive, has_part, part_of
from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.names_in_text import can_be_name
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.plain_text.transcripts import transcript_of
from workbench.corpus.formats.roles import known_speaker, sides_of
from workbench.corpus.formats.subtitles.subrip import is_teams_text, teams_draft
from workbench.corpus.formats.tables.calls import conversations_in
from workbench.corpus.formats.tables.choosing import Table, TableRow
from workbench.corpus.formats.tables.headers import header_place
from workbench.corpus.formats.times import clock

_MAX_DOCUMENT = 100_000_000  # bytes of word/document.xml
_MAX_PARAGRAPHS = 40_000
MAX_DOCUMENT_BYTES = 500_000_000  # of all parts; pictures use no memory until they are read
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_NAMES = {
    f"{space}{name}": name
    for space in (_W, _STRICT)
    for name in ("p", "tbl", "tr", "tc", "t", "br", "cr", "tab", "noBreakHyphen")
}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TITLE = re.compile(r"(?P<title>.+?)-(?P<date>\d{8})_(?P<time>\d{6})(?:UTC)?-.+")
_HEAD = re.compile(r"(?P<name>\S.{0,120}?)(?:\s{2,}|\t\s*)(?P<time>\d{1,3}:\d\d(?::\d\d)?)\s*")
_MIN_DOCUMENT_HEADS = 2


class WordDocument:
    """Read Word documents."""

    name = "Word document (DOCX)"

    def recognises(self, file: Opened) -> bool:
        """Return whether it is a zip archive with a Word document in it."""
        return file.head.startswith(b"PK\3\4") and has_part(file.data, "word/document.xml")

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the conversations in the document, or the reason why there are none."""
        check_archive(file.data, MAX_DOCUMENT_BYTES)
        content = _Content(part_of(file.data, "word/document.xml", _MAX_DOCUMENT))
        paragraphs = [one for one in content.paragraphs if one.strip()]
        lines = [line for one in paragraphs for line in one.split("\n")]
        if is_teams_text(lines[:400]):
            yield teams_draft(lines)
        elif _is_teams(paragraphs):
            yield _of_teams(paragraphs)
        elif any(header_place(rows) is not None for rows in content.tables):
            yield from _of_tables(content.tables)
        elif draft := transcript_of("\n\n".join(paragraphs)):
            yield draft
        else:
            reason = "is not a transcript in any known shape: no names or times begin its paragraphs"
            yield FormatProblem(None, f"{reason}; save the transcript alone, or export it as VTT or text")


class _Content:
    """The paragraphs of a document, with its line breaks and tabs, and the cells of its tables."""

    def __init__(self, data: bytes):
        self.paragraphs: list[str] = []
        self.tables: list[list[list[str]]] = []
        try:
            self._walk(data)
        except UnreadableFile:
            raise
        except (ParseError, DefusedXmlException, ValueError, RecursionError, LookupError) as error:
            raise UnreadableFile(
                f"is a damaged document ({type(error).__name__}); open it in Word and save it again"
            ) from None

    def _walk(self, data: bytes) -> None:
        texts: list[list[str]] = []  # of the open paragraphs; text boxes may be nested in others
        rows: list[list[list[str]]] = []
        fallbacks = 0
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            name = _NAMES.get(element.tag, "")
            if element.tag == _FALLBACK:
                fallbacks += 1 if event == "start" else -1
            if fallbacks:
                continue
            if event == "start":
                if name == "p":
                    texts.append([])
                elif name == "tbl":
                    rows.append([])
                elif name == "tr" and rows:
                    rows[-1].append([])
                elif name == "tc" and rows and rows[-1]:
                    rows[-1][-1].append("")
                continue
            if name in ("t", "br", "cr", "tab", "noBreakHyphen") and texts:
                texts[-1].append({"t": element.text or "", "tab": "\t", "noBreakHyphen": "-"}.get(name, "\n"))
            elif name == "p" and texts:
                self._add("".join(texts.pop()), rows)
                element.clear()
            elif name == "tbl" and rows:
                self.tables.append(rows.pop())

    def _add(self, text: str, rows: list[list[list[str]]]) -> None:
        if len(self.paragraphs) == _MAX_PARAGRAPHS:
            raise UnreadableFile(
                f"has more than {_MAX_PARAGRAPHS:,} paragraphs; split it into documents of one call each"
            )
        self.paragraphs.append(text)
        if rows and rows[-1] and rows[-1][-1]:
            cell = rows[-1][-1]
            cell[-1] = f"{cell[-1]}\n{text}".strip()


def _is_teams(paragraphs: list[str]) -> bool:
    """Return whether the paragraphs begin with a name and a time, or the title is one that Teams writes."""
    heads = [one for one in paragraphs if _HEAD.fullmatch(one.split("\n", 1)[0])]
    titled = any(_TITLE.fullmatch(line.strip()) for one in paragraphs[:3] for line in one.split("\n")[:2])
    return len(heads) >= (1 if titled else _MIN_DOCUMENT_HEADS) and (
        titled or sum("\n" in one for one in heads) * 2 >= len(heads)
    )


def _of_teams(paragraphs: list[str]) -> Draft:
    """Read a transcript of Teams: one paragraph per turn, its first line the name and the time."""
    draft = Draft([])
    _add_title(draft, paragraphs)
    in_one = sum(1 for one in paragraphs if _HEAD.fullmatch(one.split("\n", 1)[0]) and "\n" in one.strip())
    texts: list[str] = []
    for paragraph in paragraphs:
        first, _, rest = paragraph.partition("\n")
        head = _HEAD.fullmatch(first)
        if head and can_be_name(head["name"].strip()):
            _close(draft, texts)
            draft.turns.append(DraftTurn("", known_speaker(head["name"].strip()), clock(head["time"])))
            texts = [rest]
        elif in_one or not draft.turns:
            draft.left_out["notice"] += 1  # that someone started or stopped transcription, in any language
        else:
            texts.append(paragraph)
    if not in_one and len(texts) > 2:
        texts.pop()
        draft.left_out["notice"] += 1
    _close(draft, texts)
    draft.sides = sides_of(turn.speaker for turn in draft.turns)
    return draft


def _close(draft: Draft, texts: list[str]) -> None:
    if draft.turns:
        draft.turns[-1].text = " ".join(" ".join(texts).split())


def _add_title(draft: Draft, paragraphs: list[str]) -> None:
    for line in (line for one in paragraphs[:3] for line in one.split("\n")[:2]):
        if found := _TITLE.fullmatch(line.strip()):
            draft.title = found["title"].strip()
            try:
                moment = datetime.strptime(found["date"] + found["time"], "%Y%m%d%H%M%S")  # noqa: DTZ007, no zone given
            except ValueError:
                return
            draft.started_local = moment
            return


def _of_tables(tables: list[list[list[str]]]) -> Iterator[Draft | FormatProblem]:
    for rows in tables:
        place = header_place(rows)
        if place is not None:
            yield from conversations_in(Table(rows[place], [TableRow(cells) for cells in rows[place + 1 :]]))
