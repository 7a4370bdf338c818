"""What the keys of a JSON file contain, if its maker is unknown: proposed, changed and shared by people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.conversations import Side
from workbench.domain.errors import InvalidArgument

UNITS = {"s": 1.0, "ms": 0.001}
"""Units of times, in seconds."""


@dataclass(frozen=True, slots=True)
class JsonMapping:
    """What the keys of a JSON file contain, for files of unknown makers.

    Attributes:
        path: the keys down to the list of turns, such as ``("call", "transcript")``; ``"*"`` is each entry of a list.
        text: the key with what is said; empty if each turn has one key, the speaker's name, with the text.
        speaker: the key with who says it.
        start: the key with when it begins.
        end: the key with when it ends.
        unit: of the times: "s" or "ms"; None if the values contain it.
        conversation: the key with the conversation's id, if one list contains several conversations.
        sides: by speaker, "company" or "customer".
    """

    path: tuple[str, ...] = ()
    text: str = "text"
    speaker: str | None = None
    start: str | None = None
    end: str | None = None
    unit: str | None = None
    conversation: str | None = None
    sides: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"{what} in {key!r}" for what, key in self._keys() if key]
        unit = f"; times in {'milliseconds' if self.unit == 'ms' else 'seconds'}" if self.start and self.unit else ""
        return f"turns at {'.'.join(self.path) or 'the top'}: {', '.join(parts) or 'a key for each speaker'}{unit}"

    def _keys(self) -> list[tuple[str, str | None]]:
        return [("text", self.text), ("speaker", self.speaker), ("start", self.start), ("end", self.end)]


def mapping_of(given: Mapping[str, Any] | JsonMapping) -> JsonMapping:
    """Return a mapping that was given as a dict, such as one from a file that a colleague shares.

    Raises:
        InvalidArgument: a key is unknown or has an invalid value; says which.
    """
    if isinstance(given, JsonMapping):
        return given
    known = JsonMapping.__dataclass_fields__
    for key, value in given.items():
        if key not in known:
            raise InvalidArgument(f"mapping: {key!r} is not one of {', '.join(known)}")
        if key == "path" and not isinstance(value, str | list | tuple):
            raise InvalidArgument("mapping: path must be a list of keys, or keys with dots between")
        if key == "sides" and not isinstance(value, Mapping):
            raise InvalidArgument("mapping: sides must be an object with a side for each speaker")
        if key not in ("path", "sides") and value is not None and not isinstance(value, str):
            raise InvalidArgument(f"mapping: {key} must be text, not {type(value).__name__}")
    path = given.get("path") or ()
    path = tuple(path.split(".")) if isinstance(path, str) else tuple(map(str, path))
    sides = {str(one): str(side) for one, side in (given.get("sides") or {}).items()}
    if unknown := next((side for side in sides.values() if side not in set(Side)), None):
        raise InvalidArgument(f"mapping: the side {unknown!r} must be one of {', '.join(Side)}")
    if given.get("unit") not in (None, *UNITS):
        raise InvalidArgument(f"mapping: unit must be one of {', '.join(UNITS)}, or left out")
    return JsonMapping(**{**given, "path": path, "sides": sides})
