"""RTTM: who speaks when, without words unless it has LEXEME rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened
from workbench.corpus.formats.research.marked import are_numbers, first_rows, rows_of
from workbench.corpus.formats.roles import known_speaker, sides_of
from workbench.corpus.formats.runs import TimedWord, runs
from workbench.corpus.formats.times import seconds, tidy

_TYPES = frozenset(
    ("SPEAKER", "SPKR-INFO", "LEXEME", "NON-LEX", "NON-SPEECH", "SEGMENT", "NOSCORE", "NO_RT_METADATA", "SU", "FILLER",
     "EDIT", "IP", "CB", "A/P")
)  # fmt: skip
_LEAST_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Speech:
    """A row: its type (SPEAKER, LEXEME), recording, time, speaker, and word."""

    kind: str
    recording: str
    start_s: float
    length_s: float
    speaker: str | None
    word: str = ""


class Rttm:
    """Read RTTM files with words; those without belong to a CTM of the same name."""

    name = "RTTM"

    def recognises(self, file: Opened) -> bool:
        """Return whether nearly all lines are rows of RTTM."""
        rows = first_rows(file)
        return bool(rows) and sum(1 for row in rows if row[0] in _TYPES and len(row) >= 8) > _LEAST_SHARE * len(rows)

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield a conversation for each recording with words, or the reason why there are none."""
        words: dict[str, list[TimedWord]] = {}
        for one in speech_of(file):
            if one.kind == "LEXEME" and one.word:
                word = TimedWord(one.word, one.speaker, one.start_s, tidy(one.start_s + one.length_s))
                words.setdefault(one.recording, []).append(word)
        if not words:
            reason = (
                "says who speaks when, but has no words; import it with the CTM file of its words, of the same name"
            )
            yield FormatProblem(None, reason)
        for recording, said in words.items():
            said.sort(key=lambda one: one.start_s or 0.0)
            draft = Draft(runs(said), id=recording)
            draft.sides = sides_of(turn.speaker for turn in draft.turns)
            yield draft


def speech_of(file: Opened) -> Iterator[Speech]:
    """Yield the rows of a file that have times."""
    for _, row in rows_of(file.lines):
        if len(row) < 8 or row[0] not in ("SPEAKER", "LEXEME") or not are_numbers(row[3], row[4]):
            continue
        start_s, length_s = seconds(row[3]), seconds(row[4])
        if start_s is not None and length_s is not None:
            word = row[5] if row[0] == "LEXEME" and row[5] != "<NA>" else ""
            yield Speech(row[0], row[1], start_s, length_s, known_speaker(row[7]), word)
