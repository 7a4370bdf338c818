"""Turns of words: an unbroken run of words of one speaker is a turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.corpus.formats.draft import DraftTurn


@dataclass(slots=True)
class TimedWord:
    """A word, or punctuation that belongs to the word before.

    Attributes:
        text: as written.
        speaker: None if unknown.
        start_s: in seconds; None if the file has none.
        end_s: likewise.
        before: what separates it from the word before; empty for punctuation.
    """

    text: str
    speaker: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    before: str = " "


def runs(words: Iterable[TimedWord]) -> list[DraftTurn]:
    """Return one turn for each unbroken run of words by one speaker.

    A turn starts with its first known start, and ends with the largest known end.
    """
    turns: list[DraftTurn] = []
    texts: list[str] = []
    for word in words:
        if not turns or turns[-1].speaker != word.speaker:
            _close(turns, texts)
            turns.append(DraftTurn("", word.speaker, word.start_s, word.end_s))
            texts = [word.text]
            continue
        turn = turns[-1]
        texts += (word.before, word.text)
        if turn.start_s is None:
            turn.start_s = word.start_s
        if word.end_s is not None and (turn.end_s is None or word.end_s > turn.end_s):
            turn.end_s = word.end_s
    _close(turns, texts)
    return [turn for turn in turns if turn.text]


def channel_speaker(channel: object, speaker: object) -> str | None:
    """Return the label of a speaker in a channel: "channel 0", "channel 0 speaker 1", "1", or None."""
    if speaker is None or speaker == "":
        return None if channel is None or channel == "" else f"channel {channel}"
    return str(speaker) if channel is None or channel == "" else f"channel {channel} speaker {speaker}"


def _close(turns: list[DraftTurn], texts: list[str]) -> None:
    if turns:
        turns[-1].text = "".join(texts).strip()
