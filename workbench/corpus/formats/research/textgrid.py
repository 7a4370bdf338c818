"""Praat's TextGrids, long and short: interval tiers are speakers, and point tiers are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.opened import Opened, UnreadableFile
from workbench.corpus.formats.research.silence import is_silence
from workbench.corpus.formats.roles import known_speaker, sides_of
from workbench.corpus.formats.times import number, tidy

_MAGIC = re.compile(r'\s*(?:File type = )?"ooTextFile')
_TOKEN = re.compile(r'"(?:[^"]|"")*"|<[a-z]+>|(?<![\w\[.-])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w\]:.])|![^\n]*')
_PARTS = re.compile(
    r"(?P<speaker>.*?)\s*[-_:/. ]+\s*(?P<kind>words?|phones?|phonemes?|segments?|syllables?"
    r"|utterances?|sentences?|text|ort|mau|kan)$",
    re.IGNORECASE,
)
_WORDS_ALONE = re.compile(
    r"(?:words?|phones?|phonemes?|segments?|syllables?|utterances?"
    r"|sentences?|text|transcript(?:ion)?|ort\w*|mau|kan)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Tier:
    """A tier with its intervals: start, end, label."""

    name: str
    intervals: list[tuple[float, float, str]] = field(default_factory=list)

    @property
    def mean_length(self) -> float:
        texts = [text for _, _, text in self.intervals if not is_silence(text)]
        return sum(map(len, texts)) / len(texts) if texts else 0.0


class TextGrid:
    """Read TextGrids; of several tiers for one speaker the one with the longest texts."""

    name = "TextGrid (Praat)"

    def recognises(self, file: Opened) -> bool:
        """Return whether the first line says so."""
        return b"ooTextFile" in file.head[:200].replace(b"\0", b"") or file.head.startswith(b"ooBinaryFile")

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the one conversation of the file, or the reason why it has none."""
        if file.head.startswith(b"ooBinaryFile"):
            yield FormatProblem(None, "is a binary file of Praat; save it with Save as text file")
            return
        draft = Draft([])
        tiers, duration_s = _tiers(file.text, draft)
        draft.duration_s = duration_s
        for speaker, tier in _chosen(tiers).items():
            for start_s, end_s, label in tier.intervals:
                text = " ".join(label.split())
                if is_silence(text):
                    draft.left_out["silence"] += 1
                else:
                    draft.turns.append(DraftTurn(text, known_speaker(speaker), tidy(start_s), tidy(end_s)))
        draft.sides = sides_of(turn.speaker for turn in draft.turns)
        yield (
            draft
            if draft.turns
            else FormatProblem(None, "has no intervals with text; save the TextGrid with its labels")
        )


def _tiers(text: str, draft: Draft) -> tuple[list[Tier], float | None]:
    """Read the values in order, which is the same in the long and the short form.

    Raises:
        UnreadableFile: they end too early.
    """
    values = (found[0] for found in _TOKEN.finditer(text) if not found[0].startswith("!"))
    try:
        _skip_head(values)
        _, duration_s = _number(values), _number(values)
        if next(values) != "<exists>":
            return [], duration_s
        tiers = [tier for _ in range(int(_number(values))) if (tier := _tier(values, draft)) is not None]
    except (StopIteration, ValueError, OverflowError):
        raise UnreadableFile(
            "is a TextGrid that ends too early, or has other values than it says; save it again"
        ) from None
    return tiers, duration_s


def _skip_head(values: Iterator[str]) -> None:
    if "ooTextFile" not in next(values) or "TextGrid" not in next(values):
        raise ValueError("not a TextGrid")


def _tier(values: Iterator[str], draft: Draft) -> Tier | None:
    kind, tier = _label(next(values)), Tier(_label(next(values)))
    _number(values), _number(values)
    for _ in range(int(_number(values))):
        start_s = _number(values)
        if kind == "IntervalTier":
            end_s = _number(values)
            tier.intervals.append((start_s, end_s, _label(next(values))))
        else:
            next(values)
            draft.left_out["point"] += 1
    return tier if kind == "IntervalTier" else None


def _number(values: Iterator[str]) -> float:
    found = number(next(values))
    if found is None:
        raise ValueError("not a number")
    return found


def _label(value: str) -> str:
    if not value.startswith('"'):
        raise ValueError("not a text")
    return value[1:-1].replace('""', '"')


def _chosen(tiers: list[Tier]) -> dict[str, Tier]:
    """Return one tier for each speaker: "Ann - words" and "Ann - phones" are one, and so are tiers without a name."""
    by_speaker: dict[str, list[Tier]] = {}
    for tier in tiers:
        found = _PARTS.fullmatch(tier.name.strip())
        speaker = found["speaker"] if found and found["speaker"] else tier.name.strip()
        by_speaker.setdefault("" if _WORDS_ALONE.fullmatch(speaker) else speaker, []).append(tier)
    return {speaker: max(own, key=lambda one: one.mean_length) for speaker, own in by_speaker.items()}
