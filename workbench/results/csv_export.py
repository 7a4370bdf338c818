"""Write tables as CSV that a spreadsheet opens without running anything in it (R7). No other module writes CSV.

Text that a spreadsheet would take for a formula gets an apostrophe before the place where the formula would begin:

- at the beginning of a cell, also behind white space, quotation marks and invisible signs, which some of them strip;
- behind ``;``, ``|``, a tab or a line feed within a cell, where one that separates cells by these begins a new cell,
  which a tab may begin as well.

Apostrophes that stand there already get one more, so that :func:`unguarded` always finds the text again. What has no
such place is written as it is. Line ends within a cell become line feeds.
"""

from __future__ import annotations

import io
import os
import re
from numbers import Number
from pathlib import Path

import pandas as pd

from workbench.domain.access import private_opener

BOM = "\ufeff"
# Full-width and small forms count in some spreadsheets.
_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
_PASSED_OVER = r'[\s"\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*'
_BEGINS = re.compile(rf"'*{_PASSED_OVER}[{_SIGNS}]")
_STRIPPED = re.compile(r"'*[\t\n]")  # at the very beginning of a cell
_TAB_FIRST = re.compile(r"(?<=[;|\n])'*(?=\t)")  # where a cell that a tab begins may begin
_SEPARATORS = re.compile(r"([;|\t\n])")


def to_csv(frame: pd.DataFrame, bom: bool = False) -> str:
    """Return the table as CSV (RFC 4180, lines end in a line feed), without its index.

    Text and column names are guarded, see above (after OWASP, CSV injection); numbers and moments stay as they are.
    ``bom`` adds a byte order mark, without which some spreadsheets misread UTF-8. :func:`read_csv` reads it.
    """
    safe = frame.copy()
    for at in range(len(frame.columns)):
        dtype = frame.dtypes.iloc[at]
        if not (pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)):
            cells = [None if _is_missing(value) else guarded(value) for value in frame.iloc[:, at]]
            safe.isetitem(at, pd.Series(cells, index=frame.index, dtype=object))  # type: ignore[arg-type]  # a stub too narrow
    safe.columns = pd.Index([guarded(name) for name in frame.columns], dtype=object)
    return (BOM if bom else "") + safe.to_csv(index=False, lineterminator="\n")


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str], bom: bool = False) -> Path:
    """Write the table to a file like :func:`to_csv`, in UTF-8; return the file."""
    file = Path(path)
    with open(file, "w", encoding="utf-8", newline="", opener=private_opener) as out:
        out.write(to_csv(frame, bom))
    return file


def text_or_file(frame: pd.DataFrame, path: str | os.PathLike[str] | None = None, bom: bool = False) -> str | Path:
    """Return a table as CSV in which nothing runs as a formula, or write it to ``path`` and return that.

    For tables of the workbench, such as ``ws.detections(…)``: pandas' own ``to_csv`` guards nothing.
    """
    return to_csv(frame, bom) if path is None else write_csv(frame, path, bom)


def read_csv(source: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a file that :func:`write_csv` wrote: all cells as the original texts, empty if there was none."""
    with open(source, encoding="utf-8-sig", newline="") as file:
        frame = pd.read_csv(io.StringIO(file.read()), dtype=str, keep_default_na=False)
    frame.columns = pd.Index([unguarded(str(name)) for name in frame.columns])
    return frame.map(unguarded)


def guarded(value: object) -> object:
    """Return a value as a cell can hold it.

    A number or a moment stays as it is; anything else is text, with an apostrophe where it would run as a formula.
    Several things are joined.
    """
    if isinstance(value, Number | pd.Timestamp):
        return value
    if isinstance(value, (tuple, list, set, frozenset)):
        value = ", ".join(map(str, value))
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")  # a bare return would not be quoted, and begin a row
    first, *others = _SEPARATORS.split(text)
    text = first + "".join(f"'{part}" if _BEGINS.match(part) else part for part in others)
    text = _TAB_FIRST.sub(r"'\g<0>", text)
    return f"'{text}" if _BEGINS.match(text) or _STRIPPED.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that :func:`guarded` made this of; any other text without such apostrophes stays as it is."""
    if text.startswith("'") and (_BEGINS.match(text) or _STRIPPED.match(text)):
        text = text[1:]
    text = _TAB_FIRST.sub(lambda found: found[0][1:], text)
    first, *others = _SEPARATORS.split(text)
    return first + "".join(part[1:] if part.startswith("'") and _BEGINS.match(part) else part for part in others)


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
