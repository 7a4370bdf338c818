"""Replaces parts of a text, and moves spans that refer to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workbench.corpus.redaction.kinds import PLACEHOLDERS
from workbench.domain.conversations import LabelSpan


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """A part of a text, characters ``start`` to ``end`` (exclusive), to be replaced by the placeholder of its kind."""

    start: int
    end: int
    kind: str


def in_order(edits: Iterable[Replacement]) -> list[Replacement]:
    """Return the edits from left to right; if two overlap the earlier wins, or the longer if both start together."""
    out: list[Replacement] = []
    for one in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if one.start < one.end and (not out or one.start >= out[-1].end):
            out.append(one)
    return out


def edited(text: str, edits: Sequence[Replacement]) -> str:
    """Return the text with placeholders in place of the edits, which are sorted."""
    if not edits:
        return text
    parts, last = [], 0
    for one in edits:
        parts += [text[last : one.start], PLACEHOLDERS[one.kind]]
        last = one.end
    return "".join([*parts, text[last:]])


def moved(spans: Sequence[LabelSpan], edits: Sequence[Replacement]) -> tuple[LabelSpan, ...]:
    """Move spans along with the edits; one that begins or ends within a replaced part includes the placeholder."""
    if not edits or not spans:
        return tuple(spans)
    starts = [one.start for one in edits]
    grown = [0]
    for one in edits:
        grown.append(grown[-1] + len(PLACEHOLDERS[one.kind]) - (one.end - one.start))

    def place(offset: int, is_end: bool) -> int:
        at = bisect_right(starts, offset - is_end)
        if at and offset < edits[at - 1].end:
            inside = edits[at - 1]
            new = inside.start + grown[at - 1]
            return new + len(PLACEHOLDERS[inside.kind]) if is_end else new
        return offset + grown[at]

    return tuple(replace(one, start=place(one.start, False), end=place(one.end, True)) for one in spans)
