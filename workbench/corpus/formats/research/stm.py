"""STM: ``file channel speaker start end [<labels>] text``, one segment per line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.research.marked import are_numbers, first_rows, rows_of, without_marks
from workbench.corpus.formats.roles import known_speaker, sides_of
from workbench.corpus.formats.times import seconds

_LABELS = re.compile(r"<[^<>\s]*(?:,[^<>]*)?>\s*")
_NOT_SPEECH = ("ignore_time_segment_in_scoring", "excluded_region")
_LEAST_SHARE = 0.8
_MIN_PARTS = 5


class Stm:
    """Read STM files, also of several recordings."""

    name = "STM"

    def recognises(self, file: Opened) -> bool:
        """Return whether nearly all lines have their times in fourth and fifth place, and a speaker before."""
        rows = first_rows(file)
        found = [row for row in rows if _is_segment(row)]
        return len(found) > _LEAST_SHARE * len(rows) and bool(rows)

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield a conversation for each recording, and the invalid lines."""
        drafts: dict[str, Draft] = {}
        for line, row in rows_of(file.lines, 5):
            if not _is_segment(row):
                yield FormatProblem(line, "is not a segment; expected: file channel speaker start end text")
                continue
            draft = drafts.setdefault(row[0], Draft([], id=row[0], line=line))
            rest = row[5] if len(row) > 5 else ""
            labels = _LABELS.match(rest)
            text = without_marks(rest[labels.end() :] if labels and not rest.startswith(("<unk>", "<fgn>")) else rest)
            if row[2].lower() == "inter_segment_gap" or text.lower() in _NOT_SPEECH:
                draft.left_out["gap"] += 1
            elif text:
                draft.turns.append(DraftTurn(text, known_speaker(row[2]), seconds(row[3]), seconds(row[4])))
            else:
                draft.left_out["segment without text"] += 1
        for draft in drafts.values():
            draft.sides = sides_of(turn.speaker for turn in draft.turns)
            yield draft


def _is_segment(row: list[str]) -> bool:
    return (len(row) >= _MIN_PARTS and are_numbers(row[3], row[4]) and not are_numbers(row[2])) or _is_numbered(row)


def _is_numbered(row: list[str]) -> bool:
    """Return whether the speaker is a number; the times and text after it distinguish it from a CTM's length."""
    if len(row) < 6 or not are_numbers(row[2], row[3], row[4]):
        return False
    return float(row[4].replace(",", ".")) > float(row[3].replace(",", ".")) and not are_numbers(row[5].split()[0])
