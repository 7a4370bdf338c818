"""Heads of turns on two lines: one with a name and one with a time, in either order, with the text below."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.corpus.formats.names_in_text import can_be_name, folded, is_role, looks_like_name
from workbench.corpus.formats.plain_text.line_kinds import LineKind, TextLine

_LEAST_HEADS = 2


def with_joined_heads(lines: list[TextLine]) -> list[TextLine]:
    """Return the lines, with adjacent name and time lines joined, if most times have such a name.

    A line counts as a name only if names recur or are roles: a short sentence looks like one, too.
    """
    times = [place for place, line in enumerate(lines) if line.kind is LineKind.TIME]
    if len(times) < _LEAST_HEADS:
        return lines
    for step in (-1, 1):
        named = [place for place in times if _is_head(lines, place, step)]
        names = [folded(lines[place + step].whole) for place in named]
        if len(named) >= _LEAST_HEADS and len(named) * 2 > len(times) and _are_names(names):
            return _joined(lines, named, step)
    return lines


def _is_head(lines: Sequence[TextLine], place: int, step: int) -> bool:
    """Return whether a name is next to this time, and text below both."""
    beside, below = place + step, place + max(step, 0) + 1
    if beside < 0 or below >= len(lines) or lines[beside].kind is not LineKind.TEXT:
        return False
    name = lines[beside]
    begins = step > 0 or name.after_blank or beside == 0
    return (
        begins
        and can_be_name(name.whole)
        and looks_like_name(name.whole)
        and lines[below].kind not in (LineKind.TIME, LineKind.NAME_TIME, LineKind.TIME_NAME)
    )


def _are_names(names: Sequence[str]) -> bool:
    return len(set(names)) < len(names) or all(map(is_role, names))


def _joined(lines: Sequence[TextLine], named: Sequence[int], step: int) -> list[TextLine]:
    beside = {place + step for place in named}
    for place in named:
        line, name = lines[place], lines[place + step]
        line.kind, line.name = LineKind.NAME_TIME, name.whole
        line.after_blank = line.after_blank or name.after_blank
    return [line for place, line in enumerate(lines) if place not in beside]
