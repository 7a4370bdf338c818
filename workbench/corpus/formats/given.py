"""Conversations given from Python, as :class:`Conversation` objects or as dicts in the neutral form.

They are converted to the same JSON text as files, so that the same rules and limits apply to both. Values may be those
of numpy and pandas: see :func:`read_given`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.corpus.formats import bounds
from workbench.corpus.formats.neutral_model import NeutralFormError, ReadConversation, dumps, problem_of_turn, read_json
from workbench.corpus.formats.reasons import place, shown
from workbench.corpus.formats.values import is_missing, is_whole, plain
from workbench.domain.conversations import Conversation

_Path = tuple[int | str, ...]
# Where a number is accepted as text, such as codes of accounts and ids: pandas reads those as numbers.
_TEXTS = frozenset(("id", "title", "account", "team", "thread", "party", "stage", "name", "label", "labels"))
_OFFSETS = frozenset(("start", "end"))


def conversation_from(item: Any) -> Conversation:
    """Return the conversation that :func:`read_given` reads."""
    return read_given(item).conversation


def read_given(item: Any) -> ReadConversation:
    """Check a conversation given from Python, and repair what :func:`~.neutral_model.read_json` repairs.

    What marks a missing value (None, NaN, NaT, pandas' NA) counts as not given, in any field. A duration, such as a
    ``Timedelta``, is its seconds; arrays, Series and DataFrames are lists; whole numbers are also taken where a text
    such as an id is meant.

    Raises: NeutralFormError: a field breaks a rule or exceeds a limit; names each, and what to do.
    """
    if isinstance(item, pd.Series):
        item = item.to_dict()
    if not isinstance(item, Conversation | Mapping):
        raise NeutralFormError(f"must be a path, a Conversation or a dict, not a {type(item).__name__}")
    try:
        text = dumps(_Plain().of(item, ()))
    except NeutralFormError:
        raise
    except Exception as error:  # a mapping from elsewhere may do anything
        raise NeutralFormError(f"cannot be read: {type(error).__name__}: {shown(str(error))}") from error
    return read_json(text.encode("utf-8", "surrogatepass"))


def turn_problem(turn: Mapping[str, Any]) -> str:
    """Return which rules a turn breaks; empty if none."""
    try:
        return problem_of_turn(dumps(_Plain().of(turn, ("turns", 0))).encode("utf-8", "surrogatepass"))
    except NeutralFormError as error:
        return str(error).removeprefix("turns.0.")
    except Exception as error:  # noqa: BLE001, as above
        return f"cannot be read: {type(error).__name__}: {shown(str(error))}"


class _Plain:
    """Converts values to plain JSON types, and counts them, as one list may occur in many places."""

    def __init__(self) -> None:
        self._values = self._characters = 0

    def of(self, value: Any, path: _Path) -> Any:
        self._values += 1
        if self._values > bounds.MAX_NODES:
            raise NeutralFormError(
                f"contains more than {bounds.MAX_NODES:,} values; split the conversation into several"
            )
        if len(path) > bounds.MAX_DEPTH:
            raise NeutralFormError(f"{place(path[:3])}: nested too deeply; flatten it")
        if is_missing(value):
            return None
        value = plain(value)
        if isinstance(value, bool):
            return value
        if isinstance(value, float | int):
            return _number(value, path)
        if isinstance(value, str):
            self._characters += len(value)
            if self._characters > bounds.MAX_LINE:
                raise NeutralFormError(f"is longer than {bounds.MAX_LINE:,} bytes; split the conversation into several")
            return str.__str__(value)
        return self._of_many(value, path)

    def _of_many(self, value: Any, path: _Path) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            named = ((spec.name, getattr(value, spec.name)) for spec in fields(value))
            value = {name: own for name, own in named if not (own is None or (isinstance(own, tuple) and not own))}
        if isinstance(value, pd.DataFrame):
            value = value.to_dict("records")
        elif isinstance(value, np.ndarray | pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
            value = _listed(value)
        if isinstance(value, Mapping):
            for name in value:
                if not isinstance(name, str):
                    raise NeutralFormError(f"{place(path)}: {shown(name)} is not a name; give text")
            named = ((str(name), self.of(own, (*path, str(name)))) for name, own in value.items())
            return {name: own for name, own in named if own is not None or path == ("fields",)}
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
            listed = (self.of(own, (*path, at)) for at, own in enumerate(value))
            return [own for own in listed if own is not None]
        raise NeutralFormError(f"{place(path)}: must be text, a number, a list or a dict, not a {type(value).__name__}")


def _listed(values: Any) -> list[Any]:
    """Return the values of an array unchanged, as numpy lists moments as numbers."""
    if np.size(values) > bounds.MAX_NODES:
        raise NeutralFormError(f"contains more than {bounds.MAX_NODES:,} values; split the conversation into several")
    return list(np.atleast_1d(values)) if isinstance(values, np.ndarray) else list(values)


def _number(value: float, path: _Path) -> int | float | str:
    """Check the length of a number: Python cannot write one with thousands of digits, nor say where it is."""
    if isinstance(value, int):
        value = int(value)
        if value.bit_length() > bounds.MAX_BITS:
            raise NeutralFormError(
                f"{place(path)}: must be a whole number of at most 64 bits; give a longer one as text"
            )
    if path[:1] == ("fields",) or not is_whole(value):
        return value
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if name in _TEXTS:
        return str(int(value))
    return int(value) if name in _OFFSETS and "spans" in path else value
