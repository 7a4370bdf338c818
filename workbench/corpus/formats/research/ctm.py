"""CTM: ``file channel start length word [confidence [type [speaker]]]``, one word per line.

Speakers come from an RTTM file in the same folder, if there is one.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.research.marked import are_numbers, first_rows, rows_of, without_marks
from workbench.corpus.formats.research.rttm import Speech, speech_of
from workbench.corpus.formats.roles import known_speaker, sides_of
from workbench.corpus.formats.runs import TimedWord, channel_speaker, runs
from workbench.corpus.formats.times import seconds, tidy

_LEAST_SHARE = 0.8
_ALTERNATIVES = ("<alt_begin>", "<alt>", "<alt_end>")
_NOT_WORDS = frozenset(("<na>", "@", "<unk>", "sil", "<sil>", "<eps>"))


@dataclass(slots=True)
class _Recording:
    words: list[tuple[TimedWord, str]] = field(default_factory=list)  # each with its channel
    left_out: Counter[str] = field(default_factory=Counter)
    alternative: int = 0  # 1 within the first of several alternatives, 2 and more within the others


class Ctm:
    """Read CTM files, also of several recordings."""

    name = "CTM"

    def recognises(self, file: Opened) -> bool:
        """Return whether nearly all lines have a start and a length in third and fourth place."""
        rows = [row for row in first_rows(file) if row[0] != "<NA>" and not _is_mark(row)]
        return bool(rows) and sum(1 for row in rows if _is_word(row)) > _LEAST_SHARE * len(rows)

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield a conversation for each recording, and the invalid lines."""
        beside = _beside(file)
        yield from ctm_drafts(file, beside)


def ctm_drafts(file: Opened, speakers: Opened | None) -> Iterator[Draft | FormatProblem]:
    """Yield a conversation for each recording in a CTM file; ``speakers`` is an RTTM file with the speakers."""
    found: dict[str, _Recording] = {}
    for line, row in rows_of(file.lines):
        if row[0] == "<NA>":
            continue  # the header that Gecko writes
        if _is_mark(row):
            _enter_alternative(found.setdefault(row[0], _Recording()), row)
            continue
        if not _is_word(row):
            yield FormatProblem(line, "is not a word; expected: file channel start length word")
            continue
        _add_word(found.setdefault(row[0], _Recording()), row)
    told = _by_recording(speakers) if speakers else {}
    for name, recording in found.items():
        said = sorted(recording.words, key=lambda pair: pair[0].start_s if pair[0].start_s is not None else 0.0)
        if sum(word.speaker is not None for word, _ in said) * 2 <= len(said):
            for word, _ in said:  # a column that most words lack does not contain speakers
                word.speaker = None
        words = [_spoken_by(word, channel, told.get(name)) for word, channel in said]
        draft = Draft(runs(words), id=name, left_out=recording.left_out)
        if speakers:
            draft.notes.append(f"speakers are those of {speakers.name}")
        draft.sides = sides_of(turn.speaker for turn in draft.turns)
        yield draft


def _add_word(recording: _Recording, row: list[str]) -> None:
    text = without_marks(row[4])
    if recording.alternative > 1 or text.lower() in _NOT_WORDS or not text:
        recording.left_out["mark"] += 1
        return
    start_s, length_s = seconds(row[2]), seconds(row[3])
    end_s = None if start_s is None or length_s is None else tidy(start_s + length_s)
    speaker = known_speaker(row[7]) if len(row) > 7 else None
    recording.words.append((TimedWord(text, speaker, start_s, end_s), row[1]))


def _spoken_by(word: TimedWord, channel: str, speech: list[Speech] | None) -> TimedWord:
    """Return a word with its speaker: by the RTTM row at its middle, by its own column, or by its channel."""
    if speech is not None and word.start_s is not None:
        word.speaker = _speaker_at(speech, (word.start_s + (word.end_s or word.start_s)) / 2)
    elif word.speaker is None:
        word.speaker = channel_speaker(channel, None)
    return word


def _speaker_at(speech: list[Speech], middle_s: float) -> str | None:
    after = bisect.bisect_right(speech, middle_s, key=lambda one: one.start_s)
    for one in reversed(speech[max(0, after - 50) : after]):
        if middle_s <= one.start_s + one.length_s:
            return one.speaker
    return None


def _by_recording(file: Opened) -> dict[str, list[Speech]]:
    out: dict[str, list[Speech]] = {}
    for one in speech_of(file):
        if one.kind == "SPEAKER":
            out.setdefault(one.recording, []).append(one)
    for rows in out.values():
        rows.sort(key=lambda one: one.start_s)
    return out


def _is_word(row: list[str]) -> bool:
    if len(row) < 5:
        return False
    return are_numbers(row[2], row[3]) or (row[2] == row[3] == "*")


def _is_mark(row: list[str]) -> bool:
    return any(one.lower() in _ALTERNATIVES for one in row[2:5])


def _enter_alternative(recording: _Recording, row: list[str]) -> None:
    mark = next(one.lower() for one in row[2:5] if one.lower() in _ALTERNATIVES)
    recording.alternative = {"<alt_begin>": 1, "<alt_end>": 0}.get(mark, recording.alternative + 1)


def _beside(file: Opened) -> Opened | None:
    """Return the RTTM file of the same name in the same folder."""
    path: Path = file.path.with_suffix(".rttm")
    try:
        if path == file.path or not path.is_file():
            return None
        other = Opened(path)
        return other if any(speech_of(other)) else None
    except (OSError, UnreadableFile):
        return None
