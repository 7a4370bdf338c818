"""Matches labels to sentences: by id, by call and time, or by text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from workbench.corpus.lake import Lake
from workbench.corpus.views import Outline
from workbench.domain.errors import ConversationNotFound
from workbench.domain.texts import normalise
from workbench.domain.words import fold
from workbench.training.label_rows import AnswerProblem, LabelRow

TextMatch = Literal["only", "all"]
"""Whether a text refers to the only sentence with it, or to all of them."""

MatchedLabel = tuple[LabelRow, list[str]]
"""A label, and the ids of its sentences."""

MAX_ALIKE = 1_000  # sentences to which one text may refer
_TOLERANCE_S = 0.05  # by which a time may precede a sentence's own
_UNKNOWN = "no sentence of the corpus"


class LabelMatching:
    """Finds the sentences of labels in the corpus.

    Args:
        lake: the corpus.
        inside: returns which sentences match the tracker's filters; if several have a text, these are preferred.
        match: whether a text refers to the only sentence with it, or to all.
    """

    def __init__(self, lake: Lake, inside: Callable[[Sequence[str]], Sequence[bool]], match: TextMatch = "only"):
        self._lake = lake
        self._inside = inside
        self._match = match
        self._outlines: dict[str, Outline | None] = {}
        self._saying: dict[str, list[str]] = {}

    def find(self, rows: Sequence[LabelRow]) -> Iterator[MatchedLabel | AnswerProblem]:
        """Yield each label with its sentences, or why there are none."""
        texts = {name: one.text for name, one in self._lake.sentences([row.sentence_id for row in rows], 0).items()}
        known = {name: said_key(text) for name, text in texts.items()}
        left = {said_key(row.text) for row in rows if row.text and not _is_said(row, known)}
        self._saying = self._ids_saying(left)
        for row in rows:
            yield self._found(row, known)

    def _found(self, row: LabelRow, known: dict[str, str]) -> MatchedLabel | AnswerProblem:
        if _is_said(row, known):
            return row, [row.sentence_id]
        if row.call and row.start_s is not None and (at_time := self._at_time(row)) is not None:
            return row, [at_time]
        if not row.text:
            what = f"has the id {row.sentence_id[:80]!r}" if row.sentence_id else f"is said then in {row.call[:80]!r}"
            return AnswerProblem(row.line, "not_found", f"{_UNKNOWN} {what}")
        ids = self._saying.get(said_key(row.text), [])
        if row.call and not row.sentence_id:
            ids = [name for name in ids if name.rsplit(":", 2)[0] == row.call]
        if not ids:
            return AnswerProblem(row.line, "not_found", f"{_UNKNOWN} says {row.text[:80]!r}")
        matching = [name for name, is_inside in zip(ids, self._inside(ids), strict=True) if is_inside] or ids
        if self._match == "all" and len(matching) <= MAX_ALIKE:
            return row, matching
        if len(matching) > 1:
            told = f"{len(matching):,} sentences say {row.text[:80]!r}"
            return AnswerProblem(row.line, "ambiguous", f"{told}; give their ids or times, or take all (match='all')")
        return row, matching

    def _at_time(self, row: LabelRow) -> str | None:
        """Return the sentence spoken at a time; if a text is given, the nearest sentence with it."""
        outline = self._outline(row.call)
        if outline is None or row.start_s is None:
            return None
        timed = [(start, at) for at, start in enumerate(outline.starts) if start is not None]
        place = bisect_right(timed, row.start_s + _TOLERANCE_S, key=lambda one: one[0]) - 1
        if row.text:
            said = [name for name in self._saying.get(said_key(row.text), ()) if name.rsplit(":", 2)[0] == row.call]
            places = [at for name in said if (at := outline.place(name)) is not None]
            starts = {at: outline.starts[at] for at in places}
            near = [(abs(start - row.start_s), at) for at, start in starts.items() if start is not None]
            return self._id_at(outline, min(near)[1]) if near else None
        if place < 0 or (outline.duration_s is not None and row.start_s > outline.duration_s + _TOLERANCE_S):
            return None
        first = next(at for start, at in timed if start == timed[place][0])  # of those that begin at the same time
        return self._id_at(outline, first)

    def _id_at(self, outline: Outline, at: int) -> str:
        return self._lake.lines(outline, at, 1)[0].sentence_id

    def _outline(self, call: str) -> Outline | None:
        if call not in self._outlines:
            try:
                self._outlines[call] = self._lake.outline(call)
            except ConversationNotFound:
                self._outlines[call] = None
        return self._outlines[call]

    def _ids_saying(self, texts: set[str]) -> dict[str, list[str]]:
        """Return the ids of the sentences with these folded texts, in the corpus's order."""
        if not texts:
            return {}
        keys: dict[int, str] = {}
        for batch in self._lake.distinct_texts():
            for key, text in zip(batch["text_key"].to_pylist(), batch["text"].to_pylist(), strict=True):
                if (said := said_key(text)) in texts:
                    keys[key] = said
        out: dict[str, list[str]] = {}
        for row in self._lake.saying(list(keys)).to_pylist():
            out.setdefault(keys[row["text_key"]], []).append(row["id"])
        return out


def said_key(text: str) -> str:
    """Return a text folded for comparison, without case and white space."""
    return fold(normalise(text))


def _is_said(row: LabelRow, known: dict[str, str]) -> bool:
    """Return whether the sentence with the label's id exists, and has the label's text, if given."""
    said = known.get(row.sentence_id)
    return said is not None and (not row.text or said == said_key(row.text))
