"""Converts single values of numpy, pandas and Python's own types to plain JSON types."""

from __future__ import annotations

import math
import os
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd

EXACT = 2**53
"""Below it, a double represents every whole number."""


def is_missing(value: Any) -> bool:
    """Return whether a value marks a missing one: None, NaN of any type, NaT, and pandas' NA."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, float | np.floating):
        return bool(value != value)
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, np.datetime64 | np.timedelta64) and bool(np.isnat(value))


def plain(value: Any) -> Any:
    """Return a single value as text, number or truth value: moments in ISO form, durations in seconds.

    Any other value is returned unchanged.
    """
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    elif isinstance(value, np.timedelta64):
        value = pd.Timedelta(value)
    elif isinstance(value, np.floating):
        value = float(value)
    elif isinstance(value, np.generic):
        value = value.item()
    elif isinstance(value, pd.Period):
        value = value.start_time
    if isinstance(value, Enum) and not isinstance(value, str | int | float):
        value = value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, pd.Timedelta):
        value = value.to_pytimedelta()  # whose seconds are the closest double
    if isinstance(value, timedelta):
        return _whole_or_double(value.total_seconds())
    if isinstance(value, Decimal | Fraction):
        return _number(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return str(value) if isinstance(value, UUID) else value


def is_whole(value: Any) -> bool:
    """Return whether a value is a whole number, including as an exact double; a truth value is not."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer() and abs(value) < EXACT)


def _number(value: Decimal | Fraction) -> int | float:
    if isinstance(value, Decimal) and not value.is_finite():
        return float(value)
    if isinstance(value, Decimal) and value.adjusted() > 400:  # too long to be written out, and for a double
        return math.copysign(math.inf, value)
    return int(value) if value == int(value) else float(value)


def _whole_or_double(value: float) -> int | float:
    return int(value) if is_whole(value) else value
