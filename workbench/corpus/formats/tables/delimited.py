"""CSV and similar: separated by commas, semicolons, tabs or bars; also the tables that Whisper writes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.bounds import MAX_TURN
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.tables.calls import conversations_in
from workbench.corpus.formats.tables.choosing import MAX_TABLE_ROWS, Table, TableRow, refusal
from workbench.corpus.formats.tables.columns import column_of, columns_of, known
from workbench.corpus.formats.tables.headers import first_names, header_place
from workbench.corpus.formats.tables.mails import MAIL_COLUMNS, folded_name, mails_in
from workbench.domain.plurals import plural

SEPARATORS = (",", ";", "\t", "|")
"""The separators that are tried."""

_SAMPLE = 60  # rows in which to look for the separator
_START = 200_000  # characters of them
_WHISPER = ["start", "end", "text"]
_MAX_DELIMITED_CELLS = 20_000_000
_MAX_DELIMITED_TOLD = 20


class Layout(NamedTuple):
    """The form of a table in text: its separator, the row of its header, and the number of known columns in it."""

    separator: str
    header: int
    known: int
    share: float


class Delimited:
    """Read CSV, TSV, and tables separated by semicolons or bars."""

    name = "table (CSV, TSV)"

    def recognises(self, file: Opened) -> bool:
        """Return whether one of the first rows has the columns of a transcript, or the suffix is that of a table."""
        if file.suffix in (".csv", ".tsv") and file.head.strip():
            return b"\0" not in file.head or file.head[:2] in (b"\xff\xfe", b"\xfe\xff")
        return layout_of(file.text) is not None

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the conversations in the table, or the reason why there are none."""
        layout = layout_of(file.text)
        if layout is None:
            yield FormatProblem(None, refusal(_first(file.text)))
            return
        problems: list[FormatProblem] = []
        header, rows = rows_of(file.text, layout, problems)
        yield from problems
        if not rows:
            yield FormatProblem(None, "has a header but no rows; export the table again")
        elif {folded_name(one) for one in header} >= MAIL_COLUMNS:
            yield from mails_in(Table(header, rows))
        else:
            yield from conversations_in(Table(header, rows))


_RULE = re.compile(r":?-{3,}:?")


def layout_of(text: str) -> Layout | None:
    """Return the layout of a text; None if none of its first rows is a header."""
    sample = text[:_START]
    told, skipped = told_separator(sample)
    found = []
    for separator in (told,) if told else SEPARATORS:
        if separator not in sample:
            continue
        rows = first_rows(sample, separator, _SAMPLE)[skipped:]
        place = header_place(rows)
        if place is not None:
            width = len(rows[place])
            equal = sum(1 for one in rows[place:] if len(one) == width) / max(len(rows) - place, 1)
            found.append(Layout(separator, place + skipped, len(known(columns_of(rows[place]))), equal))
    return max(found, key=lambda one: (one.known, one.share), default=None)


def rows_of(text: str, layout: Layout, problems: list[FormatProblem]) -> tuple[list[str], list[TableRow]]:
    """Return the header and the rows below it; errors in single rows are added to ``problems``.

    Raises:
        UnreadableFile: there are too many rows or cells.
    """
    rows = list(_numbered(text, layout.separator, quoted=True))
    header = [one.strip() for one in _lines_header(rows, layout)]
    if '"' in text and ([one.lower() for one in header] == _WHISPER or _quotes_mislead(text, layout, rows, header)):
        rows = list(_numbered(text, layout.separator, quoted=False))
    last = next((place for place in range(len(header) - 1, -1, -1) if header[place]), len(header) - 1)
    joins = column_of(0, header[last]).use == "text"
    out: list[TableRow] = []
    wrong: list[int] = []
    for number, cells in rows[layout.header + 1 :]:
        if len(cells) > last + 1 and any(one.strip() for one in cells[last + 1 :]):
            if not joins:
                wrong.append(number)
                continue
            cells = [*cells[:last], layout.separator.join(cells[last:])]
        if any(one.strip() for one in cells) and not _is_rule(cells):
            out.append(TableRow([one.replace("\0", "") for one in cells], number))
    if wrong:
        told = ", ".join(map(str, wrong[:_MAX_DELIMITED_TOLD])) + (", …" if len(wrong) > _MAX_DELIMITED_TOLD else "")
        longer = plural(len(wrong), "row has", "rows have")
        reason = f"{longer} more cells than the header, so left out (line {told}); quote their texts"
        problems.append(FormatProblem(wrong[0], reason))
    return header, out


def _is_rule(cells: list[str]) -> bool:
    """Return whether a row is the line below a Markdown table's header: ``|---|:--:|``."""
    filled = [one.strip() for one in cells if one.strip()]
    return len(filled) > 1 and all(_RULE.fullmatch(one) for one in filled)


def _quotes_mislead(text: str, layout: Layout, rows: list[tuple[int, list[str]]], header: list[str]) -> bool:
    """Return whether more rows are complete with quotes read literally: an unclosed one swallows the rest."""
    plain = sum(1 for _, one in _numbered(text, layout.separator, quoted=False) if len(one) == len(header))
    return plain > sum(1 for _, one in rows if len(one) == len(header))


def _lines_header(rows: list[tuple[int, list[str]]], layout: Layout) -> list[str]:
    return rows[layout.header][1] if layout.header < len(rows) else []


def _numbered(text: str, separator: str, quoted: bool) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it begins."""
    reader = _reader(text, separator, quoted)
    cells = number = 0
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(
                f"cannot be read as a table: {error}; quote the texts and double quotes within them", line
            ) from None
        number += 1
        cells += len(row)
        if number > MAX_TABLE_ROWS or cells > _MAX_DELIMITED_CELLS:
            raise UnreadableFile(
                f"has more than {MAX_TABLE_ROWS:,} rows or {_MAX_DELIMITED_CELLS:,} cells; split it by conversations"
            )
        yield line, row


def _reader(text: str, separator: str, quoted: bool) -> Any:  # typeshed names the type in a private module
    csv.field_size_limit(max(csv.field_size_limit(), 5 * MAX_TURN))  # for the whole process; a call is one cell here
    if not quoted:
        return csv.reader(io.StringIO(text, newline="\n"), delimiter=separator, quoting=csv.QUOTE_NONE)
    backslashes = '\\"' in text and '""' not in text
    return csv.reader(
        io.StringIO(text, newline="\n"),
        delimiter=separator,
        skipinitialspace=f'{separator} "' in text,
        escapechar="\\" if backslashes else None,
        doublequote=not backslashes,
    )


def first_rows(sample: str, separator: str, most: int) -> list[list[str]]:
    """Return up to ``most`` rows from the start of a text, until it cannot be read as a table."""
    rows = []
    try:
        for row in _reader(sample, separator, quoted=True):
            rows.append(row)
            if len(rows) == most:
                break
    except csv.Error:
        pass
    return rows


def told_separator(text: str) -> tuple[str, int]:
    """Return the separator in Excel's first line ``sep=;``, and the number of rows that this line takes."""
    first = text[:20].split("\n", 1)[0].lstrip(" ").rstrip("\r").strip('"')
    if first.lower().rstrip() == "sep=":  # for a tab that a mail program or an editor removed
        return "\t", 1
    return (first[4], 1) if first[:4].lower() == "sep=" and len(first.rstrip(" ;,\t|")) <= 5 else ("", 0)


def _first(text: str) -> list[str]:
    best: list[str] = []
    for separator in SEPARATORS:
        names = list(first_names(first_rows(text[:_START], separator, 10)))
        best = names if len(names) > len(best) else best
    return best
