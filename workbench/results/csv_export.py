"""Tables as CSV that a spreadsheet opens without running anything in it (R7)."""

from __future__ import annotations

from typing import Any

import pandas as pd

_BEGINNINGS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # full-width ones count in some spreadsheets
BOM = "\ufeff"


def to_csv(frame: pd.DataFrame, bom: bool = False) -> str:
    """The table as CSV (RFC 4180, lines end in a line feed), without its index.

    Text that a spreadsheet would take for a formula has an apostrophe before it (OWASP, CSV injection), column names
    too; also behind white space, which some of them strip. Numbers and moments stay as they are. ``bom`` begins it
    with a byte order mark, without which some spreadsheets misread UTF-8.
    """
    safe = frame.copy()
    for at, name in enumerate(frame.columns):
        if not (pd.api.types.is_numeric_dtype(frame.dtypes.iloc[at]) or _is_moment(frame.dtypes.iloc[at])):
            safe.isetitem(at, frame.iloc[:, at].map(guarded, na_action="ignore").array)
        safe.columns = pd.Index([*safe.columns[:at], guarded(name), *safe.columns[at + 1 :]])
    return (BOM if bom else "") + safe.to_csv(index=False, lineterminator="\n")


def guarded(value: object) -> object:
    """The value itself, or with an apostrophe before it where it is text that would run; several things joined."""
    if isinstance(value, (tuple, list, set)):
        value = ", ".join(map(str, value))
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").replace("\r", "\n")  # a bare return would not be quoted, and begin a row
    if isinstance(value, str) and (value.startswith(_BEGINNINGS) or value.lstrip().startswith(_BEGINNINGS)):
        return "'" + value
    return value


def _is_moment(dtype: Any) -> bool:
    return pd.api.types.is_datetime64_any_dtype(dtype) or pd.api.types.is_timedelta64_dtype(dtype)
