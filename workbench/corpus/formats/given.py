"""Conversations given from Python, as :class:`Conversation` objects or as dicts in the neutral form.

They go through the same text as those of files, so that the same rules and bounds hold for both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import numpy as np

from workbench.corpus.formats import bounds
from workbench.corpus.formats.neutral_model import NeutralFormError, dumps, from_json
from workbench.corpus.formats.reasons import place, shown
from workbench.domain.conversations import Conversation

_Path = tuple[int | str, ...]


def conversation_from(item: Any) -> Conversation:
    """Check a conversation given from Python.

    Raises:
        NeutralFormError: names each field that breaks a rule or a bound, and what to do.
    """
    if not isinstance(item, Conversation | Mapping):
        raise NeutralFormError(f"must be a path, a Conversation or a dict, not a {type(item).__name__}")
    try:
        text = dumps(_Plain().of(item, ()))
    except NeutralFormError:
        raise
    except Exception as error:  # a mapping from elsewhere may do anything
        raise NeutralFormError(f"cannot be read: {type(error).__name__}: {shown(str(error))}") from error
    return from_json(text.encode("utf-8", "surrogatepass"))


class _Plain:
    """Makes plain JSON types of what is given, and counts the values, for one list may stand in many places."""

    def __init__(self) -> None:
        self._values = self._characters = 0

    def of(self, value: Any, path: _Path) -> Any:
        self._values += 1
        if self._values > bounds.MAX_NODES:
            raise NeutralFormError(f"holds more than {bounds.MAX_NODES:,} values; split the conversation into several")
        if len(path) > bounds.MAX_DEPTH:
            raise NeutralFormError(f"{place(path[:3])}: nested too deeply; flatten it")
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, str):
            self._characters += len(value)
            if self._characters > bounds.MAX_LINE:
                raise NeutralFormError(f"is longer than {bounds.MAX_LINE:,} bytes; split the conversation into several")
            return str.__str__(value)
        if isinstance(value, int):
            return _checked(int(value), path)
        if isinstance(value, date):
            return value.isoformat()
        return self._of_many(value, path)

    def _of_many(self, value: Any, path: _Path) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            named = ((spec.name, getattr(value, spec.name)) for spec in fields(value))
            value = {name: own for name, own in named if own is not None and own != ()}
        if isinstance(value, Mapping):
            for name in value:
                if not isinstance(name, str):
                    raise NeutralFormError(f"{place(path)}: {shown(name)} is not a name; give text")
            return {str(name): self.of(own, (*path, str(name))) for name, own in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
            return [self.of(own, (*path, at)) for at, own in enumerate(value)]
        raise NeutralFormError(f"{place(path)}: must be text, a number, a list or a dict, not a {type(value).__name__}")


def _checked(value: int, path: _Path) -> int:
    """Python writes no number of more than some thousand digits, and says nothing of where it stands."""
    if value.bit_length() > bounds.MAX_BITS:
        raise NeutralFormError(f"{place(path)}: must be a whole number of at most 64 bits; give a longer one as text")
    return value
