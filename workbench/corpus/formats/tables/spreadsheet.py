"""Workbooks (.xlsx), read with openpyxl row by row; formulas have the values that were last calculated."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from workbench.corpus.formats.archives import check_archive, has_part
from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.tables.calls import conversations_in
from workbench.corpus.formats.tables.choosing import Table, TableRow, refusal
from workbench.corpus.formats.tables.columns import MAX_COLUMNS
from workbench.corpus.formats.tables.headers import LAST_HEADER, first_names, header_place

MAX_SHEET_BYTES = 400_000_000  # of all parts, unpacked
_MAX_SHEET_ROWS = 1_100_000  # the most that a sheet has
_MAX_SHEET_CELLS = 5_000_000
_MAX_EMPTY = 10_000  # consecutive rows: a sheet may claim to have a million


class Spreadsheet:
    """Read the sheets of a workbook that contain transcripts."""

    name = "workbook (XLSX)"

    def recognises(self, file: Opened) -> bool:
        """Return whether it is a zip archive with a workbook in it."""
        return file.head.startswith(b"PK\3\4") and has_part(file.data, "xl/workbook.xml")

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the conversations in all sheets, or the reason why there are none."""
        check_archive(file.data, MAX_SHEET_BYTES)
        found = False
        names: list[Any] = []
        for title, rows in sheets_of(file.data):
            place = header_place([one.cells for one in rows[:LAST_HEADER]])
            if place is None:
                names = names or list(first_names([one.cells for one in rows[:LAST_HEADER]]))
                continue
            table = Table(list(rows[place].cells), rows[place + 1 :], title if found else None)
            found = True
            yield from conversations_in(table)
        if not found:
            yield FormatProblem(None, refusal(names))


def sheets_of(data: bytes) -> Iterator[tuple[str, list[TableRow]]]:
    """Yield the name and the rows of each sheet.

    Raises:
        UnreadableFile: the workbook is damaged, or has too many cells.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001, openpyxl raises arbitrary errors on damaged parts
        raise UnreadableFile(
            f"is a damaged workbook ({type(error).__name__}); open it in Excel and save it again"
        ) from None
    cells = 0
    for sheet in book.worksheets:
        rows: list[TableRow] = []
        empty = 0
        try:
            for number, values in enumerate(
                sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS, max_row=_MAX_SHEET_ROWS), 1
            ):
                empty = empty + 1 if all(one is None for one in values) else 0
                if empty > _MAX_EMPTY:
                    break
                if not empty or number <= LAST_HEADER:
                    rows.append(TableRow(_trimmed(values), number))
                    cells += len(rows[-1].cells)
                if cells > _MAX_SHEET_CELLS:
                    raise UnreadableFile(f"has more than {_MAX_SHEET_CELLS:,} cells; save its sheets as CSV")
        except UnreadableFile:
            raise
        except Exception as error:  # noqa: BLE001, as above
            reason = (
                f"the sheet {sheet.title} is damaged ({type(error).__name__}); open the workbook in Excel and save it"
            )
            raise UnreadableFile(f"{reason} again") from None
        yield sheet.title, rows


def _trimmed(values: tuple[Any, ...]) -> list[Any]:
    end = len(values)
    while end and values[end - 1] is None:
        end -= 1
    return list(values[:end])
