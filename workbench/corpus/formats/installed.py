"""Readers from other packages, by the entry point ``workbench.formats``: each is a ``Format``, or a class of one.

They are tried first, and trusted as little as possible: if one raises, there is a warning, or a reason in the report.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from workbench.corpus.formats.base import Format, FormatProblem, FoundConversation
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened, UnreadableFile

GROUP = "workbench.formats"


class InstalledFormat:
    """A reader from another package; its errors are contained."""

    def __init__(self, form: Format):
        self.name = str(form.name)
        self._form = form

    def recognises(self, file: Opened) -> bool:
        """Return whether the reader recognises the file; False if it raises."""
        try:
            return bool(self._form.recognises(file))
        except UnreadableFile:
            raise
        except Exception as error:  # noqa: BLE001, the code is not ours
            warnings.warn(f"The reader {self.name!r} failed on {file.name}: {_told(error)}", stacklevel=2)
            return False

    def read(self, file: Opened) -> Iterator[Draft | FoundConversation | FormatProblem]:
        """Yield what the reader finds, and a reason if it breaks off."""
        try:
            yield from self._form.read(file)
        except UnreadableFile:
            raise
        except Exception as error:  # noqa: BLE001, the code is not ours
            yield FormatProblem(
                None, f"its reader {self.name!r} failed ({_told(error)}); update or remove that package"
            )


@cache
def installed_formats() -> tuple[Format, ...]:
    """Return the readers from installed packages, by name; warns about those that can't be loaded."""
    found = (_loaded(one) for one in sorted(entry_points(group=GROUP), key=lambda one: one.name))
    return tuple(one for one in found if one)


def _loaded(entry: EntryPoint) -> Format | None:
    try:
        form: Any = entry.load()
        form = form() if isinstance(form, type) else form
        if callable(form.recognises) and callable(form.read) and form.name:
            return InstalledFormat(form)
        told = "it lacks name, recognises or read"
    except Exception as error:  # noqa: BLE001, the code is not ours
        told = _told(error)
    warnings.warn(f"The reader {entry.name!r} ({entry.value}) could not be loaded: {told}", stacklevel=2)
    return None


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"
